"""Where a value is written: the narrowest expression for a path into a planned instance.

The search goes down the syntax from the block's argument, through locals, variables, module
arguments and outputs, function calls that keep structure, `for` and templates of JSON. It never
guesses: where it cannot follow, the last expression that it reached is the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fglint.configuration import json_text
from fglint.configuration.expansion import RepeatScope
from fglint.configuration.instance import Path
from fglint.configuration.module import Declaration, Placed, Written
from fglint.evaluation.references import Reference, chain, reference_of
from fglint.evaluation.scope import Scope
from fglint.evaluation.values import (
    EvaluationError,
    ListValue,
    MapValue,
    ObjectValue,
    SetValue,
    TupleValue,
    Value,
    plain,
    sorted_items,
)
from fglint.source import Range
from fglint.syntax.nodes import (
    Block,
    Call,
    Conditional,
    Expression,
    For,
    ObjectCons,
    Parentheses,
    Template,
    TupleCons,
)
from fglint.syntax.nodes import Literal as LiteralNode

if TYPE_CHECKING:
    from fglint.configuration.scopes import ModuleInstance

MAXIMUM_STEPS = 200
TRANSPARENT = frozenset(
    {"jsonencode", "jsondecode", "tolist", "toset", "tomap", "sensitive", "nonsensitive", "one"}
    | {"yamlencode", "yamldecode", "try", "tostring", "flatten"}
)
UNWRAPPING = frozenset({"one"})


@dataclass(frozen=True, slots=True)
class Bound:
    """What a name that `for` binds stands for: an element of a collection, or its key."""

    collection: Place
    index: int | str
    is_key: bool


@dataclass(frozen=True, slots=True)
class Place:
    """An expression, its scope and the names bound around it."""

    placed: Placed
    scope: Scope
    bound: tuple[tuple[str, Bound], ...] = ()

    def at(self, node: Expression) -> Place:
        """Another expression of the same file and scope."""
        return replace(self, placed=Placed(node, self.placed.source))


class Locator:
    """Finds places in one instance of a declaration."""

    def __init__(self, declaration: Declaration, scope: RepeatScope) -> None:
        self.declaration = declaration
        self.scope = scope
        self._known: dict[Path, Range] = {}

    def locate(self, path: Path) -> Range:
        """The narrowest range that writes the value at a path; a header for what is absent."""
        if path not in self._known:
            written = self.declaration.written
            self._known[path] = self._in_body(written, path, self.declaration.header)
        return self._known[path]

    def _in_body(self, written: Written, path: Path, header: Range) -> Range:
        if not path:
            return header
        name, rest = str(path[0]), path[1:]
        placed = written.get(name)
        if placed is not None and not written.blocks_of(name):
            return _Search().find(Place(placed, self.scope), rest)
        blocks: list[Block] = written.blocks_of(name)
        if not blocks:
            blocks = [b for b in written.blocks_of("dynamic", 1) if b.label(0) == name]
            if not blocks:
                return header
            inner = Written((blocks[0].body,)).blocks_of("content")
            blocks = inner or blocks
        index = rest[0] if rest and isinstance(rest[0], int) else 0
        block = blocks[index] if index < len(blocks) else blocks[-1]
        rest = rest[1:] if rest and isinstance(rest[0], int) else rest
        return self._in_body(Written((block.body,)), rest, block.header())


class _Search:
    """One search; it ends after a number of steps, so that nothing circular goes on."""

    def __init__(self) -> None:
        self.steps = 0

    def find(self, place: Place, path: Path) -> Range:
        """The narrowest range for the path from an expression on."""
        self.steps += 1
        if self.steps > MAXIMUM_STEPS:
            return place.placed.range
        node = place.placed.node
        match node:
            case Parentheses(expression=inner):
                return self.find(place.at(inner), path)
            case Template() if node.wraps:
                return self.find(place.at(node.parts[0]), path)
            case Template() | LiteralNode():
                return self._text(place, path)
            case ObjectCons():
                return self._object(place, node, path)
            case TupleCons(items=items):
                if path and isinstance(path[0], int) and path[0] < len(items):
                    return self.find(place.at(items[path[0]]), path[1:])
            case Conditional():
                chosen = _value(place.at(node.condition))
                if chosen is True or chosen is False:
                    return self.find(place.at(node.then if chosen else node.otherwise), path)
            case Call():
                return self._call(place, node, path)
            case For():
                return self._for(place, node, path)
            case _:
                return self._traversal(place, path)
        return place.placed.range

    def _text(self, place: Place, path: Path) -> Range:
        """Inside text that is JSON; the whole text where it is not, or nothing more is asked."""
        placed = place.placed
        if not path:
            return placed.range
        found = json_text.find(placed.source, placed.node.start, placed.node.end, path)
        if found is None:
            return placed.range
        start, end, rest = found
        if rest and isinstance(placed.node, Template):
            for part in placed.node.parts:  # a hole that stands for the rest of the path
                if start <= part.start and part.end <= end and not isinstance(part, LiteralNode):
                    return self.find(place.at(part), rest)
        return placed.source.range(start, end)

    def _object(self, place: Place, node: ObjectCons, path: Path) -> Range:
        if not path:
            return place.placed.range
        for item in reversed(node.items):
            if _key_of(place, item.key) == path[0]:
                return self.find(place.at(item.value), path[1:])
        return place.placed.range

    def _call(self, place: Place, node: Call, path: Path) -> Range:
        name = node.name.removeprefix("core::")
        arguments = [place.at(argument) for argument in node.arguments]
        if not arguments or node.expand:
            return place.placed.range
        if name in UNWRAPPING:
            return self.find(arguments[0], (0, *path))
        if name in TRANSPARENT:
            return self.find(arguments[0], path) if path else place.placed.range
        if name == "merge" and path:
            for argument in reversed(arguments):
                value = _value(argument)
                if isinstance(value, (ObjectValue, MapValue)) and path[0] in value.items:
                    return self.find(argument, path)
        if name == "concat" and path and isinstance(path[0], int):
            index = path[0]
            for argument in arguments:
                value = _value(argument)
                if not isinstance(value, (TupleValue, ListValue, SetValue)):
                    break
                if index < len(value.items):
                    return self.find(argument, (index, *path[1:]))
                index -= len(value.items)
        if name in ("templatefile", "file") and path:
            return self._file(place, node, path)
        return place.placed.range

    def _file(self, place: Place, node: Call, path: Path) -> Range:
        name = _value(place.at(node.arguments[0]))
        if isinstance(name, str):
            context = place.scope.context
            known = context.files.read.get((context.directory / name).absolute())
            if known is not None:
                found = json_text.find(known, 0, len(known.text), path)
                if found is not None:
                    return known.range(found[0], found[1])
        return place.placed.range

    def _for(self, place: Place, node: For, path: Path) -> Range:
        if not path or node.group:
            return place.placed.range
        collection = place.at(node.collection)
        elements = _elements(_value(collection))
        for number, (key, _) in enumerate(elements):
            bound = dict(place.bound)
            bound[node.value_name] = Bound(collection, key, False)
            if node.key_name:
                bound[node.key_name] = Bound(collection, key, True)
            inner = replace(place, bound=tuple(bound.items()))
            if node.key is None:
                if node.condition is None and number == path[0]:
                    return self.find(inner.at(node.value), path[1:])
            elif self._key_is(inner, node.key, path[0]):
                return self.find(inner.at(node.value), path[1:])
        return place.placed.range

    def _key_is(self, place: Place, node: Expression, key: int | str) -> bool:
        while isinstance(node, Parentheses) or (isinstance(node, Template) and node.wraps):
            node = node.expression if isinstance(node, Parentheses) else node.parts[0]
        found = chain(node)
        if found is not None and len(found[1]) == 1:
            bound = dict(place.bound).get(found[0])
            return bound is not None and bound.is_key and bound.index == key
        return False

    # ---- references ---------------------------------------------------------------------------

    def _traversal(self, place: Place, path: Path) -> Range:
        found = chain(place.placed.node)
        if found is None:
            return place.placed.range
        root, nodes = found
        reference = reference_of(nodes, root)
        bound = dict(place.bound).get(root)
        if bound is not None:
            steps = reference_of(nodes, "local").steps if len(nodes) > 1 else ()
            whole = tuple(getattr(n, "name", None) for n in nodes[1:])
            steps = whole if all(isinstance(s, str) for s in whole) else steps
            if bound.is_key or None in steps:
                return place.placed.range
            rest = tuple(step for step in steps if step is not None)
            return self.find(bound.collection, (bound.index, *rest, *path))
        if None in reference.steps:
            return place.placed.range
        steps = tuple(step for step in reference.steps if step is not None)
        target = self._target(place, reference, (*steps, *path))
        return place.placed.range if target is None else self.find(*target)

    def _target(self, place: Place, reference: Reference, path: Path) -> tuple[Place, Path] | None:
        from fglint.configuration.scopes import ModuleInstance

        module = place.scope
        repetition = None
        while not isinstance(module, ModuleInstance):
            if isinstance(module, RepeatScope):
                repetition = module
            outer = getattr(module, "outer", None)
            if outer is None:
                return None
            module = outer
        name = reference.names[0]
        match reference.kind:
            case "local" if name in module.written.locals:
                return Place(module.written.locals[name], module), path
            case "var" if name in module.written.variables:
                return _variable(module, name, path)
            case "module" if name in module.written.calls:
                return _output(module, name, path)
            case "each" if repetition is not None and repetition.for_each is not None:
                key = repetition.repetition.key
                if name == "value" and key is not None:
                    return Place(repetition.for_each, module), (key, *path)
        return None


def _variable(module: ModuleInstance, name: str, path: Path) -> tuple[Place, Path] | None:
    declaration = module.written.variables[name]
    if module.call is not None:
        given = module.call.declaration.written.get(name)
        if given is not None and module.arguments is not None:
            return Place(given, module.arguments), path
    elif name in module.session.given:
        outside = module.session.given[name]
        return (Place(outside.placed, module), path) if outside.raw is None else None
    default = declaration.written.get("default")
    return None if default is None else (Place(default, module), path)


def _output(module: ModuleInstance, name: str, path: Path) -> tuple[Place, Path] | None:
    call = module.module_call(name)
    instances = {one.key: i for i, one in enumerate(call.expansion.repetitions)}
    key = None if call.expansion.keyed is None else path[0] if path else None
    rest = path if call.expansion.keyed is None else path[1:]
    if key not in instances or not rest:
        return None
    if call.written is None:
        found = call.contract.argument(rest[1:]) if call.contract is not None else None
        given = call.declaration.written.get(found[0]) if found is not None else None
        if found is None or given is None:
            return None
        return Place(given, call.scope(call.expansion.repetitions[instances[key]])), found[1]
    inner = call.instances[instances[key]]
    output = inner.written.outputs.get(str(rest[0]))
    placed = output.written.get("value") if output else None
    return None if placed is None else (Place(placed, inner), rest[1:])


def _value(place: Place) -> Value | None:
    """The value of an expression without bound names; None where it has none."""
    if place.bound:
        return None
    session = getattr(_module(place.scope), "session", None)
    if session is None:
        return None
    try:
        return plain(session.evaluate(place.placed, place.scope))
    except EvaluationError:
        return None


def _module(scope: object) -> object:
    while getattr(scope, "outer", None) is not None:
        scope = scope.outer  # type: ignore[attr-defined]
    return scope


def _key_of(place: Place, node: Expression) -> object:
    if isinstance(node, LiteralNode):
        return node.value
    return _value(place.at(node))


def _elements(value: Value | None) -> list[tuple[int | str, Value]]:
    match value:
        case ObjectValue() | MapValue():
            return [(key, item) for key, item in sorted_items(value)]
        case TupleValue(items) | ListValue(items, _):
            return list(enumerate(items))
        case _:
            return []
