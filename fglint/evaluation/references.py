"""The references that stand in an expression, read from its syntax alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from fglint.records import dataclass
from fglint.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    GetAttr,
    Index,
    ObjectCons,
    Parentheses,
    Splat,
    Template,
    TemplateFor,
    TemplateIf,
    TupleCons,
    Unary,
    Variable,
)
from fglint.syntax.nodes import Literal as LiteralNode

Kind = Literal[
    "var",
    "local",
    "module",
    "managed",
    "data",
    "each",
    "count",
    "self",
    "path",
    "terraform",
    "bare",
]
BUILTIN_ROOTS = frozenset({"each", "count", "self", "path", "terraform"})
NAMED_ROOTS = frozenset({"var", "local", "module"})


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A reference as written: what it names, and the whole traversal that begins with it.

    `names` is (NAME,) for var, local and module, (TYPE, NAME) for resources and data sources,
    (MEMBER,) for each, count, path …, (ROOT,) for a bare name. `head` is the expression that the
    names cover, `node` the longest traversal; `steps` are what follows the head, literal keys of
    an index as str or int, and None for a splat or a computed key.
    """

    kind: Kind
    names: tuple[str, ...]
    head: Expression
    node: Expression
    steps: tuple[str | int | None, ...]

    def __str__(self) -> str:
        prefix = {"managed": "", "bare": ""}.get(self.kind, f"{self.kind}.")
        return prefix + ".".join(self.names)


def chain(node: Expression) -> tuple[str, list[Expression]] | None:
    """The root name of a traversal and its nodes from the root outwards; None for what is none."""
    nodes: list[Expression] = []
    current = node
    while True:
        nodes.append(current)
        match current:
            case Variable(name=name):
                nodes.reverse()
                return name, nodes
            case GetAttr(object=inner) | Index(collection=inner) | Splat(source=inner):
                current = inner
            case _:
                return None


def reference_of(nodes: list[Expression], root: str) -> Reference:
    """What a traversal refers to; the nodes come from `chain`."""
    wanted = 2 if root == "data" else 3 if root == "resource" else 1
    kind: Kind
    if root == "data":
        kind = "data"
    elif root in NAMED_ROOTS or root in BUILTIN_ROOTS:
        kind = root  # type: ignore[assignment]  # the roots are kinds
    else:
        kind = "managed"
    names: list[str] = []
    for node in nodes[1 : wanted + 1]:
        if not isinstance(node, GetAttr):
            break
        names.append(node.name)
    if root == "resource":
        wanted = 2
        names = names[:2]
    if len(names) < wanted:
        return Reference("bare", (root,), nodes[0], nodes[-1], _steps(nodes[1:]))
    head = nodes[len(names)]
    if kind == "managed" and root != "resource":
        names.insert(0, root)
    return Reference(kind, tuple(names), head, nodes[-1], _steps(nodes[nodes.index(head) + 1 :]))


def _steps(nodes: list[Expression]) -> tuple[str | int | None, ...]:
    steps: list[str | int | None] = []
    for node in nodes:
        match node:
            case GetAttr(name=name):
                steps.append(name)
            case Index(key=LiteralNode(value=str() | int() as key)):
                steps.append(key)
            case Splat(body=body):
                steps.append(None)
                steps.extend(_body_steps(body))
            case _:
                steps.append(None)
    return tuple(steps)


def _body_steps(body: Expression) -> list[str | int | None]:
    match body:
        case GetAttr(object=inner, name=name):
            return [*_body_steps(inner), name]
        case Index(collection=inner, key=LiteralNode(value=str() | int() as key)):
            return [*_body_steps(inner), key]
        case Index(collection=inner):
            return [*_body_steps(inner), None]
        case _:
            return []


def references(node: Expression, bound: frozenset[str] = frozenset()) -> Iterator[Reference]:
    """All references in an expression, of both branches and unused arguments, too.

    Names that a `for` binds are not references; `bound` holds those from outside.
    """
    match node:
        case Variable() | GetAttr() | Index() | Splat():
            yield from _of_traversal(node, bound)
        case Parentheses(expression=inner) | Unary(operand=inner):
            yield from references(inner, bound)
        case Binary():
            yield from _of_binary(node, bound)
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            for part in (condition, then, otherwise):
                yield from references(part, bound)
        case Call(arguments=arguments):
            for part in arguments:
                yield from references(part, bound)
        case TupleCons(items=items) | Template(parts=items):
            for part in items:
                yield from references(part, bound)
        case ObjectCons(items=entries):
            for entry in entries:
                yield from references(entry.key, bound)
                yield from references(entry.value, bound)
        case For():
            yield from references(node.collection, bound)
            inner_names = bound | {node.value_name} | ({node.key_name} if node.key_name else set())
            for optional in (node.key, node.value, node.condition):
                if optional is not None:
                    yield from references(optional, inner_names)
        case TemplateIf(condition=condition, then=then, otherwise=otherwise):
            for part in (condition, then, otherwise):
                yield from references(part, bound)
        case TemplateFor():
            yield from references(node.collection, bound)
            inner_names = bound | {node.value_name} | ({node.key_name} if node.key_name else set())
            yield from references(node.body, inner_names)
        case _:
            return


def _of_binary(node: Binary, bound: frozenset[str]) -> Iterator[Reference]:
    stack: list[Expression] = [node]  # long chains of one operator lean to the left
    while stack:
        current = stack.pop()
        if isinstance(current, Binary):
            stack.extend((current.right, current.left))
        else:
            yield from references(current, bound)


def _of_traversal(node: Expression, bound: frozenset[str]) -> Iterator[Reference]:
    current: Expression | None = node
    while current is not None:
        following: Expression | None = None
        match current:
            case Index(collection=inner, key=key):
                yield from references(key, bound)
                following = inner
            case GetAttr(object=inner):
                following = inner
            case Splat(source=inner, body=body):
                yield from _keys_of_body(body, bound)
                following = inner
            case Variable():
                following = None
            case _:
                yield from references(current, bound)
                return
        current = following
    found = chain(node)
    if found is not None and found[0] not in bound:
        yield reference_of(found[1], found[0])


def _keys_of_body(body: Expression, bound: frozenset[str]) -> Iterator[Reference]:
    match body:
        case GetAttr(object=inner):
            yield from _keys_of_body(inner, bound)
        case Index(collection=inner, key=key):
            yield from references(key, bound)
            yield from _keys_of_body(inner, bound)
        case Splat(source=inner, body=nested):
            yield from _keys_of_body(nested, bound)
            yield from _keys_of_body(inner, bound)
        case _:
            return
