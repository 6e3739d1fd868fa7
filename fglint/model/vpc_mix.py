"""Whether all that a service is connected to lies in one VPC."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.model.logic import Tri, all_of, negated, unknown
from fglint.model.security_group import SecurityGroup
from fglint.model.vpc import Vpc

if TYPE_CHECKING:
    from fglint.model.service import Service


def parts(service: Service) -> Iterator[tuple[str, Vpc]]:
    """What a service is connected to, each with its VPC: subnets first."""
    for subnet in service.subnet_list:
        yield str(subnet), subnet.vpc
    for group in service.group_list:
        yield str(group), _vpc_of(group)
    for binding in service.binding_list:
        if binding.is_classic:
            continue
        yield str(binding.group), binding.group.vpc
        for balancer, leads in binding.balancers:
            if leads is not True:
                continue
            for vpc in balancer.vpcs:
                yield str(balancer), vpc
            for group in balancer.side.groups:
                yield str(group), _vpc_of(group)


def _vpc_of(group: SecurityGroup) -> Vpc:
    return group.deployment.vpc_named(group.written_node, group)


def _is_in_default(group: SecurityGroup) -> bool:
    """Whether a group lies in the default VPC, because it names none."""
    node = group.node
    return node is not None and not group.is_default and is_null(node.get("vpc_id").value)


def in_one_vpc(service: Service) -> Tri:
    """Whether all lies in one VPC."""
    found = list(parts(service))
    if not found:
        return True
    first = found[0][1]
    same = service.deployment.links.same
    answers = [same(first.link, vpc.link) for _, vpc in found[1:] if not vpc.is_unnamed]
    groups = [group for group in service.group_list if _is_in_default(group)]
    doubts = [unknown(*service.side.doubts)] if service.side.doubts else []
    return all_of([*answers, *(first.is_default for _ in groups), *doubts])


def strangers(service: Service) -> list[str]:
    """What is known to lie in another VPC than the first of its subnets."""
    found = list(parts(service))
    if not found:
        return []
    first = found[0][1]
    same = service.deployment.links.same
    names = [
        f"{name} ({vpc})"
        for name, vpc in found[1:]
        if not vpc.is_unnamed and same(first.link, vpc.link) is False
    ]
    if negated(first.is_default) is True:
        groups = [group for group in service.group_list if _is_in_default(group)]
        names.extend(f"{group} (the default VPC)" for group in groups)
    return list(dict.fromkeys(names))
