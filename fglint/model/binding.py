"""A service and one of its `load_balancer` blocks: the chain to clients, and the way through."""

from __future__ import annotations

from functools import cached_property

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING, EntityType, ListType
from fglint.evaluation.values import TupleValue, Unknown, Value
from fglint.model import reach
from fglint.model.entity import Attribute, attribute
from fglint.model.logic import Tri, all_of, any_of, negated, same, unknown
from fglint.model.openings import Openings
from fglint.model.resource import entities
from fglint.model.security_group_rule import SecurityGroupRule
from fglint.model.zones import differ


class Binding(Openings):
    """A service and one of its `load_balancer` blocks."""

    kind = "load_balancer_binding"

    # ---- network ------------------------------------------------------------------------------

    @attribute(BOOL)
    def mixes_vpcs(self) -> Attribute:
        """Whether target group, load balancers and subnets are known to lie in different VPCs."""
        links = self.deployment.links
        own = [subnet.vpc for subnet in self.of_service.subnet_list]
        front = [vpc for b, leads in self.balancers if leads is True for vpc in b.vpcs]
        pairs = [(self.group.vpc, vpc) for vpc in (*own, *front)]
        pairs.extend((one, other) for one in own for other in front)
        answers = [links.same(one.link, other.link) for one, other in pairs]
        return self._at("target_group_arn", any(answer is False for answer in answers))

    @cached_property
    def covers_zones(self) -> Tri:
        """Whether the load balancers have a subnet in each zone of the service's tasks."""
        answers: list[Tri] = []
        for balancer, leads in self.balancers:
            zones = [subnet for subnet, _ in balancer.subnet_uses]
            for task in self.of_service.subnet_list:
                found: list[Tri] = []
                for subnet in zones:
                    unlike = False if subnet is task else differ(subnet.zone, task.zone)
                    cause = unknown(subnet.zone_or_cause, task.zone_or_cause)
                    found.append(cause if unlike is None else not unlike)
                if balancer.external:
                    found.append(balancer.unseen())
                answers.append(negated(all_of([leads, negated(any_of(found))])))
        return all_of(answers)

    @attribute(BOOL)
    def zones_covered(self) -> Attribute:
        """Whether the load balancers have a subnet in each zone of the service's tasks."""
        return self._at("target_group_arn", self.covers_zones)

    @attribute(BOOL)
    def misses_zone(self) -> Attribute:
        """Whether the load balancers are known to have no subnet in a zone of the tasks."""
        return self._at("target_group_arn", self.covers_zones is False)

    @attribute(ListType(STRING))
    def others(self) -> Attribute:
        """The addresses of other services that register another port with the target group."""
        found: list[Value] = []
        for binding in self.group.binding_list:
            differs = same(binding.node.get("container_port").number(), self._port) is False
            if binding.of_service is not self.of_service and differs:
                found.append(binding.of_service.address)
        return self._at("target_group_arn", TupleValue(tuple(dict.fromkeys(found))))

    # ---- security groups ----------------------------------------------------------------------

    def _let_in(self, port: Value) -> Tri:
        """Whether each load balancer in front reaches the tasks on a port."""
        protocol = self.transport if isinstance(self.transport, str) else "tcp"
        answers: list[Tri] = []
        for balancer, leads in self.balancers:
            source = balancer.side
            if not source.filtered and self.group.keeps_client_address is not False:
                continue  # the tasks see the clients' addresses, which nothing here tells
            allowed = reach.allow(source, self.of_service.side, protocol, port)
            answers.append(negated(all_of([leads, negated(allowed)])))
        doubts = [self.elsewhere] if isinstance(self.elsewhere, Unknown) else []
        return all_of([*answers, *doubts])

    @attribute(BOOL)
    def path_open(self) -> Attribute:
        """Whether security groups let the load balancers reach the container's port."""
        return self._at("container_port", self._let_in(self._port))

    @attribute(BOOL)
    def health_check_open(self) -> Attribute:
        """Whether security groups let the load balancers reach the port of the health check."""
        port = self.group.health_check_port
        answer: Tri = True if is_null(port) else self._let_in(port)
        return self._at("container_port", answer)

    @attribute(BOOL)
    def clients_let_in(self) -> Attribute:
        """Whether security groups let clients reach the listeners of the load balancers."""
        answers: list[Tri] = []
        for listener, leads in self.listeners:
            side = listener.owner.side
            if not side.filtered:
                continue
            protocol = "udp" if listener.read("protocol").value in ("UDP", "QUIC") else "tcp"
            port = listener.read("port").value
            rules = reach.rules_for(side, "ingress", protocol, port)
            doubts = [d for group in side.groups for d in reach.unread(group, "ingress")]
            found = [there for _, there in rules]
            doubts.extend(side.doubts)
            open_ = any_of([*found, *([unknown(*doubts)] if doubts else [])])
            answers.append(negated(all_of([leads, negated(open_)])))
        return self._at("target_group_arn", all_of(answers))

    @cached_property
    def _ingress(self) -> list[tuple[SecurityGroupRule, Tri]]:
        protocol = self.transport if isinstance(self.transport, str) else "tcp"
        return list(reach.rules_for(self.of_service.side, "ingress", protocol, self._port))

    @attribute(ListType(EntityType("security_group_rule")))
    def task_ingress(self) -> Attribute:
        """The rules of the tasks' security groups that let something in on the container's port."""
        found = [(rule, there is not True) for rule, there in self._ingress]
        side = self.of_service.side
        doubts = [d for group in side.groups for d in reach.unread(group, "ingress")]
        doubts.extend(side.doubts)
        return self._at("container_port", entities(found, unknown(*doubts) if doubts else None))

    @cached_property
    def sees_client_addresses(self) -> Tri:
        """Whether the tasks see clients' own addresses behind a load balancer without groups."""
        return any_of(
            all_of([leads, not balancer.side.filtered, self.group.keeps_client_address])
            for balancer, leads in self.balancers
        )

    @attribute(BOOL)
    def keeps_client_addresses(self) -> Attribute:
        """Whether the tasks see clients' own addresses behind a load balancer without groups."""
        return self._at("target_group_arn", self.sees_client_addresses)

    @attribute(BOOL)
    def behind_network_load_balancer(self) -> Attribute:
        """Whether a Network Load Balancer forwards to it."""
        answers = [all_of([leads, b.is_type("network")]) for b, leads in self.balancers]
        return self._at("target_group_arn", any_of(answers))

    @attribute(BOOL)
    def behind_application_load_balancer(self) -> Attribute:
        """Whether an Application Load Balancer forwards to it."""
        answers = [all_of([leads, b.is_type("application")]) for b, leads in self.balancers]
        return self._at("target_group_arn", any_of(answers))
