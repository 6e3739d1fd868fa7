"""Policy documents as subjects: those of roles that ECS, its deployments and schedulers use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null, origins_of
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType, Primitive
from fglint.evaluation.values import (
    Encoded,
    ListValue,
    ObjectValue,
    Parts,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.model.attachments import attachments, copied_policy
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.listing import listing
from fglint.model.logic import Tri
from fglint.model.policy import Document, read_document
from fglint.model.policy_grammar import mistakes, unlikely
from fglint.model.problem import Mistake, Problem
from fglint.model.reading import Node, root
from fglint.model.role import Role
from fglint.source import Range

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fglint.model.deployment import Deployment

# Characters without white space. Source: "IAM and AWS STS quotas".
_MANAGED, _INLINE, _TRUST = 6144, 10240, 2048
_REFERENCE = 256  # the most that a reference in a text is taken to stand for
_SPACE = re.compile(r"\s+")


class Policy(Entity):
    """One policy document: a role's trust policy, one written into a role, or a managed one."""

    kind = "policy"

    def __init__(self, holder: Instance, node: Node, *, trust: bool, limit: int) -> None:
        super().__init__(holder.address, holder.header, maybe=holder.maybe)
        self.holder = holder
        self.node = node
        self.is_trust = trust
        self.limit_value = limit
        self.roles_using: list[Role] = []
        self.document_read: Document
        self.beside: list[Node] = []  # the role's other inline policies, which count with it
        self.subject = "trust policy" if trust else ""

    def place(self) -> Range | None:
        """Where the document is written."""
        return self.node.place()

    @attribute(STRING)
    def document(self) -> Attribute:
        """The document as JSON text."""
        return self.node.attribute(STRING)

    @attribute(BOOL)
    def trust(self) -> Attribute:
        """Whether it says who may assume a role, and not what a role may do."""
        return Attribute(self.is_trust, self.place)

    @attribute(ListType(STRING))
    def purposes(self) -> Attribute:
        """What its roles are for: `execution`, `task`, `infrastructure` …."""
        found = dict.fromkeys(
            use.purpose_text for role in self.roles_using for use in role.use_list
        )
        return Attribute(TupleValue(tuple(found)), self.place)

    @attribute(ListType(EntityType("role")))
    def roles(self) -> Attribute:
        """The roles that have it."""
        return Attribute(TupleValue(tuple(self.roles_using)), self.place)

    @attribute(ListType(EntityType("statement")))
    def statements(self) -> Attribute:
        """Its statements."""
        found = [(each, each.present) for each in self.document_read.statements]
        return Attribute(listing(found, self.document_read.doubts), self.place)

    @attribute(ListType(EntityType("problem")))
    def mistakes(self) -> Attribute:
        """What IAM refuses in it."""
        return self._problems(mistakes(self.document_read, trust=self.is_trust))

    @attribute(ListType(EntityType("problem")))
    def misspellings(self) -> Attribute:
        """What IAM accepts in it and never matches."""
        return self._problems(unlikely(self.document_read))

    def _problems(self, found: Iterable[Mistake]) -> Attribute:
        problems: list[tuple[Entity, Tri]] = [(Problem(self, each), True) for each in found]
        return Attribute(listing(problems, self.document_read.doubts), self.place)

    @attribute(NUMBER)
    def size(self) -> Attribute:
        """Its characters without white space; for a role's inline policies, those of all.

        A reference in a text is taken to stand for at most 256 characters.
        """
        nodes = [self.node, *self.beside]
        bounds = [_length(node.value) for node in nodes]
        least = sum(low for low, _ in bounds)
        origins = [origin for node in nodes for origin in origins_of(node.value)]
        if not origins:
            return Attribute(least, self.place)
        most = None if any(high is None for _, high in bounds) else sum(h or 0 for _, h in bounds)
        kept = tuple(dict.fromkeys(origins))
        value = Unknown(NUMBER, kept, not_null=True, minimum=least, maximum=most)
        return Attribute(value, self.place)

    @attribute(NUMBER)
    def limit(self) -> Attribute:
        """The most characters that IAM takes."""
        return Attribute(self.limit_value, self.place)


_Bounds = tuple[int, int | None]  # at least, at most


def _length(value: Value) -> _Bounds:
    """How many characters that are no white space a document has."""
    bare = plain(value)
    if isinstance(bare, str):
        length = len(_SPACE.sub("", bare))
        return length, length
    if isinstance(bare, Unknown):
        match bare.content:
            case Parts(parts):
                return _sum(0, map(_text, parts))
            case Encoded(inner):
                return _encoded(inner)
    return 0, None


def _text(value: Value) -> _Bounds:
    """How many characters a piece of a text has."""
    bare = plain(value)
    if isinstance(bare, Unknown) and bare.content is None:
        return 0, _REFERENCE
    return _length(bare)


def _encoded(value: Value) -> _Bounds:
    """How many characters a value has as JSON text."""
    match plain(value):
        case str() as text:
            length = len(_SPACE.sub("", text)) + 2
            return length, length
        case ObjectValue(entries):
            own = 1 + sum(len(key) + 4 for key in entries)
            return _sum(max(own, 2), map(_encoded, entries.values()))
        case TupleValue(items) | ListValue(items, _) | SetValue(items, _):
            return _sum(max(1 + len(items), 2), map(_encoded, items))
        case Unknown(type=Primitive(), content=Parts(parts)):
            return _sum(2, map(_text, parts))
        case Unknown(type=Primitive()):
            return 2, _REFERENCE
        case Unknown():
            return 0, None
        case other:
            length = len(str(other))
            return length, length


def _sum(own: int, parts: Iterable[_Bounds]) -> _Bounds:
    low, high = own, own
    known = True
    for least, most in parts:
        low += least
        known = known and most is not None
        high += most or 0
    return low, high if known else None


# ---- all of them ------------------------------------------------------------------------------


def policies_of(deployment: Deployment, roles: Iterable[Role]) -> list[Policy]:
    """The policy documents of roles, each once, by address."""
    found: dict[tuple[str, object], Policy] = {}

    def add(role: Role, holder: Instance, node: Node, *, trust: bool, limit: int) -> Policy | None:
        if is_null(node.value):
            return None
        key = (holder.address, node.path)
        policy = found.get(key)
        if policy is None:
            policy = found[key] = Policy(holder, node, trust=trust, limit=limit)
            policy.document_read = read_document(deployment.texts, node)
        policy.roles_using.append(role)
        return policy

    for role in roles:
        if role.instance is not None and role.node is not None:
            node = role.node.get("assume_role_policy")
            add(role, role.instance, node, trust=True, limit=_TRUST)
        inline: list[Policy] = []
        for each in attachments(role):
            if each.present is not True:
                continue
            if each.is_document:
                if copied_policy(deployment, each.node) is not None:
                    continue  # what AWS wrote is not the configuration's
                policy = add(role, each.holder, each.node, trust=False, limit=_INLINE)
                if policy is not None:
                    inline.append(policy)
                continue
            instance = deployment.links.find(each.node.value, "managed_policy").instance
            if instance is not None and instance.mode == "managed":
                node = root(instance).get("policy")
                add(role, instance, node, trust=False, limit=_MANAGED)
        for policy in inline:
            policy.beside = [other.node for other in inline if other is not policy]
    return sorted(found.values(), key=lambda policy: (policy.address, policy.subject))
