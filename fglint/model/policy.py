"""Policy documents of IAM, and what their statements allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fglint.evaluation.holes import json_text_value
from fglint.evaluation.values import (
    EvaluationError,
    ListValue,
    ObjectValue,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    is_null,
    plain,
)
from fglint.model.links import elements
from fglint.model.logic import Tri, all_of, any_of, negated, outside, unknown
from fglint.model.patterns import Own, Symbol, any_matches, symbols
from fglint.model.reading import Node
from fglint.provider.managed_policies import ManagedPolicy

Target = Sequence[Sequence[Symbol]]  # one text in one or more forms

_OWN_KEYS = {"aws:sourceaccount": "account", "aws:sourcearn": "account"}


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement; `place` is the node that writes it, None for AWS's own policies."""

    effect: Value
    actions: tuple[Value, ...]
    not_actions: tuple[Value, ...]
    resources: tuple[Value, ...]
    not_resources: tuple[Value, ...]
    condition: Value
    node: Node | None = None

    def covers(self, action: str, resource: Target) -> Tri:
        """Whether action and resource fall under it, conditions aside."""
        return all_of([self._acts(action), self._concerns(resource)])

    def _acts(self, action: str) -> Tri:
        target = [tuple(action)]
        if self.not_actions:
            return negated(any_matches(self.not_actions, target, True))
        return any_matches(self.actions, target, True)

    def _concerns(self, resource: Target) -> Tri:
        if self.not_resources:
            return negated(any_matches(self.not_resources, resource, False))
        return any_matches(self.resources, resource, False)

    def is_effect(self, wanted: str) -> Tri:
        """Whether its effect is "Allow" or "Deny"."""
        bare = plain(self.effect)
        return unknown(bare) if isinstance(bare, Unknown) else bare == wanted

    @property
    def is_conditional(self) -> Tri:
        """False without a condition; else unknown, since conditions are not decided."""
        if is_null(self.condition):
            return False
        bare = plain(self.condition)
        if isinstance(bare, ObjectValue) and not bare.items:
            return False
        where = self.node.instance.address if self.node is not None else "the policy"
        return outside(where, f"a statement of {where} has a condition, which is not decided")


def document(node: Node) -> tuple[list[Statement], list[Unknown]]:
    """The statements of a policy document, and why there may be others."""
    try:
        value = json_text_value(node.value)
    except EvaluationError:
        return [], []
    whole = Node(node.instance, value, node.path)
    if isinstance(plain(value), Unknown) and not whole.members():
        return [], [unknown(value)]
    statements = whole.get("Statement")
    bare = plain(statements.value)
    if isinstance(bare, ObjectValue):
        return [_statement(statements)], []
    found = statements.elements()
    doubts = [] if found.rest is None else [unknown(found.rest)]
    read: list[Statement] = []
    for item in found:
        if isinstance(plain(item.value), Unknown) and not item.members():
            doubts.append(unknown(item.value))
        else:
            read.append(_statement(item))
    return read, doubts


def _statement(node: Node) -> Statement:
    return Statement(
        node.get("Effect").value,
        _texts(node.get("Action").value),
        _texts(node.get("NotAction").value),
        _texts(node.get("Resource").value),
        _texts(node.get("NotResource").value),
        node.get("Condition").value,
        node,
    )


def _texts(value: Value) -> tuple[Value, ...]:
    """One text or a list of them."""
    bare = plain(value)
    if isinstance(bare, str):
        return (bare,)
    if is_null(bare):
        return ()
    if isinstance(bare, (TupleValue, ListValue, SetValue)):
        return bare.items
    return elements(bare)


def managed(policy: ManagedPolicy) -> Statement:
    """The statement of one of AWS's own policies."""
    return Statement(
        "Allow", policy.actions, policy.not_actions, ("*",), (), TupleValue(()), None
    )


def allows(statements: Sequence[tuple[Tri, Statement]], action: str, resource: Target) -> Tri:
    """Whether statements, each with whether it is there, allow an action on a resource.

    An explicit Deny wins over any Allow.
    """
    allowed: list[Tri] = []
    denied: list[Tri] = []
    for present, statement in statements:
        applies = all_of([present, statement.covers(action, resource)])
        if applies is False:
            continue
        conditional = statement.is_conditional
        met = applies if conditional is False else all_of([applies, conditional])
        allowed.append(all_of([statement.is_effect("Allow"), met]))
        denied.append(all_of([statement.is_effect("Deny"), met]))
    return all_of([any_of(allowed), negated(any_of(denied))])


def trusts(statements: Sequence[Statement], service: str) -> Tri:
    """Whether a trust policy lets an AWS service assume the role."""
    answers: list[Tri] = []
    for statement in statements:
        assert statement.node is not None
        principals = statement.node.get("Principal")
        named = _texts(principals.get("Service").value)
        if plain(principals.value) == "*":
            named = ("*",)
        elif isinstance(plain(principals.value), Unknown) and not principals.members():
            answers.append(unknown(principals.value))
            continue
        conditional = False if _names_own_account(statement) else statement.is_conditional
        answers.append(
            all_of(
                [
                    statement.is_effect("Allow"),
                    any_matches(statement.actions, [tuple("sts:AssumeRole")], True),
                    _named(named, service),
                    negated(conditional),
                ]
            )
        )
    return any_of(answers)


def _named(services: Sequence[Value], wanted: str) -> Tri:
    answers: list[Tri] = []
    for service in services:
        bare = plain(service)
        answers.append(unknown(bare) if isinstance(bare, Unknown) else bare in (wanted, "*"))
    return any_of(answers)


def _names_own_account(statement: Statement) -> bool:
    """Whether a trust policy's condition only asks for the own account, as AWS recommends."""
    assert statement.node is not None
    operators = statement.node.get("Condition").members()
    for operator, tests in operators:
        if operator not in ("StringEquals", "StringLike", "ArnLike", "ArnEquals"):
            return False
        for key, values in tests.members():
            if key.lower() not in _OWN_KEYS:
                return False
            for value in _texts(values.value):
                if Own("account") not in symbols(value):
                    return False
    return bool(operators)
