"""Where a value comes from, reference by reference, down to what is written or is not known."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.configuration.expansion import RepeatScope
from fglint.configuration.instance import Path
from fglint.configuration.module import Placed, Written
from fglint.configuration.place import Place, key_of, target_of, value_of
from fglint.configuration.resources import Mode
from fglint.configuration.scopes import ModuleInstance
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import marks_deep
from fglint.evaluation.references import Reference, references
from fglint.evaluation.values import Value
from fglint.records import dataclass
from fglint.source import Range
from fglint.syntax.nodes import (
    Conditional,
    Expression,
    ObjectCons,
    Parentheses,
    Template,
    TupleCons,
)

MAXIMUM_STEPS = 60
MAXIMUM_DEPTH = 12
_SHOWN = 60  # characters of an expression


@dataclass(frozen=True, slots=True)
class Step:
    """One reference: its `name` from the root on, what it `is`, and where that is written.

    `depth` tells how many references lead to it. Without `at` it stands in no file.
    """

    depth: int
    name: str
    is_: str
    at: Range | None


def way(placed: Placed, scope: ModuleInstance) -> Iterator[Step]:
    """What the references of an expression refer to, what those refer to, and so on, each once."""
    yield from _Way().steps(Place(placed, scope), 0)


class _Way:
    def __init__(self) -> None:
        self.seen: set[str] = set()

    def steps(self, place: Place, depth: int) -> Iterator[Step]:
        for reference in _references(place):
            name = _name(place, reference)
            if name in self.seen or len(self.seen) >= MAXIMUM_STEPS or depth >= MAXIMUM_DEPTH:
                continue
            hop = _hop(place, reference)
            if hop is None:
                continue
            self.seen.add(name)
            is_, at, target = hop
            yield Step(depth, name, is_, at)
            if target is not None:
                yield from self.steps(target, depth + 1)


_Hop = tuple[str, Range | None, Place | None]


def _references(place: Place) -> Iterator[Reference]:
    """The references that the value comes from: not those of the branch that is not chosen."""
    node = place.placed.node
    while isinstance(node, Parentheses):
        node = node.expression
    if isinstance(node, Conditional):
        chosen = value_of(place.at(node.condition))
        if chosen is True or chosen is False:
            yield from references(node.condition)
            yield from _references(place.at(node.then if chosen else node.otherwise))
            return
    yield from references(node)


def _name(place: Place, reference: Reference) -> str:
    """The reference as written; in a module, from the root on."""
    source, node = place.placed.source, reference.node
    written = _shortened(source.text[node.start : node.end])
    module = place.module_address
    return f"{module}.{written}" if module and reference.kind != "each" else written


def _hop(place: Place, reference: Reference) -> _Hop | None:
    module = place.scope
    while not isinstance(module, ModuleInstance):
        outer = getattr(module, "outer", None)
        if outer is None:
            return None
        module = outer
    path = _path(reference)
    match reference.kind:
        case "var" if reference.names[0] in module.written.variables:
            return _variable(module, reference.names[0], path)
        case "data" if reference.names[0] == "template_file" and path == ("rendered",):
            target = target_of(place, reference, path)
            return None if target is None else _told(*target)
        case "managed" | "data":
            return _attribute(module, reference, path)
        case "each" if isinstance(place.scope, RepeatScope) and place.scope.for_each is not None:
            return _told(Place(place.scope.for_each, module), ())
        case "local" | "module":
            target = target_of(place, reference, path)
            return None if target is None else _told(*target)
        case _:
            return None


def _path(reference: Reference) -> Path:
    """The steps that are written, up to the first that is not known."""
    known: list[str | int] = []
    for step in reference.steps:
        if step is None:
            break
        known.append(step)
    return tuple(known)


def _told(place: Place, path: Path, value: Value | None = None) -> _Hop:
    """An expression; where the path leads into what it writes out, that part of it."""
    place = _narrowed(place, path)
    source, node = place.placed.source, place.placed.node
    hidden = value is not None and bool(marks_deep(value))
    text = "secret" if hidden else source.text[node.start : node.end]
    return f"is {_shortened(text)}", place.placed.range, place


def _narrowed(place: Place, path: Path) -> Place:
    node = place.placed.node
    while isinstance(node, Parentheses) or (isinstance(node, Template) and node.wraps):
        node = node.expression if isinstance(node, Parentheses) else node.parts[0]
    part: Expression | None = None
    if path and isinstance(node, TupleCons) and isinstance(path[0], int):
        part = node.items[path[0]] if path[0] < len(node.items) else None
    elif path and isinstance(node, ObjectCons):
        part = next((i.value for i in node.items if key_of(place, i.key) == path[0]), None)
    return place if part is None else _narrowed(place.at(part), path[1:])


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _variable(module: ModuleInstance, name: str, path: Path) -> _Hop:
    """The argument of the call; in the root, what is given from outside; else the default."""
    written = module.written.variables[name].written
    default = written.get("default")
    value = _evaluated(module, name)
    if module.call is not None:
        argument = module.call.declaration.written.get(name)
        if argument is not None and module.arguments is not None:
            return _told(Place(argument, module.arguments), path, value)
    elif name in module.session.given:
        given = module.session.given[name]
        if given.raw is None:
            return _told(Place(given.placed, module), path, value)
        return f"is given by {given.placed.source.path}", None, None
    if default is None:
        return "has no value", module.written.variables[name].header, None
    is_, at, target = _told(Place(default, module), path, value)
    return f"{is_}, its default", at, target


def _evaluated(module: ModuleInstance, name: str) -> Value | None:
    try:
        return module.variable(name)
    except EvaluationError:
        return None


def _attribute(module: ModuleInstance, reference: Reference, path: Path) -> _Hop | None:
    """The argument of a resource that an attribute repeats; None for what AWS alone knows."""
    mode: Mode = "managed" if reference.kind == "managed" else "data"
    if (mode, *reference.names) not in module.written.resources:
        return None
    try:
        node = module.resource_node(mode, *reference.names)
    except EvaluationError:
        return None
    key = None
    if node.expansion.keyed is not None and path:
        key, path = path[0], path[1:]
    known = (one for one in node.expansion.repetitions if one.key in (key, None))
    repetition = next(known, None)
    if repetition is None or not path:
        return None
    written = node.declaration.written
    found = _argument(written, path)
    if found is None:
        return None
    argument, rest = found
    each = written.get("for_each")
    scope = RepeatScope(module, repetition, node.expansion.keyed, for_each=each)
    return _told(Place(argument, scope), rest)


def _argument(written: Written, path: Path) -> tuple[Placed, Path] | None:
    """The argument that a path leads to, through blocks, and what is left of the path."""
    name, rest = str(path[0]), path[1:]
    argument = written.get(name)
    if argument is not None:
        return argument, rest
    index = rest[0] if rest and isinstance(rest[0], int) else 0
    rest = rest[1:] if rest and isinstance(rest[0], int) else rest
    blocks = written.blocks_of(name)
    if index >= len(blocks) or not rest:
        return None
    return _argument(Written((blocks[index].body,)), rest)
