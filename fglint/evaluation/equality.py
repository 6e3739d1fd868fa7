"""When two values are equal, with go-cty's kinds and with what is known of unknowns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from fractions import Fraction

from fglint.evaluation.inspection import is_wholly_known, origins_of, type_of
from fglint.evaluation.numbers import same
from fglint.evaluation.refinement import STATE
from fglint.evaluation.sets import identity_key
from fglint.evaluation.types import (
    BOOL,
    Dynamic,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    has_dynamic,
)
from fglint.evaluation.values import (
    Capsule,
    Encoded,
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    Parts,
    SetValue,
    TupleValue,
    Union,
    Unknown,
    Value,
    children,
    plain,
    unmark,
)

Answer = bool | None  # None: not known


def equal(left: Value, right: Value) -> bool | Unknown:
    """Whether two values are equal; Unknown, with the origins of both, where it is not known."""
    answer = compare(left, right)
    if answer is not None:
        return answer
    origins = tuple(dict.fromkeys((*origins_of(left), *origins_of(right))))
    return Unknown(BOOL, origins, not_null=True)


def compare(left: Value, right: Value) -> Answer:
    """Whether two values are equal, whatever their marks. Their types must be equal, too."""
    left, right = plain(left), plain(right)
    if isinstance(left, Unknown):
        return _compare_unknown(left, right)
    if isinstance(right, Unknown):
        return _compare_unknown(right, left)
    if isinstance(left, Null) or isinstance(right, Null):
        return isinstance(left, Null) and isinstance(right, Null)
    match left, right:
        case (Capsule(), _) | (_, Capsule()):
            return left is right
        case bool(), bool():
            return left == right
        case bool(), _:
            return False
        case str(), str():
            return left == right
        case ((int() | Fraction() | float()), (int() | Fraction() | float())):
            return not isinstance(right, bool) and same(left, right)
    if type(left) is not type(right):
        return False
    mine, others = type_of(left), type_of(right)
    if mine != others:
        if _has_definite_type(left) and _has_definite_type(right):
            return False
        if not _conforms(mine, others) and not _conforms(others, mine):
            return False
    return _compare_members(left, right)


def _compare_members(left: Value, right: Value) -> Answer:
    match left, right:
        case TupleValue(items), TupleValue(others):
            return len(items) == len(others) and _all(zip(items, others, strict=True))
        case ListValue(items, _), ListValue(others, _):
            return len(items) == len(others) and _all(zip(items, others, strict=True))
        case SetValue(), SetValue():
            return _compare_sets(left, right)
        case (ObjectValue(entries), ObjectValue(others)) | (
            MapValue(entries, _),
            MapValue(others, _),
        ):
            if entries.keys() != others.keys():
                return False
            return _all((entry, others[name]) for name, entry in entries.items())
        case _:
            return False


def _has_definite_type(value: Value) -> bool:
    """Whether no part of the type hangs on what is not known; null of any type is definite."""
    bare = plain(value)
    if isinstance(bare, Unknown):
        return not has_dynamic(bare.type)
    return all(map(_has_definite_type, children(bare)))


def _conforms(given: Type, wanted: Type) -> bool:
    """Whether the types are equal where the wanted one is known."""
    if isinstance(wanted, Dynamic):
        return True
    match given, wanted:
        case (
            (ListType(element), ListType(other))
            | (SetType(element), SetType(other))
            | (MapType(element), MapType(other))
        ):
            return _conforms(element, other)
        case TupleType(elements), TupleType(others):
            return len(elements) == len(others) and all(map(_conforms, elements, others))
        case ObjectType(attributes), ObjectType(others):
            return [name for name, _ in attributes] == [name for name, _ in others] and all(
                _conforms(one, other)
                for (_, one), (_, other) in zip(attributes, others, strict=True)
            )
        case _:
            return given == wanted


def _all(pairs: Iterable[tuple[Value, Value]]) -> Answer:
    answer: Answer = True
    for left, right in pairs:
        one = compare(left, right)
        if one is False:
            return False
        if one is None:
            if not STATE.refining:
                return None
            answer = None
    return answer


def _compare_sets(left: SetValue, right: SetValue) -> Answer:
    if not is_wholly_known(left) or not is_wholly_known(right):
        return False if bool(left.items) != bool(right.items) else None
    mine, others = map(identity_key, left.items), map(identity_key, right.items)
    return len(left.items) == len(right.items) and set(mine) == set(others)


# ---- unknowns ---------------------------------------------------------------------------------


def _compare_unknown(left: Unknown, right: Value) -> Answer:
    bare = plain(right)
    if isinstance(bare, Null) and left.not_null:
        return False
    if isinstance(left.content, Union):
        return _agreed(compare(leaf, bare) for leaf in left.content.leaves)
    if isinstance(bare, Null):
        return None
    if isinstance(bare, Unknown):
        if isinstance(bare.content, Union):
            return _compare_unknown(bare, left)
        if not STATE.refining:
            return None
        if left is bare or (left.ref is not None and left.ref == bare.ref and left.ref.is_one):
            return True
        if isinstance(left.content, Parts) or isinstance(bare.content, Parts):
            answer = _compare_parts(_parts_of(left), _parts_of(bare))
            if answer is not None:
                return answer
        both_set = left.not_null or bare.not_null
        return False if both_set and _cannot_meet(left, bare) else None
    other = type_of(bare)
    if left.type != other and not (has_dynamic(left.type) and _may_be_one(left.type, other)):
        return False
    if not STATE.refining:
        return None if _in_range(left, bare) else False
    if isinstance(bare, str):
        return None if _may_be_text(left, bare) else False
    if isinstance(bare, (int, Fraction, float)) and not _within(left, bare):
        return False
    members = getattr(bare, "items", None)
    if members is not None and not _within(left, len(members)) and _bounds_length(left):
        return False
    return None


def _may_be_one(mine: Type, other: Type) -> bool:
    """Whether two types are the same, or may be once what is open in them is known."""
    match mine, other:
        case (Dynamic(), _) | (_, Dynamic()):
            return True
        case (
            (ListType(own), ListType(others))
            | (SetType(own), SetType(others))
            | (MapType(own), MapType(others))
        ):
            return _may_be_one(own, others)
        case _:
            return mine == other or type(mine) is type(other)


def _parts_of(value: Unknown) -> Sequence[Value]:
    return value.content.parts if isinstance(value.content, Parts) else (value,)


def _compare_parts(left: Sequence[Value], right: Sequence[Value]) -> Answer:
    """Whether two texts are equal, of which the same unknowns are parts."""
    mine, others = list(left), list(right)
    for end in (0, -1):
        while mine and others and _is_same_part(mine[end], others[end]):
            mine.pop(end)
            others.pop(end)
    if not mine and not others:
        return True
    rest = [part for part in (*mine, *others) if not isinstance(part, str)]
    texts = "".join(map(str, mine)), "".join(map(str, others))
    # What is not ASCII may combine with what stands beside it.
    return None if rest or not all(map(str.isascii, texts)) else texts[0] == texts[1]


def _is_same_part(left: Value, right: Value) -> bool:
    one, other = plain(left), plain(right)
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return one.ref is not None and one.ref == other.ref and one.ref.is_one
    return isinstance(one, str) and one == other


def _decomposed(text: str) -> str:
    """The text in normal form D, up to its last character that is no combining one."""
    text = unicodedata.normalize("NFD", text)
    while text and unicodedata.combining(text[-1]):
        text = text[:-1]
    return text


def _bounds_length(value: Unknown) -> bool:
    return isinstance(value.type, (ListType, SetType, MapType, TupleType))


def _agreed(answers: Iterable[Answer]) -> Answer:
    found = set(answers)
    return found.pop() if len(found) == 1 else None


def _cannot_meet(left: Unknown, right: Unknown) -> bool:
    if left.prefix and right.prefix:
        count = min(len(left.prefix), len(right.prefix))
        if left.prefix[:count] != right.prefix[:count]:
            return True
    if left.maximum is not None and right.minimum is not None and left.maximum < right.minimum:
        return True
    return right.maximum is not None and left.minimum is not None and right.maximum < left.minimum


def _in_range(value: Unknown, other: Value) -> bool:
    """Whether a known value is one of those that Terraform thinks possible."""
    if isinstance(other, str):
        return other.startswith(value.prefix)
    if isinstance(other, (int, Fraction, float)):
        return _within(value, other)
    if isinstance(other, (ListValue, SetValue)):
        return _within(value, len(other.items))
    return True


def _may_be_text(value: Unknown, text: str) -> bool:
    if not text.startswith(value.prefix):
        return False
    first = value.content.parts[0] if isinstance(value.content, Parts) else None
    # The last character may combine with what follows, but its base stays.
    if isinstance(first, str) and not _decomposed(text).startswith(_decomposed(first)):
        return False
    if isinstance(value.content, Parts) and value.content.parts:
        last = plain(value.content.parts[-1])
        return text.endswith(last) if isinstance(last, str) else True
    return True


def _within(value: Unknown, number: int | Fraction | float) -> bool:
    if value.minimum is not None and number < value.minimum:
        return False
    return value.maximum is None or number <= value.maximum


# ---- identity ---------------------------------------------------------------------------------


def identical(left: Value, right: Value) -> bool:
    """Whether two values are the same for every purpose: kinds, marks and unknowns included."""
    if left is right:
        return True
    one, marks = unmark(left)
    other, other_marks = unmark(right)
    if marks != other_marks or type(one) is not type(other):
        return False
    match one, other:
        case Unknown(), Unknown():
            return _same_unknown(one, other)
        case Null(type_), Null(other_type):
            return type_ == other_type
        case Capsule(), _:
            return one is other
        case (TupleValue(items), TupleValue(others)):
            return _same_items(items, others)
        case (ListValue(items, element), ListValue(others, other_element)):
            return element == other_element and _same_items(items, others)
        case (SetValue(items, element), SetValue(others, other_element)):
            return element == other_element and _same_items(items, others)
        case (MapValue(_, element), MapValue(_, other_element)) if element != other_element:
            return False
        case (ObjectValue(entries), ObjectValue(others)) | (
            MapValue(entries, _),
            MapValue(others, _),
        ):
            return entries.keys() == others.keys() and all(
                identical(entry, others[name]) for name, entry in entries.items()
            )
        case _:
            return one == other


def _same_items(items: tuple[Value, ...], others: tuple[Value, ...]) -> bool:
    return len(items) == len(others) and all(map(identical, items, others))


def _same_unknown(one: Unknown, other: Unknown) -> bool:
    if one.ref is not None and one.ref == other.ref and one.ref.is_one:
        return one.type == other.type
    mine, theirs = one.content, other.content
    if isinstance(mine, Parts) and isinstance(theirs, Parts):
        return _same_items(mine.parts, theirs.parts)
    if isinstance(mine, Encoded) and isinstance(theirs, Encoded):
        return mine.encoding == theirs.encoding and identical(mine.value, theirs.value)
    return False
