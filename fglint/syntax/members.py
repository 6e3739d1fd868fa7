"""What blocks and objects hold, by name, as an edit needs to know it."""

from __future__ import annotations

import re

from fglint.source import SourceFile
from fglint.syntax.nodes import (
    Attribute,
    Block,
    Call,
    Expression,
    Literal,
    Node,
    ObjectCons,
    ObjectItem,
    Parentheses,
    Variable,
    children,
)

Container = Block | ObjectCons

AT_THE_END = frozenset({"depends_on"})
LAST = frozenset({"depends_on", "lifecycle", "timeouts"})  # what stands at the end of a block
_AT_THE_TOP = frozenset({"count", "for_each", "provider", "source", "version"})
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")


class CannotEditError(Exception):
    """An edit that cannot be made; the message says what stands in the way, without a dot."""


class NotWrittenHereError(CannotEditError):
    """An edit of a value that is a reference: its text stands elsewhere."""


def bare(node: Expression) -> Expression:
    """The expression without parentheses around it."""
    while isinstance(node, Parentheses):
        node = node.expression
    return node


def is_constant(node: Node) -> bool:
    """Whether an expression refers to nothing."""
    return not isinstance(node, Variable) and all(map(is_constant, children(node)))


def index_of(node: ObjectCons, name: str) -> int | None:
    """Which item of an object writes a member, the first of that name."""
    for index, item in enumerate(node.items):
        if isinstance(item.key, Literal) and item.key.value == name:
            return index
    return None


def expression_of(owner: Container, name: str) -> Expression | None:
    """The value of an argument or member; CannotEditError where a block has that name."""
    if isinstance(owner, ObjectCons):
        index = index_of(owner, name)
        return None if index is None else owner.items[index].value
    if any(owner.body.blocks_of(name)):
        raise CannotEditError(f"{name} is a block and no argument")
    attribute = owner.body.attributes.get(name)
    return None if attribute is None else attribute.expression


def like(known: Expression, value: str) -> str:
    """A value as the one in whose place it comes is written: a number in quotes where that is."""
    text = known.value if isinstance(known, Literal) else None
    quoted = isinstance(text, str) and _NUMBER.fullmatch(text)
    return f'"{value}"' if quoted and _NUMBER.fullmatch(value) else value


def inner_of(owner: Container, name: str) -> Container | None:
    """The one nested block or object of a name; None where there is none."""
    if isinstance(owner, Block):
        blocks = list(owner.body.blocks_of(name))
        if len(blocks) > 1:
            raise CannotEditError(f"there are several {name} blocks")
        if blocks:
            return blocks[0]
        if any(each.label(0) == name for each in owner.body.blocks_of("dynamic")):
            raise CannotEditError(f"{name} is a dynamic block")
    found = expression_of(owner, name)
    if found is None:
        return None
    found = bare(found)
    if isinstance(found, Call) and found.name == "jsonencode" and found.arguments:
        found = bare(found.arguments[0])
    if not isinstance(found, ObjectCons):
        raise CannotEditError(f"{name} is not written out there")
    return found


def last_argument(block: Block, source: SourceFile) -> Node | None:
    """The argument behind which another belongs: the last of one line before nested blocks."""
    first = min((each.start for each in block.body.blocks), default=block.end)
    found = [each for each in block.body.attributes.values() if each.start < first]
    single = [
        each
        for each in found
        if each.name not in AT_THE_END | _AT_THE_TOP
        and "\n" not in source.text[each.start : each.end]
    ]
    return max(single or found, key=lambda each: each.start, default=None)


def closing_part(block: Block) -> list[Node]:
    """What stands at the end of a block because it belongs there, the last first."""
    parts: list[Node] = [*block.body.attributes.values(), *block.body.blocks]
    found: list[Node] = []
    for node in sorted(parts, key=lambda each: each.start, reverse=True):
        name = node.name if isinstance(node, Attribute) else getattr(node, "type", "")
        if name not in LAST:
            break
        found.append(node)
    return found


def key_like(name: str, node: ObjectCons, source: SourceFile) -> str:
    """A key as the others in the object are written: bare where it may be."""
    quoted = any(source.text.startswith('"', item.key.start) for item in node.items)
    return f'"{name}"' if quoted or not _IDENTIFIER.fullmatch(name) else name


def separator_like(node: ObjectCons, source: SourceFile) -> str:
    """What stands between keys and values, as in the object's last member."""
    item: ObjectItem | None = node.items[-1] if node.items else None
    between = "" if item is None else source.text[item.key.end : item.value.start]
    if between.strip() != ":":
        return " = "
    return between if between == ": " else " : "
