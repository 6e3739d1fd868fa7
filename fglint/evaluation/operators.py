"""Operators, conditionals and templates over values, known or not."""

from __future__ import annotations

import operator as python
from collections.abc import Callable

from fglint.evaluation import numbers
from fglint.evaluation.convert import convert
from fglint.evaluation.equality import equal
from fglint.evaluation.errors import EvaluationError, StaticError
from fglint.evaluation.inspection import is_unknown, marks_deep, origins_of
from fglint.evaluation.marks import Marks, terraform_marks
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import (
    BOOL,
    NUMBER,
    Primitive,
    Type,
)
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    MAXIMUM_LEAVES,
    NULL,
    Null,
    Number,
    Union,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)

Bounds = tuple[Number | None, Number | None]
_ARITHMETIC: dict[str, Callable[[Number, Number], Number]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.modulo,
}
_COMPARISONS: dict[str, Callable[[Number, Number], bool]] = {
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}


def binary(operator: str, left: Value, right: Value) -> Value:
    """An operator other than && and ||; EvaluationError where an operand does not fit."""
    if type(left) is int and type(right) is int and operator in _ARITHMETIC:
        return _ARITHMETIC[operator](left, right)
    if type(left) is str and type(right) is str and operator in ("==", "!="):
        return (left == right) is (operator == "==")
    if operator in ("==", "!="):
        marks = terraform_marks(marks_deep(left) | marks_deep(right))
        answer = equal(left, right)
        if operator == "!=":
            answer = answer if isinstance(answer, Unknown) else not answer
        return mark(answer, marks)
    one, marks = _operand(left, NUMBER, "left")
    other, more = _operand(right, NUMBER, "right")
    marks |= more
    if operator in _COMPARISONS:
        return mark(_compare(operator, one, other), terraform_marks(marks))
    return mark(_compute(operator, one, other), marks)


def _operand(value: Value, type_: Primitive, side: str) -> tuple[Value, Marks]:
    bare, marks = unmark(value)
    if isinstance(bare, Null):
        raise EvaluationError(
            "Invalid operand" if side == "only" else "Operation failed",
            f"Unsuitable value for {_operand_name(side)}: argument must not be null.",
        )
    try:
        return plain(convert(bare, type_)), marks
    except EvaluationError as error:
        raise EvaluationError(
            "Invalid operand",
            f"Unsuitable value for {_operand_name(side)}: {error.detail}.",
        ) from None


def _operand_name(side: str) -> str:
    return "unary operand" if side == "only" else f"{side} operand"


def _leaves(value: Value) -> tuple[Value, ...]:
    if isinstance(value, Unknown) and isinstance(value.content, Union):
        return value.content.leaves
    return (value,)


def _over_leaves(
    compute: Callable[[Value, Value], Value], left: Value, right: Value, type_: Type
) -> Value | None:
    """The union of the results for all pairs of leaves; None where neither side is a union."""
    ones, others = _leaves(left), _leaves(right)
    if len(ones) == len(others) == 1 or len(ones) * len(others) > MAXIMUM_LEAVES**2:
        return None
    results: list[Value] = []
    error: EvaluationError | None = None
    for one in ones:
        for other in others:
            try:
                results.append(compute(one, other))
            except EvaluationError as raised:
                error = raised
    origins = (*origins_of(left), *origins_of(right))
    if error is not None:
        return Unknown(type_, tuple(dict.fromkeys(origins)), not_null=True)
    return union(results, tuple(dict.fromkeys(origins)), type_)


def _undecided(type_: Type, *values: Value) -> Unknown:
    origins = dict.fromkeys(origin for value in values for origin in origins_of(value))
    return Unknown(type_, tuple(origins), not_null=True)


def _compute(operator: str, left: Value, right: Value) -> Value:
    left, right = plain(left), plain(right)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        pairwise = _over_leaves(lambda a, b: _compute(operator, a, b), left, right, NUMBER)
        return _undecided(NUMBER, left, right) if pairwise is None else pairwise
    return _ARITHMETIC[operator](_number(left), _number(right))


def _number(value: Value) -> Number:
    if isinstance(value, Null):  # one of several values: null itself is refused as an operand
        raise EvaluationError("Operation failed", "An operand must not be null.")
    assert not isinstance(value, (str, Unknown))
    return value  # type: ignore[return-value]  # converted to a number


def _compare(operator: str, left: Value, right: Value) -> Value:
    left, right = plain(left), plain(right)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        pairwise = _over_leaves(lambda a, b: _compare(operator, a, b), left, right, BOOL)
        if pairwise is not None:
            return pairwise
        decided = _compare_bounds(operator, left, right)
        return _undecided(BOOL, left, right) if decided is None else decided
    return _COMPARISONS[operator](_number(left), _number(right))


def _compare_bounds(operator: str, left: Value, right: Value) -> bool | None:
    low, high = _bounds(left)
    other_low, other_high = _bounds(right)
    if not STATE.refining:
        return _apart(operator, (low, high), (other_low, other_high))
    holds = _COMPARISONS[operator]
    ascending = operator in ("<", "<=")
    best = (low, other_high) if ascending else (high, other_low)  # most favourable
    worst = (high, other_low) if ascending else (low, other_high)
    if worst[0] is not None and worst[1] is not None and holds(worst[0], worst[1]):
        return True
    if best[0] is not None and best[1] is not None and not holds(best[0], best[1]):
        return False
    return None


def _apart(operator: str, left: Bounds, right: Bounds) -> bool | None:
    """What Terraform says of two ranges: whether one lies wholly before the other."""
    (low, high), (other_low, other_high) = left, right
    before = high is not None and other_low is not None and high < other_low
    after = low is not None and other_high is not None and low > other_high
    if not before and not after:
        return None
    return before if operator in ("<", "<=") else after


def _bounds(value: Value) -> Bounds:
    if isinstance(value, Unknown):
        return value.minimum, value.maximum
    number = _number(value)
    return number, number


def negate(value: Value) -> Value:
    """Unary minus."""
    number, marks = _operand(value, NUMBER, "only")
    if isinstance(number, Unknown):
        return _mark_refined(_undecided(NUMBER, number), marks)
    return mark(numbers.negate(_number(number)), marks)


def logical_not(value: Value) -> Value:
    """`!`."""
    bare, marks = _operand(value, BOOL, "only")
    if isinstance(bare, Unknown):
        return _mark_refined(_undecided(BOOL, bare), terraform_marks(marks))
    return mark(not bare, terraform_marks(marks))


def logical(operator: str, left: Value, right: Callable[[], Value], *, plan: bool = True) -> Value:
    """`&&` and `||`: where the left operand decides, an error of the right one does not count.

    An unknown operand decides nothing, but the other one may: Terraform 1.12 skips the right
    operand; that a known right operand decides, too, follows from what the operators mean. In a
    plan the right operand's marks are the result's also where it is skipped, as in Terraform 1.11.
    """
    one, marks = _operand(left, BOOL, "left")
    decisive = operator == "||"
    if one is decisive:
        skipped = _if_any(right) if plan else decisive
        marks = terraform_marks(marks | unmark(skipped)[1])
        if is_unknown(skipped) and not STATE.refining:
            return _undecided(BOOL, skipped)
        return mark(decisive, marks)
    other, more = _operand(right(), BOOL, "right")
    marks = terraform_marks(marks | more)
    if other is decisive and STATE.refining:
        return mark(decisive, marks)
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return _mark_refined(_undecided(BOOL, one, other), marks)
    return mark(other is True, marks)


def _mark_refined(value: Value, marks: Marks) -> Value:
    """The value with marks that Terraform loses where an operand is unknown."""
    return mark(value, marks) if STATE.refining else value


def _if_any(operand: Callable[[], Value]) -> Value:
    try:
        return operand()
    except StaticError:
        raise
    except EvaluationError:
        return NULL
