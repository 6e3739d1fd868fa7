"""Two mechanisms that manage the same thing, and undo each other at each apply.

Source: the notes on the pages of aws_security_group, aws_route_table and aws_iam_role in the
documentation of hashicorp/aws 6, read 2026-11. In the provider's schema each inline argument is
optional and computed: one that is not written takes nothing away, one that is an empty list takes
all. The ingress and the egress of a security group are two arguments, so that rules of one
direction leave those of the other alone; the documentation advises against both kinds all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import STRING
from fglint.evaluation.values import NULL, Unknown, Value, plain
from fglint.model.attachments import lists_policy
from fglint.model.existence import exists
from fglint.model.links import Link
from fglint.model.logic import Tri, all_of, any_of, negated, same, unknown
from fglint.model.reading import Node, present, root
from fglint.model.security_group import SecurityGroup
from fglint.model.security_group_rule import STANDALONE, SecurityGroupRule

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

_OPPOSITE = {"ingress": "egress", "egress": "ingress"}
_ROLE_ATTACHMENTS = {
    "managed_policy_arns": ("lists its managed policies", "aws_iam_role_policy_attachment"),
    "inline_policy": ("writes its policies inline", "aws_iam_role_policy"),
}
# Only blocks: without any, nothing is written.
_BLOCKS = ("inline_policy",)


def conflict(deployment: Deployment, instance: Instance) -> Value:
    """Which other resource undoes what this one manages, as a clause; null for none."""
    match instance.type:
        case "aws_security_group":
            found = _of_group(_group(deployment, instance))
        case "aws_route_table":
            found = _of_table(deployment, instance)
        case "aws_iam_role":
            found = _of_role(deployment, instance)
        case _:
            return NULL
    return _first(found)


def mixture(deployment: Deployment, instance: Instance) -> Value:
    """Which rule makes the direction that a group does not write inline; null for none."""
    if instance.type != "aws_security_group":
        return NULL
    return _first(_across(_group(deployment, instance)))


def _first(found: Iterator[tuple[str, Tri]]) -> Value:
    doubts: list[Unknown] = []
    for clause, both in found:
        if both is True:
            return clause
        if isinstance(both, Unknown):
            doubts.append(both)
    return Unknown(STRING, unknown(*doubts).origins) if doubts else NULL


def _inline(node: Node) -> Tri:
    """Whether an argument is written: an empty list is, and manages that there is none."""
    if isinstance(plain(node.value), Unknown):
        return present(node)
    return not is_null(node.value)


def _group(deployment: Deployment, instance: Instance) -> SecurityGroup:
    return deployment.security_group(Link(instance.values, instance))


def _separate(group: SecurityGroup) -> list[SecurityGroupRule]:
    return [rule for rule in group.contents[0] if rule.written.instance is not group.instance]


def _of_group(group: SecurityGroup) -> Iterator[tuple[str, Tri]]:
    assert group.instance is not None
    for rule in _separate(group):
        inline = _inline_of(rule, root(group.instance))
        clause = f"writes its {rule.way} rules inline, and {rule.address} makes another one"
        yield clause, all_of([inline, rule.present])
    yield from _twins(_separate(group))


def _inline_of(rule: SecurityGroupRule, group: Node) -> Tri:
    """Whether the direction of a rule is written inline, too."""
    if rule.way:
        return _inline(group.get(rule.way))
    direction = unknown(rule.written.get("type").value)
    return all_of([any_of(_inline(group.get(way)) for way in _OPPOSITE), direction])


def _across(group: SecurityGroup) -> Iterator[tuple[str, Tri]]:
    assert group.instance is not None
    node = root(group.instance)
    for rule in _separate(group):
        other = _OPPOSITE.get(rule.way)
        if other is not None:
            clause = f"writes its {other} rules inline, and {rule.address} makes one of {rule.way}"
            yield clause, all_of([_inline(node.get(other)), rule.present])


def _twins(rules: list[SecurityGroupRule]) -> Iterator[tuple[str, Tri]]:
    """Rules that both kinds of resources for rules write."""
    new = [rule for rule in rules if rule.written.instance.type in STANDALONE]
    old = [rule for rule in rules if rule.written.instance.type not in STANDALONE]
    for one in new:
        for other in old:
            names = ("protocol", "from_port", "to_port")
            alike = [same(one.read(name).value, other.read(name).value) for name in names]
            kinds = one.way == other.way and one.peer_kind == other.peer_kind
            peers = same(one.peer_node.value, other.peer_node.value)
            if all_of([kinds, *alike, peers]) is True:
                clause = f"gets the same rule from {one.address} and from {other.address}"
                yield clause, all_of([one.present, other.present])


def _of_table(deployment: Deployment, instance: Instance) -> Iterator[tuple[str, Tri]]:
    inline = _inline(root(instance).get("route"))
    link = Link(instance.values, instance)
    for one in deployment.links.of("aws_route"):
        value = root(one).get("route_table_id").value
        mine = deployment.links.matches(value, "route_table", link)
        clause = f"writes its routes inline, and {one.address} makes another one"
        yield clause, all_of([inline, mine, exists(one, instance)])


def _of_role(deployment: Deployment, instance: Instance) -> Iterator[tuple[str, Tri]]:
    link = Link(instance.values, instance)
    for argument, (does, type_) in _ROLE_ATTACHMENTS.items():
        node = root(instance).get(argument)
        inline = present(node) if argument in _BLOCKS else _inline(node)
        for one in deployment.links.of(type_):
            mine = deployment.links.matches(root(one).get("role").value, "role", link)
            clause = f"{does}, and {one.address} adds another one"
            again: Tri = False
            if argument not in _BLOCKS:
                again = lists_policy(deployment.role(link), root(one).get("policy_arn"))
            yield clause, all_of([inline, mine, exists(one, instance), negated(again)])
