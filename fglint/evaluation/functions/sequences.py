"""What functions share that take lists, tuples and sets apart, known or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fglint.evaluation.convert import friendly
from fglint.evaluation.elements import elements_of
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.functions.arguments import invalid
from fglint.evaluation.inspection import has_known_order, is_wholly_known, origins_of, type_of
from fglint.evaluation.origins import Origin
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import DYNAMIC, ListType, SetType, TupleType, Type
from fglint.evaluation.unification import unify
from fglint.evaluation.values import (
    Item,
    ListValue,
    OpenList,
    Presence,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.records import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Sequence_:
    """The elements of a list, tuple or set; `unknown` tells why there may be others."""

    items: tuple[Item, ...]
    unknown: Unknown | None

    @property
    def values(self) -> tuple[Value, ...]:
        """The values of all elements."""
        return tuple(item.value for item in self.items)


MAXIMUM_ITEMS = 10_000  # of an open list, beyond which its elements are forgotten


def sequence(value: Value, parameter: str = "list", kinds: str = "list or tuple") -> Sequence_:
    """The elements of a list, tuple or set; EvaluationError for what is none."""
    bare = plain(value)
    if isinstance(bare, (TupleValue, ListValue, SetValue)):
        return Sequence_(tuple(map(Item, bare.items)), None)
    if isinstance(bare, Unknown):
        try:
            found = tuple(Item(v, presence) for _, v, presence in elements_of(bare))
        except EvaluationError:
            raise invalid(parameter, f"must be a {kinds}") from None
        certain = all(item.presence is Presence.ONE for item in found)
        return Sequence_(found, None if certain else bare)
    raise invalid(parameter, f"must be a {kinds}, not {friendly(type_of(bare))}")


def has_known_length(value: Value) -> bool:
    """Whether Terraform knows how many elements there are: unknown ones of a set may be equal."""
    bare = plain(value)
    if isinstance(bare, SetValue) and len(bare.items) > 1:
        return is_wholly_known(bare)
    return not isinstance(bare, Unknown)


def element_type(value: Value) -> Type:
    """The element type of a list or set, the unified one of a tuple, or DYNAMIC."""
    match type_of(value):
        case ListType(element) | SetType(element):
            return element
        case TupleType(types):
            return unify(types) or DYNAMIC
        case _:
            return DYNAMIC


def origins(values: Iterable[Value]) -> tuple[Origin, ...]:
    """Why values are unknown, each cause once."""
    return tuple(dict.fromkeys(origin for value in values for origin in origins_of(value)))


def open_list(items: Sequence[Item], type_: Type, *causes: Value) -> Unknown:
    """A list of which some elements may be there or not."""
    least = sum(item.presence is Presence.ONE for item in items)
    most = None if any(item.presence is Presence.MANY for item in items) else len(items)
    if len(items) > MAXIMUM_ITEMS:
        return Unknown(type_, origins(causes), not_null=True)
    return Unknown(
        type_,
        origins(causes) or origins(item.value for item in items),
        not_null=True,
        minimum=least if STATE.refining else None,
        maximum=most if STATE.refining else None,
        content=OpenList(tuple(items), all(map(has_known_order, causes))),
    )
