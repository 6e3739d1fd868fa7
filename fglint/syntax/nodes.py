"""The syntax tree of Terraform's configuration language, one tree for every front end.

Each node has `start` and `end`: a half-open range of code-point offsets into the text of the
SourceFile that its Body names. Nodes are plain slotted classes and not frozen, because a front
end makes some hundred thousand of them; nobody changes one after parsing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from fractions import Fraction
from typing import TYPE_CHECKING

from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.diagnostic import Diagnostic
    from fglint.source import Range, SourceFile


@dataclass(slots=True, eq=False)
class Node:
    """A piece of syntax and its half-open range."""

    start: int
    end: int


class Expression(Node):
    """Any expression."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Literal(Expression):
    """null, a bool, a number (int, or Fraction where it is no integer), or a plain string.

    A string is decoded (escapes, NFC) and has no interpolation. An object's bare key is one, too.
    """

    value: bool | int | Fraction | str | None


@dataclass(slots=True, eq=False)
class Template(Expression):
    """A quoted string or heredoc with interpolations or directives.

    Parts are string Literals, TemplateIf, TemplateFor, or the expression of an interpolation.
    Strip markers and the indentation of `<<-` are already applied. A template whose only part is
    an interpolation ("${x}") is that value itself: see `wraps`.
    """

    parts: tuple[Expression, ...]
    heredoc: bool = False

    @property
    def wraps(self) -> bool:
        """Whether the template is one interpolation alone, whose value keeps its type."""
        if len(self.parts) != 1:
            return False
        part = self.parts[0]
        if isinstance(part, Literal):
            return not isinstance(part.value, str)  # "${1}" is a number, "${null}" is null
        return not isinstance(part, TemplateIf | TemplateFor)


@dataclass(slots=True, eq=False)
class TemplateIf(Expression):
    """`%{ if c }…%{ else }…%{ endif }` inside a template; no else is an empty one."""

    condition: Expression
    then: Template
    otherwise: Template


@dataclass(slots=True, eq=False)
class TemplateFor(Expression):
    """`%{ for k, v in c }…%{ endfor }` inside a template."""

    key_name: str | None
    value_name: str
    collection: Expression
    body: Template


@dataclass(slots=True, eq=False)
class Variable(Expression):
    """The first name of a traversal: var, local, aws_lb, the variable of a for."""

    name: str


@dataclass(slots=True, eq=False)
class GetAttr(Expression):
    """`object.name`. The range covers the object, too."""

    object: Expression
    name: str


@dataclass(slots=True, eq=False)
class Index(Expression):
    """`collection[key]`, and the legacy `collection.0` (legacy is then true, the key a Literal)."""

    collection: Expression
    key: Expression
    legacy: bool = False


@dataclass(slots=True, eq=False)
class SplatItem(Expression):
    """What stands for the element inside a splat's body."""


@dataclass(slots=True, eq=False)
class Splat(Expression):
    """`source[*]…` (full) or `source.*…` (attribute-only); body is applied to each element.

    The body is an expression over a SplatItem: GetAttr (full: also Index) steps, or the item
    itself. The legacy form ends at the first index: `a.*.id[0]` is Index(Splat(a, .id), 0).
    """

    source: Expression
    body: Expression
    full: bool


@dataclass(slots=True, eq=False)
class Call(Expression):
    """`name(arguments…)`; with `expand`, the last argument is written `xs...`.

    A provider's function keeps its namespace in the name: "provider::aws::arn_parse".
    """

    name: str
    arguments: tuple[Expression, ...]
    expand: bool = False


@dataclass(slots=True, eq=False)
class Unary(Expression):
    """`-x` or `!x`."""

    operator: str
    operand: Expression


@dataclass(slots=True, eq=False)
class Binary(Expression):
    """`left operator right`: || && == != < <= > >= + - * / %."""

    operator: str
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class Conditional(Expression):
    """`condition ? then : otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(slots=True, eq=False)
class For(Expression):
    """`[for k, v in c : value if condition]`, or `{for k, v in c : key => value... if condition}`.

    `key` is None for the tuple form; `group` is the `...` of the object form.
    """

    key_name: str | None
    value_name: str
    collection: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    group: bool = False


@dataclass(slots=True, eq=False)
class TupleCons(Expression):
    """`[a, b]`."""

    items: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class ObjectItem(Node):
    """`key = value` in an object; a bare key is a string Literal, `(x)` a Parentheses."""

    key: Expression
    value: Expression


@dataclass(slots=True, eq=False)
class ObjectCons(Expression):
    """`{ key = value, … }`, in the written order."""

    items: tuple[ObjectItem, ...]


@dataclass(slots=True, eq=False)
class Parentheses(Expression):
    """`( expression )`."""

    expression: Expression


@dataclass(slots=True, eq=False)
class Invalid(Expression):
    """What could not be parsed; its value is unknown. There is a diagnostic at its place."""


@dataclass(slots=True, eq=False)
class Attribute(Node):
    """`name = expression` in a body; the name begins at `start` and ends at `name_end`."""

    name: str
    name_end: int
    expression: Expression


@dataclass(slots=True, eq=False)
class Label(Node):
    """One label of a block, decoded."""

    value: str


@dataclass(slots=True, eq=False)
class Block(Node):
    """`type "label" … { body }`; the header reaches from `start` to `header_end`."""

    type: str
    labels: tuple[Label, ...]
    body: Body
    header_end: int

    def header(self) -> Range:
        """The range of the block's type and labels, without the brace."""
        return self.body.source.range(self.start, self.header_end)

    def label(self, index: int) -> str:
        """The value of a label; empty when there are fewer."""
        return self.labels[index].value if index < len(self.labels) else ""


@dataclass(slots=True, eq=False)
class Body(Node):
    """Arguments and nested blocks, in the order of the text.

    In JSON syntax (`json` is true) what is a block and what an argument depends on the schema:
    below the top level every member is an Attribute, and `fglint.syntax.json.blocks` reads one as
    blocks when the schema says that it is one.
    """

    source: SourceFile
    attributes: dict[str, Attribute]
    blocks: tuple[Block, ...]
    json: bool = False

    def range(self, node: Node) -> Range:
        """The place of a node of this body."""
        return self.source.range(node.start, node.end)

    def blocks_of(self, type_: str) -> Iterator[Block]:
        """The nested blocks of one type, in order."""
        return (block for block in self.blocks if block.type == type_)


@dataclass(slots=True, eq=False)
class Comment(Node):
    """A comment, its marker included: `# …`, `// …` or `/* … */`."""

    text: str


@dataclass(slots=True, eq=False)
class File:
    """One parsed file: its body, its comments in order, and what was wrong with it."""

    source: SourceFile
    body: Body
    comments: tuple[Comment, ...]
    diagnostics: tuple[Diagnostic, ...]


def children(node: Node) -> list[Node]:
    """The nodes directly below a node, in the order of the text."""
    found: list[Node] = []
    for name in _fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found.extend(each for each in value if isinstance(each, Node))
        elif isinstance(value, dict):
            found.extend(value.values())
    if isinstance(node, Body):
        found.sort(key=lambda each: each.start)
    return found


_NOT_BELOW = {"start", "end", "name", "name_end", "header_end", "operator", "source"}
_FIELDS: dict[str, tuple[str, ...]] = {"Splat": ("source", "body")}


def _fields(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a class of nodes in which nodes can be."""
    known = _FIELDS.get(kind.__name__)
    if known is None:
        names = (each.name for each in fields(kind))
        known = tuple(name for name in names if name not in _NOT_BELOW)
        _FIELDS[kind.__name__] = known
    return known
