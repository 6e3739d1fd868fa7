"""Random trees, such as text can be read as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar
from unicodedata import normalize

from hypothesis import strategies as st

from fglint.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    GetAttr,
    Index,
    Literal,
    ObjectCons,
    ObjectItem,
    Parentheses,
    Splat,
    SplatItem,
    Template,
    TemplateFor,
    TemplateIf,
    TupleCons,
    Unary,
    Variable,
)

OPERATORS = "|| && == != < <= > >= + - * / %".split()
NAMES = ["a", "b1", "var", "aws_lb", "x-y", "é"]
# "$" before a sequence cannot be written, and a carriage return cannot stand in quotes.
STRINGS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8).map(
    lambda text: normalize("NFC", text).rstrip("$%")
)
_T = TypeVar("_T")


@dataclass
class Grower:
    """Makes trees by drawing choices; the range of each node is (0, 0)."""

    draw: st.DrawFn

    def _choice(self, *choices: _T) -> _T:
        return self.draw(st.sampled_from(choices))

    def _some(self, grow: Callable[[], _T], least: int = 0) -> tuple[_T, ...]:
        return tuple(grow() for _ in range(self.draw(st.integers(least, 2))))

    def _name(self) -> str:
        return self._choice(*NAMES)

    def expression(self, depth: int) -> Expression:
        """Any expression: terms, and operations on them."""
        kind = self._choice("term", "unary", "binary", "conditional") if depth else "term"
        if kind == "conditional":
            condition, then = self._operand(depth - 1), self._operand(depth - 1)
            return Conditional(0, 0, condition, then, self.expression(depth - 1))
        if kind == "binary":
            left, right = self._operand(depth - 1), self._operand(depth - 1)
            return Binary(0, 0, self._choice(*OPERATORS), left, right)
        return self._operand(depth)

    def _operand(self, depth: int) -> Expression:
        if self._choice(True, False, False):
            return Unary(0, 0, self._choice("-", "!"), self.term(depth))
        return self.term(depth)

    def term(self, depth: int) -> Expression:
        """What needs no parentheses as an operand."""
        leaves = (self._constant, self._text, self._variable)
        if depth <= 0:
            return self._choice(*leaves)()
        inner = depth - 1
        grow = self._choice(
            *leaves, self._traversal, self._splat, self._call, self._tuple, self._object, self._for,
            self.template, self._parentheses,
        )  # fmt: skip
        return grow() if grow in leaves else grow(inner)

    def _constant(self) -> Expression:
        number = st.one_of(st.integers(0, 10**30), st.integers(1, 99_999).map(_thousandths))
        return Literal(0, 0, self.draw(st.one_of(st.none(), st.booleans(), number)))

    def _whole_number(self) -> Expression:
        return Literal(0, 0, self.draw(st.integers(0, 99)))

    def _text(self) -> Expression:
        return Literal(0, 0, self.draw(STRINGS))

    def _variable(self) -> Expression:
        return Variable(0, 0, self._name())

    def _parentheses(self, depth: int) -> Expression:
        return Parentheses(0, 0, self.expression(depth))

    def _traversal(self, depth: int) -> Expression:
        base = self._choice(self._variable, lambda: self._parentheses(depth))()
        if self._choice(True, False, False):
            base = Index(0, 0, base, self._whole_number(), True)
        return self._steps(base, depth)

    def _steps(self, node: Expression, depth: int) -> Expression:
        for _ in range(self.draw(st.integers(0, 2))):
            if self._choice(True, False):
                node = GetAttr(0, 0, node, self._name())
            else:
                node = Index(0, 0, node, self.expression(depth))
        return node

    def _splat(self, depth: int) -> Expression:
        source, item = self._traversal(depth), SplatItem(0, 0)
        if self._choice(True, False):
            return Splat(0, 0, source, self._steps(item, depth), True)
        body: Expression = item
        for _ in range(self.draw(st.integers(0, 2))):
            body = GetAttr(0, 0, body, self._name())
        node = Splat(0, 0, source, body, False)
        if self._choice(True, False):
            return self._steps(Index(0, 0, node, self.expression(depth)), depth)
        return node

    def _call(self, depth: int) -> Expression:
        expand = self._choice(True, False)
        arguments = self._some(lambda: self.expression(depth), 1 if expand else 0)
        name = self._choice("f", "jsonencode", "provider::aws::arn_parse")
        return Call(0, 0, name, arguments, expand)

    def _tuple(self, depth: int) -> Expression:
        return TupleCons(0, 0, self._some(lambda: self.expression(depth)))

    def _object(self, depth: int) -> Expression:
        return ObjectCons(0, 0, self._some(lambda: self._member(depth)))

    def _member(self, depth: int) -> ObjectItem:
        grow = self._choice(self._text, lambda: self._parentheses(depth), self._whole_number)
        return ObjectItem(0, 0, grow(), self.expression(depth))

    def _for(self, depth: int) -> Expression:
        in_object = self._choice(True, False)
        return For(
            0,
            0,
            self._choice(None, *NAMES),
            self._name(),
            self.expression(depth),
            self.expression(depth) if in_object else None,
            self.expression(depth),
            self.expression(depth) if self._choice(True, False) else None,
            in_object and self._choice(True, False),
        )

    def template(self, depth: int) -> Expression:
        """A template with one sequence at least."""
        return Template(0, 0, self._parts(depth, 1))

    def _parts(self, depth: int, least: int) -> tuple[Expression, ...]:
        parts: list[Expression] = []
        for _ in range(self.draw(st.integers(least, 2))):
            parts += self._written()
            parts.append(self._sequence(depth))
        return (*parts, *self._written())

    def _written(self) -> list[Expression]:
        text = self.draw(STRINGS)
        return [Literal(0, 0, text)] if text else []

    def _sequence(self, depth: int) -> Expression:
        kind = self._choice("hole", "if", "for") if depth > 0 else "hole"
        if kind == "if":
            then, otherwise = (Template(0, 0, self._parts(depth - 1, 0)) for _ in range(2))
            return TemplateIf(0, 0, self.expression(depth - 1), then, otherwise)
        if kind == "for":
            body = Template(0, 0, self._parts(depth - 1, 0))
            key_name, value_name = self._choice(None, *NAMES), self._name()
            return TemplateFor(0, 0, key_name, value_name, self.expression(depth - 1), body)
        node = self.expression(depth)
        if isinstance(node, Literal) and isinstance(node.value, str):
            return self._variable()  # a tree does not tell "${"x"}" from "x"
        return node


def _thousandths(number: int) -> int | Fraction:
    exact = Fraction(number, 1000)
    return exact.numerator if exact.denominator == 1 else exact


@st.composite
def expressions(draw: st.DrawFn) -> Expression:
    """Expressions of a few levels."""
    return Grower(draw).expression(draw(st.integers(0, 3)))
