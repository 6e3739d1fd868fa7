"""Operators, conditionals and templates over values, known or not."""

from __future__ import annotations

import operator as python
from collections.abc import Callable, Sequence
from dataclasses import replace

from fglint.evaluation import numbers
from fglint.evaluation.access import elements, get_attr, index, splat
from fglint.evaluation.convert import convert, friendly, unify
from fglint.evaluation.equality import equal, identical
from fglint.evaluation.functions import graphemes
from fglint.evaluation.functions.arguments import check_text, normalized
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    Dynamic,
    ListType,
    MapType,
    Primitive,
    SetType,
    Type,
)
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    MAXIMUM_LEAVES,
    NULL,
    ComposedText,
    EvaluationError,
    ListValue,
    Marks,
    Null,
    Number,
    Origin,
    Parts,
    StaticError,
    Union,
    Unknown,
    Value,
    is_unknown,
    mark,
    marks_deep,
    origins_of,
    plain,
    terraform_marks,
    type_of,
    unmark,
)

__all__ = [
    "binary",
    "concat_template",
    "conditional",
    "elements",
    "equal",
    "get_attr",
    "identical",
    "index",
    "logical",
    "logical_not",
    "negate",
    "splat",
]

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


# ---- conditionals -----------------------------------------------------------------------------


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
    collections = all(isinstance(type_of(given), _COLLECTIONS) for given in (then, otherwise))
    return mark(_either(leaves, decided.origins, type_, collections), marks)


_COLLECTIONS = (ListType, SetType, MapType)


def _either(
    leaves: Sequence[Value], origins: tuple[Origin, ...], type_: Type, collections: bool
) -> Value:
    """One of two values: what both have in common is known.

    `collections` tells whether both were collections before they were converted to one type.
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
    if empty and isinstance(type_, (ListType, SetType, MapType)):
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


# ---- templates --------------------------------------------------------------------------------


def concat_template(parts: Sequence[Value]) -> Value:
    """The text of a template; with unknown parts, an unknown that keeps them.

    EvaluationError for null and for what has no text.
    """
    texts: list[Value] = []
    marks: set[object] = set()
    known = True
    for part in parts:
        if type(part) is str:
            texts.append(part)
            continue
        bare, found = unmark(part)
        marks |= found
        text = _text(bare)
        if isinstance(text, Unknown):
            known = False
            texts.append(mark(text, found))
        else:
            texts.append(mark(text, found))
    all_marks: Marks = frozenset(marks)  # type: ignore[arg-type]
    if known:
        known_texts = [str(plain(text)) for text in texts]
        check_text(sum(map(len, known_texts)))
        joined = normalized("".join(known_texts))
        if all_marks:
            joined = ComposedText(joined, Parts(_flat(texts)))
        return mark(joined, all_marks)
    unknown = [text for text in texts if is_unknown(text)]
    if len(texts) == 1:
        return mark(replace(_unknown(texts[0]), not_null=True), all_marks)
    if len(unknown) == 1 and isinstance(_unknown(unknown[0]).content, Union):
        return _spread(texts, unknown[0], all_marks)
    return mark(_partial(texts), all_marks)


def _flat(texts: list[Value]) -> tuple[Value, ...]:
    """The pieces, with those of composed texts in the place of the texts."""
    pieces: list[Value] = []
    for text in texts:
        bare = plain(text)
        if isinstance(bare, ComposedText) and isinstance(bare.content, Parts):
            pieces.extend(bare.content.parts)
        else:
            pieces.append(text)
    return tuple(pieces)


def _text(value: Value) -> str | Unknown:
    if isinstance(value, Null):
        raise EvaluationError(
            "Invalid template interpolation value",
            "The expression result is null. Cannot include a null value in a string template.",
        )
    try:
        text = plain(convert(value, STRING))
    except EvaluationError as error:
        raise EvaluationError(
            "Invalid template interpolation value",
            f"Cannot include the given value in a string template: {error.detail}.",
        ) from None
    assert isinstance(text, (str, Unknown))
    return text


def _unknown(value: Value) -> Unknown:
    bare = plain(value)
    assert isinstance(bare, Unknown)
    return bare


def _spread(texts: list[Value], part: Value, marks: Marks) -> Value:
    """A template around a union: the union of the texts."""
    content = _unknown(part).content
    assert isinstance(content, Union)
    at = texts.index(part)
    results: list[Value] = []
    for leaf in content.leaves:
        if isinstance(plain(leaf), Null):
            return mark(_partial(texts), marks)
        results.append(concat_template([*texts[:at], leaf, *texts[at + 1 :]]))
    return mark(union(results, _unknown(part).origins, STRING), marks)


def _partial(texts: list[Value]) -> Unknown:
    """The unknown text made of known and unknown pieces, known neighbours joined."""
    pieces: list[Value] = []
    origins: dict[Origin, None] = {}
    for text in texts:
        bare = plain(text)
        if isinstance(bare, Unknown):
            origins.update(dict.fromkeys(bare.origins))
            if isinstance(bare.content, Parts):
                inner = [mark(piece, unmark(text)[1]) for piece in bare.content.parts]
                pieces.extend(inner)
            else:
                pieces.append(text)
        elif pieces and type(pieces[-1]) is str and type(text) is str:
            pieces[-1] += text
        elif bare != "":
            pieces.append(text)
    prefix = ""
    for piece in pieces:
        bare = plain(piece)
        if isinstance(bare, str):
            prefix += bare
            continue
        assert isinstance(bare, Unknown)
        prefix += bare.prefix
        break
    prefix = graphemes.safe_prefix(prefix)
    return Unknown(
        STRING, tuple(origins), not_null=True, prefix=prefix, content=Parts(tuple(pieces))
    )
