"""One of several values: what an unknown condition, key or index leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fglint.evaluation.equality import identical
from fglint.evaluation.inspection import marks_deep, origins_of
from fglint.evaluation.origins import Origin
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import Type
from fglint.evaluation.values import MAXIMUM_LEAVES, Null, Union, Unknown, Value, mark, plain


def union(leaves: Sequence[Value], origins: tuple[Origin, ...], type_: Type) -> Value:
    """One of several values; the value itself where all agree, plain Unknown beyond the cap."""
    if not STATE.refining:
        marks = frozenset(found for leaf in leaves for found in marks_deep(leaf))
        more = tuple(dict.fromkeys(o for leaf in leaves for o in origins_of(leaf)))
        return mark(Unknown(type_, tuple(dict.fromkeys((*origins, *more)))), marks)
    distinct: list[Value] = []
    for leaf in leaves:
        bare = plain(leaf)
        inner = (
            bare.content.leaves
            if isinstance(bare, Unknown) and isinstance(bare.content, Union)
            else (leaf,)
        )
        for one in inner:
            if not any(identical(one, other) for other in distinct):
                distinct.append(one)
    if len(distinct) == 1:
        return distinct[0]
    more = tuple(dict.fromkeys(o for leaf in distinct for o in origins_of(leaf)))
    result = Unknown(type_, tuple(dict.fromkeys((*origins, *more))))
    result = replace(result, not_null=all(_is_set(leaf) for leaf in distinct))
    if len(distinct) > MAXIMUM_LEAVES:
        return mark(result, frozenset(found for leaf in distinct for found in marks_deep(leaf)))
    return replace(result, content=Union(tuple(distinct)))


def _is_set(value: Value) -> bool:
    bare = plain(value)
    return bare.not_null if isinstance(bare, Unknown) else not isinstance(bare, Null)
