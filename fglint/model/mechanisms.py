"""Two mechanisms that manage the same thing, and undo each other at each apply.

Source: the notes on the pages of aws_security_group, aws_route_table and aws_iam_role in the
documentation of hashicorp/aws 6, read 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.types import STRING
from fglint.evaluation.values import NULL, Unknown, Value
from fglint.model.existence import exists
from fglint.model.links import Link
from fglint.model.logic import Tri, all_of, any_of, same, unknown
from fglint.model.reading import present, root
from fglint.model.security_group import STANDALONE, SecurityGroup, SecurityGroupRule

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

_ROLE_ATTACHMENTS = {
    "managed_policy_arns": ("aws_iam_role_policy_attachment",),
    "inline_policy": ("aws_iam_role_policy",),
}


def other_mechanism(deployment: Deployment, instance: Instance) -> Value:
    """The address of a resource that manages what another one manages inline; null for none."""
    match instance.type:
        case "aws_security_group":
            found = _of_group(deployment, instance)
        case "aws_route_table":
            found = _of_table(deployment, instance)
        case "aws_iam_role":
            found = _of_role(deployment, instance)
        case _:
            return NULL
    doubts: list[Unknown] = []
    for address, both in found:
        if both is True:
            return address
        if isinstance(both, Unknown):
            doubts.append(both)
    return Unknown(STRING, unknown(*doubts).origins) if doubts else NULL


def _of_group(deployment: Deployment, instance: Instance) -> Iterator[tuple[str, Tri]]:
    node = root(instance)
    inline = any_of(present(node.get(way)) for way in ("ingress", "egress"))
    group = deployment.security_group(Link(instance.values, instance))
    separate = [rule for rule in group.contents[0] if rule.written.instance is not instance]
    for rule in separate:
        yield rule.address, all_of([inline, rule.present])
    yield from _twins(group, separate)


def _twins(group: SecurityGroup, rules: list[SecurityGroupRule]) -> Iterator[tuple[str, Tri]]:
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
                yield one.address, all_of([one.present, other.present])


def _of_table(deployment: Deployment, instance: Instance) -> Iterator[tuple[str, Tri]]:
    inline = present(root(instance).get("route"))
    link = Link(instance.values, instance)
    for one in deployment.links.of("aws_route"):
        value = root(one).get("route_table_id").value
        mine = deployment.links.matches(value, "route_table", link)
        yield one.address, all_of([inline, mine, exists(one, instance)])


def _of_role(deployment: Deployment, instance: Instance) -> Iterator[tuple[str, Tri]]:
    link = Link(instance.values, instance)
    for argument, types in _ROLE_ATTACHMENTS.items():
        inline = present(root(instance).get(argument))
        for one in deployment.links.of(*types):
            mine = deployment.links.matches(root(one).get("role").value, "role", link)
            yield one.address, all_of([inline, mine, exists(one, instance)])
