"""What a finding shows beside its message: where it is, what decided, and what else matters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fglint.configuration.loader import Configuration
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import marks_deep
from fglint.evaluation.marks import SecretOrigin
from fglint.evaluation.origins import Origin
from fglint.evaluation.references import Reference, chain, references
from fglint.evaluation.types import BOOL
from fglint.evaluation.values import Capsule, ListValue, TupleValue, Unknown, Value, plain
from fglint.finding import Finding, Related
from fglint.model.entity import Entity
from fglint.policy.rule import Assert
from fglint.policy.scope import RuleContext, SubjectScope
from fglint.policy.wording import shown
from fglint.records import dataclass
from fglint.source import Range
from fglint.syntax.nodes import Expression, GetAttr, Index, Splat, Variable

MAXIMUM_VALUES = 6
_NAMES = frozenset({"name", "address", "family"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """The place of a finding and what was read to decide it."""

    range: Range
    address: str
    values: tuple[tuple[str, str], ...]
    entities: tuple[Entity, ...]
    sources: tuple[SecretOrigin, ...] = ()
    holders: tuple[tuple[str, Range], ...] = ()  # resources that secrets come from, by address

    def related(self, origins: tuple[Origin, ...]) -> tuple[Related, ...]:
        """The entities that the condition reads, and where unknowns and secrets come from."""
        found: dict[tuple[str, int], Related] = {}
        for entity in self.entities:
            place = entity.place()
            if place is not None and place != self.range:
                related = Related(f"{entity} is here", place, entity.address)
                found.setdefault((place.path, place.start), related)
        for origin in origins:
            if origin.range is not None and origin.range != self.range:
                declared = "is declared" if origin.kind == "variable" else "is"
                related = Related(f"{origin} {declared} here", origin.range)
                found.setdefault((origin.range.path, origin.range.start), related)
        for source in self.sources:
            if source.range is not None and source.range != self.range:
                related = Related(f"{source.source} is declared here", source.range)
                found.setdefault((source.range.path, source.range.start), related)
        for address, place in self.holders:
            related = Related(f"{address} is here", place, address)
            found.setdefault((place.path, place.start), related)
        return tuple(found.values())


def surfaced(finding: Finding, configuration: Configuration) -> Finding:
    """The finding as the user sees it: at the call of a module whose source is not the user's.

    The place in a downloaded module becomes a related one.
    """
    place = configuration.surface(finding.address, finding.range)
    address = configuration.shown(finding.address)
    if place is finding.range and address == finding.address:
        return finding
    related = finding.related
    if place is not finding.range:
        related = (Related("it is written here", finding.range), *related)
    return replace(finding, range=place, address=address, related=related)


def gather(statement: Assert, scope: SubjectScope) -> Evidence:
    """The evidence for one assert of one subject or element."""
    subject = scope.subject
    nodes = (statement.condition.node, statement.error_message.node)
    read = list(_traversals(nodes))
    entities: dict[int, Entity] = {}
    for node in read:
        for entity in entities_on(node, scope):
            if entity is not subject and not _same_resource(entity, subject):
                entities.setdefault(id(entity), entity)
    sources = tuple(_sources(statement, scope))
    return Evidence(
        _place(statement, scope),
        subject.address or _address_at(statement, scope),
        tuple(_values(statement.condition.node, scope)),
        tuple(entities.values()),
        sources,
        tuple(_holders(sources, scope)),
    )


def _holders(sources: tuple[SecretOrigin, ...], scope: SubjectScope) -> Iterator[tuple[str, Range]]:
    """The resources that secrets come from; variables are declared, and have a range."""
    context = scope.context
    deployment = context.deployment if isinstance(context, RuleContext) else None
    for source in sources:
        instance = None
        if deployment is not None and source.range is None:
            instance = deployment.links.at(source.source.rpartition(".")[0])
        if instance is not None:
            yield instance.address, instance.header


def _sources(statement: Assert, scope: SubjectScope) -> Iterator[SecretOrigin]:
    """Where the secret in what `at` names comes from."""
    value = None if statement.at is None else _attempt(statement.at.node, scope)
    marks = frozenset() if value is None else marks_deep(value)
    found = [each for each in marks if isinstance(each, SecretOrigin)]
    yield from sorted(found, key=lambda each: each.source)


def _same_resource(one: Entity, other: Entity) -> bool:
    return one.address == other.address


def _place(statement: Assert, scope: SubjectScope) -> Range:
    """The range of the attribute that `at` names; else that of the entity it is read from."""
    found: Range | None = None
    if statement.at is not None:
        found = range_of(statement.at.node, scope)
    found = found or scope.subject.place()
    assert found is not None
    return found


def _address_at(statement: Assert, scope: SubjectScope) -> str:
    """The address of the element that `at` names: the root module has none of its own."""
    for entity in () if statement.at is None else entities_on(statement.at.node, scope):
        return entity.address
    return ""


def range_of(node: Expression, scope: SubjectScope) -> Range | None:
    """Where the attribute or entity that a traversal names is written."""
    value = _attempt(node, scope)
    if isinstance(node, GetAttr) and not _is_each(node):
        container = _attempt(node.object, scope)
        bare = None if container is None else plain(container)
        if isinstance(bare, Entity):
            return bare.read(node.name).range or bare.place()
        return range_of(node.object, scope)
    bare = None if value is None else plain(value)
    return bare.place() if isinstance(bare, Entity) else None


def places_read(statement: Assert, scope: SubjectScope) -> Iterator[Range]:
    """Where the attributes are written that the condition and the message of an assert read.

    Names are left out: a message reads them to say what it is about.
    """
    for node in _traversals((statement.condition.node, statement.error_message.node)):
        is_fact = isinstance(node, GetAttr) and node.name not in _NAMES
        found = range_of(node, scope) if is_fact else None
        if found is not None:
            yield found


def _is_each(node: GetAttr) -> bool:
    return isinstance(node.object, Variable) and node.object.name == "each"


def _traversals(nodes: tuple[Expression, ...]) -> Iterator[Expression]:
    """The whole traversals in expressions, each text once."""
    seen: set[tuple[str | int | None, ...]] = set()
    for node in nodes:
        for reference in references(node):
            key = (reference.kind, *reference.names, *reference.steps)
            if key not in seen:
                seen.add(key)
                yield reference.node


def entities_on(node: Expression, scope: SubjectScope) -> Iterator[Entity]:
    """The entities that a traversal passes or ends at, all those of a list that it spreads."""
    current: Expression | None = node
    while current is not None:
        value = _attempt(current, scope)
        bare = None if value is None else plain(value)
        if isinstance(bare, Entity):
            yield bare
        match current:
            case GetAttr(object=inner) | Index(collection=inner):
                current = inner
            case Splat(source=inner):
                yield from _elements(inner, scope)
                current = inner
            case _:
                current = None


def _elements(node: Expression, scope: SubjectScope) -> Iterator[Entity]:
    value = _attempt(node, scope)
    bare = None if value is None else plain(value)
    for item in bare.items if isinstance(bare, (TupleValue, ListValue)) else ():
        if isinstance(element := plain(item), Entity):
            yield element


def _values(condition: Expression, scope: SubjectScope) -> Iterator[tuple[str, str]]:
    """The references in a condition, as written, and what they are; at most six."""
    count = 0
    seen: set[str] = set()
    for reference in references(condition):
        written = _written(reference, scope)
        if written is None or written in seen or count >= MAXIMUM_VALUES:
            continue
        value = _attempt(reference.node, scope)
        if value is None or _says_nothing(value):
            continue
        seen.add(written)
        count += 1
        yield written, shown(value)


def _written(reference: Reference, scope: SubjectScope) -> str | None:
    if chain(reference.node) is None:
        return None
    node = reference.node
    return " ".join(scope.rule.source.text[node.start : node.end].split())


def _says_nothing(value: Value) -> bool:
    """Whether it is an entity or a list of them, or a truth not known, which decided nothing."""
    bare = plain(value)
    if isinstance(bare, Unknown) and bare.type == BOOL:
        return True
    if isinstance(bare, (TupleValue, ListValue)):
        return any(isinstance(plain(item), Capsule) for item in bare.items)
    return isinstance(bare, Capsule) or (isinstance(bare, Unknown) and not bare.origins)


def _attempt(node: Expression, scope: SubjectScope) -> Value | None:
    """The value of a part of an expression; None where it has none in this scope."""
    try:
        return scope.rule.compiler.evaluate(node, scope)
    except (EvaluationError, KeyError):
        return None
