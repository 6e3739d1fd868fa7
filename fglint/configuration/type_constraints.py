"""Type constraints of variables: `list(object({ name = string, port = optional(number, 80) }))`."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from fglint.configuration.module import Declaration, Placed
from fglint.evaluation.convert import convert
from fglint.evaluation.defaults import Defaults
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    SetType,
    TupleType,
    Type,
    object_type,
)
from fglint.evaluation.values import Value
from fglint.records import dataclass
from fglint.syntax.nodes import Call, Expression, ObjectCons, TupleCons, Variable
from fglint.syntax.nodes import Literal as LiteralNode

if TYPE_CHECKING:
    from fglint.configuration.session import Session

_PRIMITIVES: dict[str, Type] = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": DYNAMIC}
_BARE: dict[str, Type] = {
    "list": ListType(DYNAMIC),
    "map": MapType(DYNAMIC),
    "set": SetType(DYNAMIC),
}


@dataclass(frozen=True, slots=True)
class Constraint:
    """A variable's type, the defaults of its optional attributes, and whether text is text.

    A variable of type string, or without a type, takes the raw text of the command line.
    """

    type: Type = DYNAMIC
    defaults: Defaults | None = None
    is_text: bool = field(default=True)


def constraint_of(session: Session, declaration: Declaration) -> Constraint:
    """The declared type of a variable; `any`, and a report, where it is none."""
    known = session.constraints.get(declaration)
    if known is None:
        known = session.constraints[declaration] = _constraint(session, declaration)
    return known


def _constraint(session: Session, declaration: Declaration) -> Constraint:
    placed = declaration.written.get("type")
    if placed is None:
        return Constraint()
    reader = _Reader(session, placed)
    try:
        type_, defaults = reader.read(placed.unquoted(), top=True)
    except EvaluationError as error:
        session.failed(error, placed.range)
        return Constraint(is_text=False)
    return Constraint(type_, defaults, type_ == STRING)


class _Reader:
    def __init__(self, session: Session, placed: Placed) -> None:
        self.session = session
        self.placed = placed

    def read(self, node: Expression, top: bool = False) -> tuple[Type, Defaults | None]:
        """The type that an expression writes, and the defaults in it."""
        match node:
            case Variable(name=name) if name in _PRIMITIVES:
                return _PRIMITIVES[name], None
            case Variable(name=name) if name in _BARE and top:
                return _BARE[name], None
            case Call(name="list" | "set" | "map", arguments=(inner,)):
                element, defaults = self.read(inner)
                nested = None if defaults is None else Defaults(children={"": defaults})
                return _collection(node.name, element), nested
            case Call(name="tuple", arguments=(TupleCons(items=items),)):
                return self._tuple(items)
            case Call(name="object", arguments=(ObjectCons() as fields,)):
                return self._object(fields)
            case _:
                raise self._error(node)

    def _tuple(self, items: tuple[Expression, ...]) -> tuple[Type, Defaults | None]:
        found = [self.read(item) for item in items]
        children = {str(i): d for i, (_, d) in enumerate(found) if d is not None}
        type_ = TupleType(tuple(element for element, _ in found))
        return type_, Defaults(children=children) if children else None

    def _object(self, fields: ObjectCons) -> tuple[Type, Defaults | None]:
        attributes: dict[str, Type] = {}
        optional: set[str] = set()
        values: dict[str, Value] = {}
        children: dict[str, Defaults] = {}
        for item in fields.items:
            name = item.key.value if isinstance(item.key, LiteralNode) else None
            if not isinstance(name, str) or name in attributes:
                raise self._error(item.key)
            node = item.value
            if isinstance(node, Call) and node.name == "optional":
                optional.add(name)
                attributes[name], inner, default = self._optional(node)
                if default is not None:
                    values[name] = default
            else:
                attributes[name], inner = self.read(node)
            if inner is not None:
                children[name] = inner
        type_ = object_type(attributes, frozenset(optional))
        return type_, Defaults(values, children) if values or children else None

    def _optional(self, node: Call) -> tuple[Type, Defaults | None, Value | None]:
        if not 1 <= len(node.arguments) <= 2:
            raise self._error(node)
        type_, inner = self.read(node.arguments[0])
        if len(node.arguments) == 1:
            return type_, inner, None
        from fglint.configuration.variables import nothing

        placed = Placed(node.arguments[1], self.placed.source)
        value = self.session.evaluate(placed, nothing(self.session))
        try:
            return type_, inner, convert(value, type_)
        except EvaluationError as error:
            raise EvaluationError(
                "Invalid default value for optional attribute",
                f"This default value is not compatible with the attribute's type constraint: "
                f"{error.detail or error.summary}.",
                placed.range,
            ) from None

    def _error(self, node: Expression) -> EvaluationError:
        return EvaluationError(
            "Invalid type specification",
            "A type is string, number, bool or any, or list(…), set(…), map(…), tuple([…]) or "
            "object({…}) of types; optional(…) stands for attributes of objects only.",
            self.placed.source.range(node.start, node.end),
        )


def _collection(kind: str, element: Type) -> Type:
    if kind == "list":
        return ListType(element)
    return SetType(element) if kind == "set" else MapType(element)
