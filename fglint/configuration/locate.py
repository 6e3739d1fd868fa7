"""Where a value is written: the narrowest expression for a path into a planned instance.

The search goes down the syntax from the block's argument, through locals, variables, module
arguments and outputs, function calls that keep structure, `for` and templates of JSON. It never
guesses: where it cannot follow, the last expression that it reached is the answer.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from fglint.configuration import json_text
from fglint.configuration.expansion import RepeatScope
from fglint.configuration.instance import Path
from fglint.configuration.module import Declaration, Written
from fglint.configuration.place import (
    CONVERSIONS,
    Bound,
    Place,
    elements_of,
    key_of,
    name_of,
    target_of,
    value_of,
)
from fglint.evaluation.references import chain, reference_of
from fglint.evaluation.values import (
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    OpenList,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.source import Range, ReadError
from fglint.syntax.nodes import (
    Block,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    ObjectCons,
    Parentheses,
    Splat,
    Template,
    TupleCons,
)
from fglint.syntax.nodes import Literal as LiteralNode

if TYPE_CHECKING:
    from fglint.configuration.trail import Trail

MAXIMUM_STEPS = 200
TRANSPARENT = frozenset(
    {"jsonencode", "jsondecode", "tolist", "toset", "tomap", "sensitive", "nonsensitive", "one"}
    | {"yamlencode", "yamldecode", "flatten"}
)
UNWRAPPING = frozenset({"one"})
_LIST = re.compile(r"\s*\[\s*%s(?:\s*,\s*%s)*\s*\]\s*")  # JSON: each hole is one element


class Locator:
    """Finds places in one instance of a declaration."""

    def __init__(self, declaration: Declaration, scope: RepeatScope) -> None:
        self.declaration = declaration
        self.scope = scope
        self.values: Value = Null()
        self.blocks: dict[int, Block] = {}  # what `Decoder.blocks` has of these values
        self._known: dict[Path, Range] = {}

    def locate(self, path: Path) -> Range:
        """The narrowest range that writes the value at a path; a header for what is absent."""
        if path not in self._known:
            found = self._found(path)
            self._known[path] = found if isinstance(found, Range) else Search().find(*found)
        return self._known[path]

    def trail(self, path: Path) -> Trail | None:
        """The trail of the value at a path; None for what is not written."""
        from fglint.configuration.trail import Trail

        found = self._found(path)
        if isinstance(found, Range):
            return None
        search = Search()
        search.find(*found)
        return Trail(search.last or found[0], tuple(search.through), search.in_file)

    def _found(self, path: Path) -> Range | tuple[Place, Path]:
        return self._in_body(self.declaration.written, path, self.declaration.header, self.values)

    def _in_body(
        self, written: Written, path: Path, header: Range, value: Value
    ) -> Range | tuple[Place, Path]:
        if not path:
            return header
        name, rest = str(path[0]), path[1:]
        placed = written.get(name)
        if placed is not None and not written.blocks_of(name):
            return Place(placed, self.scope), rest
        blocks: list[Block] = written.blocks_of(name)
        if not blocks:
            blocks = [b for b in written.blocks_of("dynamic", 1) if b.label(0) == name]
            if not blocks:
                return header
            dynamic = Written((blocks[0].body,))
            decided = dynamic.get("for_each")
            if decided is not None and _makes_none(value, name):
                return decided.range
            blocks = dynamic.blocks_of("content") or blocks
        index = rest[0] if rest and isinstance(rest[0], int) else 0
        element = _element(value, name, index)
        block = self.blocks.get(id(element))
        if block is None:
            block = blocks[index] if index < len(blocks) else blocks[-1]
        rest = rest[1:] if rest and isinstance(rest[0], int) else rest
        return self._in_body(Written((block.body,)), rest, block.header(), element)


def _makes_none(value: Value, name: str) -> bool:
    """Whether a body is known to have no nested block of a name."""
    bare = plain(value)
    found = plain(bare.items.get(name, Null())) if isinstance(bare, ObjectValue) else Null()
    return isinstance(found, (ListValue, SetValue, TupleValue)) and not found.items


def _element(value: Value, name: str, index: int) -> Value:
    """The value of a nested block; null where it is not known which that is."""
    bare = plain(value)
    found = plain(bare.items.get(name, Null())) if isinstance(bare, ObjectValue) else Null()
    if isinstance(found, Unknown) and isinstance(found.content, OpenList):
        found = TupleValue(tuple(item.value for item in found.content.items))
    if isinstance(found, (ListValue, SetValue, TupleValue)):
        return plain(found.items[index]) if index < len(found.items) else Null()
    return found


class Search:
    """One search; it ends after a number of steps, so that nothing circular goes on.

    `last` is the place where it ended, `through` the names of locals, variables and outputs that
    it passed, `in_file` tells whether it ended in a file that a function reads.
    """

    def __init__(self) -> None:
        self.steps = 0
        self.last: Place | None = None
        self.through: list[str] = []
        self.in_file = False

    def find(self, place: Place, path: Path) -> Range:
        """The narrowest range for the path from an expression on."""
        self.steps += 1
        self.last = place
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
                chosen = value_of(place.at(node.condition))
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
            if key_of(place, item.key) == path[0]:
                return self.find(place.at(item.value), path[1:])
        return place.placed.range

    def _call(self, place: Place, node: Call, path: Path) -> Range:
        name = node.name.removeprefix("core::")
        arguments = [place.at(argument) for argument in node.arguments]
        if not arguments or node.expand:
            return place.placed.range
        if name in UNWRAPPING:
            return self.find(arguments[0], (0, *path))
        if name in CONVERSIONS:
            return self.find(arguments[0], path)
        if name in TRANSPARENT:
            return self.find(arguments[0], path) if path else place.placed.range
        if name == "try":
            chosen = next((each for each in arguments if value_of(each) is not None), None)
            if chosen is None:  # not known of names that `for` binds
                return self.find(arguments[0], path) if path else place.placed.range
            return self.find(chosen, path)
        if name == "lookup" and len(arguments) > 1:
            value, key = value_of(arguments[0]), value_of(arguments[1])
            if isinstance(value, (ObjectValue, MapValue)) and key in value.items:
                return self.find(arguments[0], (str(key), *path))
        if name == "merge" and path:
            for argument in reversed(arguments):
                value = value_of(argument)
                if isinstance(value, (ObjectValue, MapValue)) and path[0] in value.items:
                    return self.find(argument, path)
        if name == "concat" and path and isinstance(path[0], int):
            index = path[0]
            for argument in arguments:
                value = value_of(argument)
                if not isinstance(value, (TupleValue, ListValue, SetValue)):
                    break
                if index < len(value.items):
                    return self.find(argument, (index, *path[1:]))
                index -= len(value.items)
        if name == "format" and path and isinstance(path[0], int):
            listed = value_of(arguments[0])
            if isinstance(listed, str) and _LIST.fullmatch(listed) and path[0] + 1 < len(arguments):
                return self.find(arguments[path[0] + 1], path[1:])
        if name in ("templatefile", "file") and path:
            return self._file(place, node, path)
        return place.placed.range

    def _file(self, place: Place, node: Call, path: Path) -> Range:
        name = value_of(place.at(node.arguments[0]))
        if isinstance(name, str):
            context = place.scope.context
            try:
                known = context.files.source(context.directory / name)
            except ReadError:
                return place.placed.range
            found = json_text.find(known, 0, len(known.text), path)
            if found is not None:
                self.in_file = True
                return known.range(found[0], found[1])
        return place.placed.range

    def _for(self, place: Place, node: For, path: Path) -> Range:
        if not path or node.group:
            return place.placed.range
        collection = place.at(node.collection)
        elements = elements_of(value_of(collection))
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
        known = _known_steps(place, nodes, reference.steps)
        if known is None:
            return place.placed.range
        target = target_of(place, reference, (*known, *path))
        if target is None:
            return place.placed.range
        if reference.kind != "each":
            self.through.append(name_of(place, reference))
        return self.find(*target)


def _known_steps(
    place: Place, nodes: list[Expression], steps: tuple[str | int | None, ...]
) -> Path | None:
    """The steps of a reference, what stands in brackets evaluated; None where one is not known."""
    if any(isinstance(node, Splat) for node in nodes):
        return None
    known: list[str | int] = []
    for node, step in zip(nodes[len(nodes) - len(steps) :], steps, strict=True):
        found = value_of(place.at(node.key)) if step is None and isinstance(node, Index) else step
        if not isinstance(found, (str, int)) or isinstance(found, bool):
            return None
        known.append(found)
    return tuple(known)
