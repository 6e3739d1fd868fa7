"""Conditions of policy statements, decided where the request is known.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "AWS global condition
context keys" and "Condition keys for AWS KMS", read 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import ObjectValue, Unknown, Value, plain
from fglint.model.arns import Texts
from fglint.model.listed import listed
from fglint.model.logic import Tri, all_of, any_of, negated, outside, unknown
from fglint.model.patterns import Variants, matches, same
from fglint.model.reading import Node
from fglint.records import dataclass

# Keys that a request of a role which a service assumed does not have.
_ABSENT = frozenset({"aws:multifactorauthpresent", "aws:multifactorauthage", "aws:username",
                     "sts:externalid"})  # fmt: skip
_POSITIVE = {
    "stringequals": "same", "stringlike": "matches", "arnequals": "matches", "arnlike": "matches",
    "stringequalsignorecase": "folded", "bool": "folded",
}  # fmt: skip
_NEGATIVE = {
    "stringnotequals": "same", "stringnotlike": "matches", "arnnotequals": "matches",
    "arnnotlike": "matches", "stringnotequalsignorecase": "folded",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What is known of a request: values by condition key, in small letters.

    Of the keys in `lenient`, a value that cannot be told from the one required counts as it.
    """

    values: Mapping[str, tuple[Variants, ...]] = field(default_factory=dict)
    lenient: frozenset[str] = frozenset()

    def extended(self, values: Mapping[str, tuple[Variants, ...]]) -> Context:
        """The context with more keys."""
        return Context({**self.values, **values}, self.lenient)


def is_conditional(condition: Node) -> Tri:
    """Whether a statement has a condition; one that is not known may be none."""
    if is_null(condition.value):
        return False
    bare = plain(condition.value)
    if isinstance(bare, Unknown) and not condition.members():
        return unknown(bare)
    return not (isinstance(bare, ObjectValue) and not bare.items)


def condition_keys(condition: Node) -> list[str]:
    """The keys that a condition asks for, in small letters."""
    return [key.lower() for _, tests in condition.members() for key, _ in tests.members()]


def holds(condition: Node, context: Context, texts: Texts) -> Tri:
    """Whether a condition holds in a request; unknown with the key that it depends on."""
    if is_conditional(condition) is False:
        return True
    bare = plain(condition.value)
    operators = condition.members()
    if isinstance(bare, Unknown) and not operators:
        return unknown(bare)
    answers: list[Tri] = []
    for operator, tests in operators:
        for key, values in tests.members():
            answers.append(_test(operator, key, values, context, texts))
    if isinstance(bare, Unknown):
        answers.append(unknown(bare))
    return all_of(answers)


def _test(operator: str, key: str, values: Node, context: Context, texts: Texts) -> Tri:
    quantifier, _, name = operator.rpartition(":")
    name = name.lower()
    optional = name.endswith("ifexists")
    name = name.removesuffix("ifexists")
    key = key.lower()
    found = context.values.get(key)
    if found is None and key in _ABSENT:
        found = ()
    if found is None:
        return _undecided(values, operator, key)
    if name == "null":
        return _null(values, bool(found))
    if not found:
        return optional or name in _NEGATIVE or quantifier.lower() == "forallvalues"
    how = _POSITIVE.get(name) or _NEGATIVE.get(name)
    if how is None:
        return _undecided(values, operator, key)
    wanted = [texts.of(value) for value in _values(values)]
    answers = [_one_of(wanted, value, how, key in context.lenient) for value in found]
    combined = all_of(answers) if quantifier.lower() == "forallvalues" else any_of(answers)
    return negated(combined) if name in _NEGATIVE else combined


def _values(node: Node) -> Sequence[Value]:
    found = listed(node)
    if found.rest is not None:
        return [*(value for _, value in found.items), node.value]
    return [value for _, value in found.items]


def _one_of(wanted: Sequence[Variants], value: Variants, how: str, lenient: bool) -> Tri:
    """Whether a value of the request is one of those wanted; alike for all that it may be."""
    found: list[Tri] = []
    for variant in value:
        answer = any_of(_is(one, (variant,), how) for one in wanted)
        found.append(True if lenient and isinstance(answer, Unknown) else answer)
    if all(answer is True for answer in found):
        return True
    if all(answer is False for answer in found):
        return False
    doubts = [answer for answer in found if isinstance(answer, Unknown)]
    return unknown(*doubts)


def _is(wanted: Variants, value: Variants, how: str) -> Tri:
    match how:
        case "same":
            return same(wanted, value)
        case "folded":
            return matches(wanted, value, fold=True)
        case _:
            return matches(wanted, value)


def _null(values: Node, present: bool) -> Tri:
    texts = {str(plain(value)).lower() for value in _values(values)}
    if texts == {"true"}:
        return not present
    return present if texts == {"false"} else _undecided(values, "Null", "")


def _undecided(values: Node, operator: str, key: str) -> Unknown:
    where = values.instance.address
    because = f"a statement of {where} has the condition {operator} on {key}, which is not decided"
    return outside(where, because)
