"""`condition ? then : otherwise`, whose condition may be unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fglint.evaluation.convert import convert, friendly
from fglint.evaluation.equality import equal
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import origins_of, type_of
from fglint.evaluation.marks import Marks, terraform_marks
from fglint.evaluation.origins import Origin
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    Dynamic,
    ListType,
    MapType,
    SetType,
    Type,
)
from fglint.evaluation.unification import unify
from fglint.evaluation.unions import union
from fglint.evaluation.values import ListValue, Null, Number, Unknown, Value, mark, plain, unmark

_COLLECTIONS = (ListType, SetType, MapType)


def conditional(
    condition: Value, then: Value | EvaluationError, otherwise: Value | EvaluationError
) -> Value:
    """`condition ? then : otherwise`, with both branches converted to one type.

    A branch that fails is an error only where it is chosen. An unknown condition gives a union.
    """
    bare, marks = unmark(condition)
    if isinstance(bare, Null):
        raise EvaluationError(
            "Null condition",
            "The condition value is null. Conditions must either be true or false.",
        )
    try:
        decided = bare if isinstance(bare, Unknown) else plain(convert(bare, BOOL))
    except EvaluationError as error:
        raise EvaluationError(
            "Incorrect condition type",
            f"The condition expression must be of type bool: {error.detail}.",
        ) from None
    marks = terraform_marks(marks)
    if not isinstance(decided, Unknown):
        chosen, other = (then, otherwise) if decided else (otherwise, then)
        if isinstance(other, EvaluationError) and not isinstance(chosen, EvaluationError):
            return mark(chosen, marks)
        type_ = _result_type(then, otherwise)
        if isinstance(chosen, EvaluationError):
            raise chosen
        assert not isinstance(other, EvaluationError)
        if isinstance(other, (str, bool, int)):
            more: Marks = frozenset()
        else:
            more = _outer_marks(other)
        return mark(_as(chosen, type_), marks | more)
    if isinstance(then, EvaluationError) or isinstance(otherwise, EvaluationError):
        for side in (then, otherwise):
            marks |= frozenset() if isinstance(side, EvaluationError) else _outer_marks(side)
        return mark(Unknown(_result_type(then, otherwise), decided.origins), marks)
    type_ = _result_type(then, otherwise)
    leaves = [_as(then, type_), _as(otherwise, type_)]
    for leaf in leaves:
        marks |= _outer_marks(leaf)
    mine = type_of(then)
    collections = isinstance(mine, _COLLECTIONS) and mine == type_of(otherwise)
    return mark(_either(leaves, decided.origins, type_, collections), marks)


def _either(
    leaves: Sequence[Value], origins: tuple[Origin, ...], type_: Type, collections: bool
) -> Value:
    """One of two values: what both have in common is known.

    `collections` tells whether both were collections of one type before they were converted to it.
    """
    one, other = map(plain, leaves)
    if (
        collections
        and isinstance(type_, ListType)
        and isinstance(one, ListValue)
        and isinstance(other, ListValue)
        and len(one.items) == len(other.items)
    ):
        pairs = zip(one.items, other.items, strict=True)
        items = tuple(union(pair, origins, type_.element) for pair in pairs)
        return ListValue(items, type_.element)
    if not STATE.refining:
        return _common(one, other, origins, type_, collections)
    result = union(leaves, origins, type_)
    return _bounded(result, leaves) if isinstance(plain(result), Unknown) else result


def _common(
    one: Value, other: Value, origins: tuple[Origin, ...], type_: Type, collections: bool
) -> Value:
    """What Terraform knows of one of two values: whether they are null, and their bounds."""
    if isinstance(one, Null) and isinstance(other, Null):
        return one
    not_null = all(
        side.not_null if isinstance(side, Unknown) else not isinstance(side, Null)
        for side in (one, other)
    )
    more = tuple(dict.fromkeys((*origins, *origins_of(one), *origins_of(other))))
    result = Unknown(type_, more, not_null=not_null)
    if type_ == NUMBER and not_null and equal(one, other) is True:
        return one
    empty = not getattr(one, "items", True) and not getattr(other, "items", True)
    if empty and collections:
        return one
    if type_ != NUMBER and not collections:
        return result
    bounded = _bounded(result, (one, other))
    return bounded if not_null else result


def _outer_marks(value: Value) -> Marks:
    return terraform_marks(unmark(value)[1])


def _bounded(result: Value, leaves: Sequence[Value]) -> Value:
    """The union with the bounds that hold for all its leaves."""
    bare, marks = unmark(result)
    assert isinstance(bare, Unknown)
    bounds = [_size(leaf) for leaf in leaves]
    lows = [low for low, _ in bounds if low is not None]
    highs = [high for _, high in bounds if high is not None]
    minimum = min(lows) if len(lows) == len(leaves) else None
    maximum = max(highs) if len(highs) == len(leaves) else None
    return mark(replace(bare, minimum=minimum, maximum=maximum), marks)


def _size(value: Value) -> tuple[Number | None, Number | None]:
    bare = plain(value)
    if isinstance(bare, Unknown):
        return bare.minimum, bare.maximum
    if isinstance(bare, (bool, str, Null)):
        return None, None
    members = getattr(bare, "items", None)
    if members is not None:
        return len(members), len(members)
    return (bare, bare) if type_of(bare) == NUMBER else (None, None)  # type: ignore[return-value]


def _result_type(then: Value | EvaluationError, otherwise: Value | EvaluationError) -> Type:
    if isinstance(then, EvaluationError) or isinstance(otherwise, EvaluationError):
        return DYNAMIC
    if type(then) is type(otherwise) and isinstance(then, (str, bool)):
        return STRING if isinstance(then, str) else BOOL
    one, other = type_of(then), type_of(otherwise)
    if isinstance(plain(then), Null) and isinstance(one, Dynamic):
        return other
    if isinstance(plain(otherwise), Null) and isinstance(other, Dynamic):
        return one
    unified = unify([one, other])
    if unified is None:
        raise EvaluationError(
            "Inconsistent conditional result types",
            "The true and false result expressions must have consistent types. The 'true' value "
            f"is {friendly(one)}, but the 'false' value is {friendly(other)}.",
        )
    return unified


def _as(value: Value, type_: Type) -> Value:
    if isinstance(type_, Dynamic):
        return value
    try:
        return convert(value, type_)
    except EvaluationError as error:
        raise EvaluationError(
            "Inconsistent conditional result types",
            f"The true and false result expressions must have consistent types: {error.detail}.",
        ) from None
