"""Resources and data sources: their instances, and the value that a reference to them has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from fglint.configuration.decode import Decoder, written_values
from fglint.configuration.expansion import RepeatScope, Repetition, expand
from fglint.configuration.instance import Instance, Lifecycle, Path
from fglint.configuration.locate import Locator
from fglint.configuration.module import Declaration, Placed
from fglint.configuration.walk import references_of
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import is_null, origins_of
from fglint.evaluation.origins import Origin
from fglint.evaluation.references import chain
from fglint.evaluation.scope import Scope
from fglint.evaluation.types import DYNAMIC, Type
from fglint.evaluation.values import (
    Instances,
    Item,
    Null,
    ObjectValue,
    OpenMap,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.provider import computed, policy_document, secrets
from fglint.provider.beginnings import beginning
from fglint.provider.schema import resource_schema
from fglint.source import Range
from fglint.syntax.nodes import Literal as LiteralNode
from fglint.syntax.nodes import TupleCons

if TYPE_CHECKING:
    from fglint.configuration.scopes import ModuleInstance

Mode = Literal["managed", "data"]


class ResourceNode:
    """One resource or data source of a module instance, with all its instances.

    `instances` are those of the plan; `value` is what a reference to the resource gives. An
    instance asked for by key where the number is unknown is made on demand, and is in neither.
    """

    def __init__(
        self, module: ModuleInstance, mode: Mode, type_: str, name: str, declaration: Declaration
    ) -> None:
        self.module = module
        self.mode: Mode = mode
        self.type = type_
        self.name = name
        self.declaration = declaration
        prefix = f"{module.address}." if module.address else ""
        self.address = prefix + declaration.address
        self.schema = resource_schema(mode, type_)
        self.lifecycle = _lifecycle(declaration)
        self.expansion = expand(module.session, declaration, module)
        self._on_demand: dict[int | str, Value] = {}
        self.instances = tuple(map(self._instance, self.expansion.repetitions))

    # ---- the value ----------------------------------------------------------------------------

    @property
    def value(self) -> Value:
        """The instance, a tuple or an object of them, or unknown instances."""
        expansion = self.expansion
        if expansion.unknown is not None:
            template = self._reference_value(self.instances[0])
            content = Instances(self._at, template, bool(expansion.keyed))
            return Unknown(DYNAMIC, expansion.unknown_origins, not_null=True, content=content)
        values = [self._reference_value(instance) for instance in self.instances]
        if expansion.keyed is None:
            return values[0]
        if expansion.keyed:
            keys = [str(one.key) for one in expansion.repetitions]
            return ObjectValue(dict(zip(keys, values, strict=True)))
        return TupleValue(tuple(values))

    def _at(self, key: int | str) -> Value:
        if key not in self._on_demand:
            instance = self._instance(self.expansion.at(key))
            self._on_demand[key] = self._reference_value(instance)
        return self._on_demand[key]

    def _reference_value(self, instance: Instance) -> Value:
        if self.schema is not None:
            return instance.values
        origin = _origin_of(self.mode, instance.address, "schema")
        entries = {name: Item(value) for name, value in instance.values.items.items()}
        content = OpenMap(entries, Unknown(origins=(origin,)))
        return Unknown(DYNAMIC, (origin,), origin, not_null=True, content=content)

    # ---- instances ----------------------------------------------------------------------------

    def _instance(self, repetition: Repetition) -> Instance:
        module = self.module
        address = self.address + repetition.suffix
        each = self.declaration.written.get("for_each")
        scope = RepeatScope(module, repetition, self.expansion.keyed, for_each=each)
        locator = Locator(self.declaration, scope)
        stands_in = module.stands_in
        values = self._values(address, scope, locator)
        return Instance(
            address=address,
            mode=self.mode,
            type=self.type,
            name=self.name,
            key=repetition.key,
            module=module.address,
            values=values,
            maybe=module.maybe or repetition.unknown_key is not None,
            block=self.declaration.block,
            provider=self._provider(),
            lifecycle=self.lifecycle,
            locate=self._located(locator.locate),
            doubts=(*module.doubts, *self.expansion.unknown_origins),
            trail=locator.trail,
            stood_in_for=None if stands_in is None else stands_in.declaration.header,
            written=lambda: written_values(module.session, self.declaration.written, scope),
        )

    def _located(self, locate: Callable[[Path], Range]) -> Callable[[Path], Range]:
        """In a stand-in, what the call's arguments do not write stands at the call."""
        stands_in = self.module.stands_in
        if stands_in is None:
            return locate
        header, inside = (
            stands_in.declaration.header,
            {file.source for file in self.module.written.files},
        )

        def outside(path: Path) -> Range:
            found = locate(path)
            return header if found.source in inside else found

        return outside

    def _values(self, address: str, scope: Scope, locator: Locator) -> ObjectValue:
        session = self.module.session
        written = self.declaration.written
        if self.schema is None:
            values = written_values(session, written, scope)
            secrets.mark_sources(self.mode, self.type, address, values)
            return ObjectValue(values)
        kind: Literal["computed", "data"] = "computed" if self.mode == "managed" else "data"

        # terraform_data says itself that its id is set; what a cloud has made always has one.
        checks = not session.options.plan_only
        made = self.mode == "managed" and checks
        set_ = (".id", ".arn") if made else (".id",) if self.type == "terraform_data" else ()

        def unset(path: str, type_: Type) -> Value:
            found = Unknown.of(Origin(kind, address, path), type_, not_null=path in set_)
            begins = beginning(self.type, path) if checks else ""
            return replace(found, prefix=begins) if begins else found

        decoder = Decoder(session, self.declaration.address, unset, self._left_open(address))
        values = decoder.body(written, self.schema, scope)
        plans = session.options.plan_only or session.options.read is not None
        if plans and self.mode == "data" and self._is_deferred(address, values):
            session.deferred.add(address)
        self._read(address, values, scope)
        secrets.mark_sources(self.mode, self.type, address, values)
        planned = ObjectValue(values)
        locator.values, locator.blocks = planned, decoder.blocks
        return planned

    def _left_open(self, address: str) -> Origin | None:
        """The origin of what a stand-in for a module that is not downloaded does not say."""
        stands_in = self.module.stands_in
        return None if stands_in is None else Origin("module", address, because=stands_in.because)

    def _read(self, address: str, values: dict[str, Value], scope: Scope) -> None:
        """What follows from the arguments alone: policy documents, templates, plan-time values."""
        session = self.module.session
        read = session.options.read
        if self.mode == "data" and read is not None:
            if address not in session.deferred:
                values.update(read(address, self.type, values))
        elif self.mode == "data" and self.type == "aws_iam_policy_document":
            if address not in session.deferred:
                values["json"] = policy_document.render(ObjectValue(values))
        elif self.mode == "data" and self.type == "template_file":
            values["rendered"] = self._rendered(values)
        elif self.type == "terraform_data" and is_null(values["input"]):
            values["output"] = Null()  # this provider is part of Terraform itself
        elif self.mode == "managed" and not session.options.plan_only:
            values.update(computed.plan_computed(self.type, values, address))

    def _is_deferred(self, address: str, values: Mapping[str, Value]) -> bool:
        """Whether Terraform reads a data source only when it applies."""
        if self.declaration.written.get("depends_on") is not None or self.module.waits:
            return True
        if any(found.reference.kind == "managed" for found in references_of(self.declaration)):
            return True  # also where the attribute is known
        assert self.schema is not None
        written = self.declaration.written
        origins = (
            origin
            for name, value in values.items()
            if name in self.schema.blocks or written.get(name) is not None
            for origin in origins_of(value)
        )
        return any(
            origin.address in self.module.session.deferred
            if origin.kind == "data"
            else origin.address != address
            for origin in origins
        )

    def _rendered(self, values: Mapping[str, Value]) -> Value:
        session = self.module.session
        template, given = plain(values["template"]), plain(values["vars"])
        unset = values["rendered"]
        placed = self.declaration.written.get("template")
        if not isinstance(template, str) or placed is None:
            return unset
        names = {} if isinstance(given, Null) else getattr(given, "items", None)
        if names is None:
            return unset
        from fglint.source import SourceFile

        source = SourceFile(placed.source.path, template)
        try:
            return session.context.render(source, dict(names), session.context.depth + 1)
        except EvaluationError as error:
            error.range = None
            return session.failed(error, placed.range)

    def _provider(self) -> str:
        placed = self.declaration.written.get("provider")
        local = self.type.partition("_")[0]
        if placed is not None:
            found = chain(placed.unquoted())
            if found is not None:
                names = [getattr(node, "name", "") for node in found[1]]
                local = ".".join(names)
        return self.module.provider(local)


def _origin_of(mode: Mode, address: str, kind: Literal["schema"]) -> Origin:
    because = f"the schema of {address}'s provider is not known to fglint"
    return Origin(kind, address, because=because)


def _lifecycle(declaration: Declaration) -> Lifecycle:
    for block in declaration.written.blocks_of("lifecycle"):
        attributes = block.body.attributes
        ignored: frozenset[str] = frozenset()
        if "ignore_changes" in attributes:
            node = attributes["ignore_changes"].expression
            placed = Placed(node, block.body.source)
            items = node.items if isinstance(node, TupleCons) else (placed.unquoted(),)
            names: list[str] = []
            for item in items:
                found = chain(Placed(item, block.body.source).unquoted())
                if found is not None:
                    names.append("*" if found[0] == "all" else found[0])
            ignored = frozenset(names)

        def flag(name: str, attributes: Mapping[str, object] = attributes) -> bool:
            node = getattr(attributes.get(name), "expression", None)
            return isinstance(node, LiteralNode) and node.value in (True, "true")

        return Lifecycle(flag("create_before_destroy"), flag("prevent_destroy"), ignored)
    return Lifecycle()
