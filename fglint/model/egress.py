"""Whether the security groups of a service's tasks let out what the tasks need to start."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.evaluation.values import Unknown
from fglint.model import reach
from fglint.model.endpoints import VpcEndpoint
from fglint.model.logic import Tri, all_of, any_of, negated, outside, unknown
from fglint.model.needs import Need
from fglint.model.reading import known_text, root
from fglint.model.security_group_rule import SecurityGroupRule

if TYPE_CHECKING:
    from fglint.model.service import Service
    from fglint.model.subnet_use import SubnetUse

HTTPS = 443
NFS = 2049


def lets_out(service: Service) -> Tri:
    """Whether the tasks' security groups let them reach registries, logs and secrets on 443."""
    side = service.side
    anywhere = _anywhere(side)
    if anywhere is True:
        return True
    needed = [_by_endpoints(service, use) for use in service.subnet_uses]
    answer = any_of([anywhere, all_of(needed) if needed else False])
    doubts = [*side.doubts, *(d for group in side.groups for d in reach.unread(group, "egress"))]
    return answer if answer is True or not doubts else unknown(*doubts, answer)


def _anywhere(side: reach.Side) -> Tri:
    """Whether something lets out to the whole internet, or may."""
    if any(group.is_unmanaged_default for group in side.groups):
        return True
    found = [reach.is_stated(group, "egress", "tcp", HTTPS) for group in side.groups]
    for rule, there in reach.rules_for(side, "egress", "tcp", HTTPS):
        found.append(all_of([there, _may_be_outside(rule, side)]))
    return any_of(found)


def _may_be_outside(rule: SecurityGroupRule, side: reach.Side) -> Tri:
    """Whether a rule's peer is the internet; unknown for a part of it that is not private."""
    if rule.peer_kind in ("group", "self", "prefix_list"):
        return False
    value = rule.peer_node.text()
    if rule.peer_kind == "cidr6" and all(subnet.has_ipv6 is False for subnet in side.subnets):
        return False
    if rule.is_open is True:
        return rule.peer_kind == "cidr" or _undecided(rule)
    network = reach.network_of(value)
    if network is None:
        return False if reach.is_of_vpc(rule) else unknown(value)
    if isinstance(network, ipaddress.IPv4Network) and network.is_private:
        return False
    return _undecided(rule)


def _undecided(rule: SecurityGroupRule) -> Unknown:
    text = known_text(rule.peer_node.text())
    return outside(rule.address, f"whether what tasks need lies in {text} is not known here")


def _by_endpoints(service: Service, use: SubnetUse) -> Tri:
    """Whether, where endpoints stand in for NAT, the tasks are let out to each of them."""
    if use.through_endpoints is False and not _may_lead_out(service, use):
        # That nothing leads out of the subnet is not the groups' fault.
        return any_of(there for _, there in reach.rules_for(service.side, "egress", "tcp", HTTPS))
    if use.through_endpoints is False or isinstance(service.needs, Unknown):
        return use.through_endpoints
    answers: list[Tri] = [use.through_endpoints]
    for need in service.needs.endpoints:
        found = [_to(service, endpoint, need) for endpoint in use.serving(need.endpoint)]
        answers.append(any_of([negated(need.needed), *found]))
    return all_of(answers)


def _may_lead_out(service: Service, use: SubnetUse) -> bool:
    """Whether the subnet may have a way to the internet."""
    if use.of_subnet.is_public is True:
        return service.read("assign_public_ip").value is not False
    return use.through_nat is not False or use.through_center is not False


def _to(service: Service, endpoint: VpcEndpoint, need: Need) -> Tri:
    gateway = all_of([endpoint.is_gateway, any_of(_to_prefix_list(service, endpoint))])
    interface = reach.leave(service.side, endpoint.side, "tcp", HTTPS)
    return any_of([gateway, all_of([endpoint.is_interface, interface])])


def _to_prefix_list(service: Service, endpoint: VpcEndpoint) -> Iterator[Tri]:
    """Whether a rule lets out to the prefix list of a gateway endpoint's service."""
    links = service.deployment.links
    for rule, there in reach.rules_for(service.side, "egress", "tcp", HTTPS):
        if rule.peer_kind != "prefix_list":
            continue
        value = rule.peer_node.value
        named = links.find(value, "prefix_list")
        if named.instance is endpoint.instance:
            yield there
        elif named.instance is not None and named.instance.mode == "data":
            name = root(named.instance).get("name")
            yield all_of([there, endpoint.is_named(name.value)])
        else:
            yield unknown(value)


def lets_out_to_files(service: Service) -> Tri:
    """Whether, where the task mounts EFS, its security groups let it out on port 2049."""
    if service.task is None:
        return True
    volumes = service.task.node.blocks("volume")
    mounted = any(volume.blocks("efs_volume_configuration").items for volume in volumes)
    if not mounted or any(group.is_unmanaged_default for group in service.side.groups):
        return True
    side = service.side
    answer = any_of(there for _, there in reach.rules_for(side, "egress", "tcp", NFS))
    doubts = [*side.doubts, *(d for group in side.groups for d in reach.unread(group, "egress"))]
    return answer if answer is True or not doubts else unknown(*doubts, answer)
