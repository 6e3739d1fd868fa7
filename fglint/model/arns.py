"""Texts that name AWS objects, ARNs above all, as symbols that IAM's patterns are matched with.

The same ARN is written in many ways: by reference, as a literal, put together from the account,
the region and a name. Each value becomes two forms of one text: one with references as they are,
one in which each reference is replaced by what its ARN is known to look like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Literal

from fglint.configuration.instance import Instance
from fglint.configuration.module import Written
from fglint.evaluation.convert import convert
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import is_null
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import STRING
from fglint.evaluation.values import Null, Parts, Union, Unknown, Value, children, plain
from fglint.model.literals import PARTITION, literal, renormalised
from fglint.model.patterns import HOLE, RANDOM, Atom, Hole, Own, Text, Variants
from fglint.model.reading import known_text, root
from fglint.provider.arns import MANAGED_SECRETS, SECRET_ARN, SHAPES, Shape

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

_FIELD = re.compile(r"\{(\w+)(/?)\}|(\?)|(~)|([^{?~]+)")
_MAXIMUM = 8  # texts that one value may be
_DEEP = 8  # references that name by way of others

_ACCOUNT = {"account_id", "id"}
_REGION = {"name", "id", "region"}


class Texts:
    """Reads values as texts, with what a configuration says of accounts and regions."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self._accounts: dict[str, Value | None] = {}
        self._regions: dict[str, Value | None] = {}

    def of(self, value: Value, depth: int = 0) -> Variants:
        """The texts that a value may be."""
        bare = plain(value)
        if isinstance(bare, str):
            text = literal(bare)
            return ((text, text),)
        if not isinstance(bare, Unknown):
            return self._converted(bare)
        if isinstance(bare.content, Union):
            leaves = [self.of(leaf, depth) for leaf in bare.content.leaves if not _is_null(leaf)]
            return _capped([variant for leaf in leaves for variant in leaf], bare)
        if isinstance(bare.content, Parts):
            return self._joined([self.of(part, depth) for part in bare.content.parts], bare)
        text = (*literal(bare.prefix), Hole(bare.origins))
        if bare.ref is not None and depth < _DEEP:
            found = self._denoted(bare.ref, depth)
            # Of an ARN whose form is not known here, its beginning is.
            return found if not bare.prefix or len(found[0][-1]) > 1 else ((found[0][0], text),)
        return ((text, text),)

    def _converted(self, value: Value) -> Variants:
        try:
            text = plain(convert(value, STRING))
        except EvaluationError:
            text = None
        found: Text = tuple(text) if isinstance(text, str) else (HOLE,)
        return ((found, found),)

    def _joined(self, parts: list[Variants], whole: Unknown) -> Variants:
        found: list[tuple[Text, ...]] = []
        for chosen in product(*parts):
            forms = [tuple(s for part in chosen for s in part[form]) for form in (0, -1)]
            found.append(tuple(map(renormalised, forms)))
            if len(found) > _MAXIMUM:
                break
        return _capped(found, whole)

    # ---- references ---------------------------------------------------------------------------

    def _denoted(self, origin: Origin, depth: int) -> Variants:
        if not origin.is_one:
            hole: Text = (Hole((origin,)),)
            return ((hole, hole),)
        instance = self.deployment.links.at(origin.address)
        if instance is not None:
            found = self._attribute(instance, origin, depth)
            if found is not None:
                return found
        atom: Text = (Atom(origin),)
        return ((atom, atom),)

    def _attribute(self, instance: Instance, origin: Origin, depth: int) -> Variants | None:
        attribute = origin.path.removeprefix(".")
        if instance.mode == "data":
            found = self._context(instance, attribute, depth)
            if found is not None:
                return found
        managed = MANAGED_SECRETS.get(instance.type)
        if managed is not None and managed[0] == origin.path:
            names: list[Variants] = [((literal(managed[1]), (*managed[1], HOLE)),)]
            expanded = self._expanded(SECRET_ARN, lambda _: names[0], instance, depth)
            return tuple(((Atom(origin),), forms[-1]) for forms in expanded)
        if instance.type == "aws_kms_alias" and attribute == "target_key_arn":
            return self._target_key(instance, origin, depth)
        target = self._alias(instance, attribute)
        if target is not None and attribute.endswith("arn") and _is_name(target):
            expanded = self._expanded(SECRET_ARN, lambda _: self.of(target), instance, depth)
            return tuple(((Atom(origin),), forms[-1]) for forms in expanded)
        if target is not None:
            return self.of(target, depth + 1)
        shape = SHAPES.get(instance.type)
        if shape is None:
            return None
        if attribute in shape.arns:
            return self.arn(instance, depth, origin.address)
        if attribute in shape.names or (attribute == "repository_url" and shape.name == "name"):
            return self._named(instance, shape, attribute, origin, depth)
        return None

    def _named(
        self, instance: Instance, shape: Shape, attribute: str, origin: Origin, depth: int
    ) -> Variants:
        if attribute == "repository_url":
            template = "{account}.dkr.ecr.{region}.amazonaws.com/{name}"
            expanded = self._expanded(
                template, lambda name: self._argument(instance, name, depth), instance, depth
            )
        else:
            expanded = self._argument(instance, shape.name, depth)
        kept = shape.name if attribute in shape.names else attribute
        canonical = Origin(origin.kind, origin.address, f".{kept}")
        return tuple(((Atom(canonical),), forms[-1]) for forms in expanded)

    def _alias(self, instance: Instance, attribute: str) -> Value | None:
        """The value that an attribute repeats."""
        match instance.type, attribute:
            case "aws_secretsmanager_secret_version", "arn" | "secret_arn" | "secret_id":
                return instance.get("secret_id")
            case "aws_service_principal", "name" | "id":
                service = known_text(instance.get("service_name") or "")
                return f"{service}.amazonaws.com" if service else None
            case _:
                return None

    def _target_key(self, instance: Instance, origin: Origin, depth: int) -> Variants:
        """The ARN of the key that an alias stands for."""
        found = self.deployment.links.find(root(instance).get("target_key_id").value, "key")
        if found.instance is not None and found.instance.type != "aws_kms_alias":
            return self.arn(found.instance, depth)
        shape = SHAPES["aws_kms_key"].template
        expanded = self._expanded(shape, lambda _: self.somewhere, instance, depth)
        return tuple(((Atom(origin),), forms[-1]) for forms in expanded)

    def _context(self, instance: Instance, attribute: str, depth: int) -> Variants | None:
        """What the data sources of account, region and partition give."""
        match instance.type:
            case "aws_caller_identity" if attribute in _ACCOUNT:
                return self.account(instance, depth)
            case "aws_region" if attribute in _REGION:
                return self.region(instance, depth)
            case "aws_partition" if attribute in ("partition", "id"):
                partition: Text = (*"aws", PARTITION)
                return ((partition, partition),)
            case "aws_partition" if attribute == "dns_suffix":
                return self.of("amazonaws.com")
            case _:
                return None

    # ---- ARNs ---------------------------------------------------------------------------------

    def arn(self, instance: Instance, depth: int = 0, address: str = "") -> Variants:
        """The ARN of a resource or data source.

        `address` is that of one instance where the resource stands for an unknown number of them.
        """
        shape = SHAPES[instance.type]
        own = Origin(_kind(instance), address or instance.address, ".arn")
        kind = ""
        if instance.mode == "managed" and not instance.maybe and shape.class_:
            kind = f"{shape.class_} {instance.provider}"
        abstract: Text = (Atom(own, kind, shape.prefixes),)
        expanded = self._expanded(
            shape.template, lambda name: self._argument(instance, name, depth), instance, depth
        )
        return tuple((abstract, forms[-1]) for forms in expanded)

    def name(self, instance: Instance) -> Variants:
        """The name of a resource or data source."""
        shape = SHAPES[instance.type]
        attribute = shape.names[0] if shape.names else "name"
        return self.of(Unknown.of(Origin(_kind(instance), instance.address, f".{attribute}")))

    def made(self, template: str, name: Value, like: Instance) -> Variants:
        """The ARN of something that has no resource, in the account and region of another one."""
        named = self.of(name)
        expanded = self._expanded(template, lambda _: named, like, 0)
        return tuple((forms[0], forms[-1]) for forms in expanded)

    def _expanded(
        self, template: str, argument: Callable[[str], Variants], instance: Instance, depth: int
    ) -> Variants:
        parts: list[Variants] = []
        for match in _FIELD.finditer(template):
            field, slash, random, chosen, text = match.groups()
            if text is not None:
                parts.append((((*text,), (*text,)),))
            elif random is not None:
                parts.append((((RANDOM,), (RANDOM,)),))
            elif chosen is not None:
                parts.append((((HOLE,), (HOLE,)),))
            elif field == "partition":
                parts.append((((*"aws", PARTITION), (*"aws", PARTITION)),))
            elif field == "region":
                parts.append(self.region(instance, depth))
            elif field == "account":
                parts.append(self.account(instance, depth))
            else:
                found = argument(field)
                parts.append(_without_slash(found) if slash else found)
        return self._joined(parts, Unknown())

    def _argument(self, instance: Instance, name: str, depth: int) -> Variants:
        node = root(instance)
        value = node.get(name).value
        if is_null(value) and name == "path":
            return self.of("/")
        if is_null(value):
            prefix = known_text(node.get(f"{name}_prefix").value) or ""
            origin = Origin("computed", instance.address, f".{name}")
            text = (*literal(prefix), Hole((origin,)))
            return ((text, text),)
        bare = plain(value)
        if isinstance(bare, Unknown) and bare.ref is not None:
            if bare.ref.address == instance.address:
                hole: Text = (Hole((bare.ref,)),)
                return ((hole, hole),)
            return self.of(value, depth + 1)
        return self.of(value, depth + 1)

    # ---- accounts and regions -----------------------------------------------------------------

    def region(self, instance: Instance, depth: int = 0) -> Variants:
        """The region that a resource lies in."""
        own = root(instance).get("region").value
        if instance.type != "aws_region" and not is_null(own):
            return self.of(own, depth + 1)
        provider = instance.provider
        if provider not in self._regions:
            self._regions[provider] = self._provider_argument(provider, "region")
        value = self._regions[provider]
        if value is not None and not is_null(value):
            return self.of(value, depth + 1)
        because = f"the region of {_named_provider(provider)} is not set in the configuration"
        text: Text = (Own("region", provider, because),)
        return ((text, text),)

    def account(self, instance: Instance, depth: int = 0) -> Variants:
        """The account that a resource lies in."""
        provider = instance.provider
        if provider not in self._accounts:
            self._accounts[provider] = self._account(provider)
        value = self._accounts[provider]
        if value is not None and not is_null(value):
            return self.of(value, depth + 1)
        because = f"the account of {_named_provider(provider)} is not in the configuration"
        text: Text = (Own("account", provider, because),)
        return ((text, text),)

    def _account(self, provider: str) -> Value | None:
        """The account that a provider is bound to: it may use no other, or assumes a role there."""
        allowed = self._provider_argument(provider, "allowed_account_ids")
        if allowed is not None and len(found := list(children(allowed))) == 1:
            return found[0]
        declaration = self.deployment.configuration.root.written.providers.get(provider)
        for block in declaration.written.blocks_of("assume_role") if declaration else ():
            placed = Written((block.body,)).get("role_arn")
            if placed is not None:
                configuration = self.deployment.configuration
                text = known_text(configuration.session.attempt(placed, configuration.root))
                fields = (text or "").split(":")
                if len(fields) > 5 and fields[4].isdigit():
                    return fields[4]
        return None

    def _provider_argument(self, provider: str, name: str) -> Value | None:
        configuration = self.deployment.configuration
        declaration = configuration.root.written.providers.get(provider)
        placed = None if declaration is None else declaration.written.get(name)
        return None if placed is None else configuration.session.attempt(placed, configuration.root)

    @cached_property
    def somewhere(self) -> Variants:
        """Text of which nothing is known."""
        return (((HOLE,), (HOLE,)),)


def arn_value(instance: Instance, attribute: str = "arn") -> Unknown:
    """The ARN of a resource as a value."""
    origin = Origin(_kind(instance), instance.address, f".{attribute}")
    return Unknown.of(origin, STRING, not_null=True)


def _kind(instance: Instance) -> Literal["data", "computed"]:
    return "data" if instance.mode == "data" else "computed"


def _is_name(value: Value) -> bool:
    """Whether a secret_id is the name of a secret, and not its ARN."""
    bare = plain(value)
    first: Value = bare
    if isinstance(bare, Unknown):
        first = plain(bare.content.parts[0]) if isinstance(bare.content, Parts) else bare.prefix
    return isinstance(first, str) and first != "" and not first.startswith("arn:")


def _without_slash(variants: Variants) -> Variants:
    return tuple(
        tuple(text[1:] if text[:1] == ("/",) else text for text in forms) for forms in variants
    )


def _capped(found: Iterable[tuple[Text, ...]], whole: Unknown) -> Variants:
    kept = tuple(dict.fromkeys(found))
    if 0 < len(kept) <= _MAXIMUM:
        return kept
    hole: Text = (Hole(whole.origins),)
    return ((hole, hole),)


def _is_null(value: Value) -> bool:
    return isinstance(plain(value), Null)


def _named_provider(provider: str) -> str:
    return f'provider "{provider}"'
