"""Services and run targets: what runs a task definition, where, and behind what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import Presence, TupleValue, Unknown, plain
from fglint.model import egress, identifiers, vpc_mix
from fglint.model.alarm import alarms_of
from fglint.model.binding import Binding
from fglint.model.connecting import Connecting
from fglint.model.deploying import Deploying
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.exec_permissions import exec_needs
from fglint.model.listing import listing
from fglint.model.lists import count_of
from fglint.model.logic import Tri, any_of, unknown
from fglint.model.needs import Needs, needs_of
from fglint.model.network import Subnet
from fglint.model.ordering import Ordering
from fglint.model.reach import Side
from fglint.model.reading import Node, present, root
from fglint.model.resource import entities
from fglint.model.security_group import SecurityGroup
from fglint.model.subnet_use import SubnetUse
from fglint.model.switching import Switching
from fglint.model.zones import zone_count
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.load_balancer import LoadBalancer


class Service(Switching, Connecting, Ordering, Deploying):
    """An ECS service, a task set, an Express Mode service, or a target that runs a task."""

    kind = "service"

    # ---- what it is for -----------------------------------------------------------------------

    def _alarms(self) -> Iterator[tuple[Entity, Tri]]:
        return alarms_of(self)

    @attribute(BOOL)
    def serves(self) -> Attribute:
        """Whether a container that is no well-known sidecar declares a port."""
        answers = [c.has_ports() for c in self.containers if not c.is_sidecar]
        return self._flag(any_of([*answers, *self.unseen_containers()]))

    @cached_property
    def needs(self) -> Needs | Unknown:
        """What its tasks reach from their subnets before they run."""
        unseen = self.unseen_containers()
        if unseen:
            return unknown(*unseen)
        exec_ = self.launch.execute_command.flag()
        return needs_of(self.deployment.links, self.containers, exec_)

    @attribute(BOOL)
    def execute_command(self) -> Attribute:
        """Whether ECS Exec is on."""
        return self._flag(self.launch.execute_command.flag(), self.launch.execute_command)

    @attribute(ListType(EntityType("need")))
    def exec_needs(self) -> Attribute:
        """What ECS Exec needs of the task role: channels, and what logs its sessions."""
        return Attribute(exec_needs(self), self.launch.execute_command.place)

    # ---- load balancers -----------------------------------------------------------------------

    @cached_property
    def binding_list(self) -> list[Binding]:
        """Its `load_balancer` blocks, those that may not be there, too."""
        found = self.whole.blocks("load_balancer")
        return [
            Binding(self, item.node, index, item.presence is not Presence.ONE)
            for index, item in enumerate(found.items)
        ]

    @attribute(ListType(EntityType("load_balancer_binding")))
    def load_balancers(self) -> Attribute:
        """Its `load_balancer` blocks."""
        node = self.whole.get("load_balancer")
        rest = node.elements().rest
        found = [(b, b.maybe and not self.maybe) for b in self.binding_list]
        return Attribute(entities(found, rest), self.place if is_null(node.value) else node.place)

    @attribute(BOOL)
    def has_load_balancer(self) -> Attribute:
        """Whether it has a `load_balancer` block."""
        return self._flag(present(self.whole.get("load_balancer")))

    @attribute(BOOL)
    def classic_load_balancer(self) -> Attribute:
        """Whether it names a Classic Load Balancer, which cannot serve tasks on Fargate."""
        found = [binding.read("classic") for binding in self.binding_list if binding.is_classic]
        return found[0] if found else self._flag(False)

    @attribute(BOOL)
    def registered(self) -> Attribute:
        """Whether a load balancer, VPC Lattice or an API Gateway link leads to its tasks.

        A block that names a target group counts, whatever leads there: that is the chain's to say.
        """
        bindings = [binding.registers for binding in self.binding_list]
        rest = self.whole.get("load_balancer").elements().rest
        doubts = [unknown(rest)] if rest is not None else []
        lattice = present(self.whole.get("vpc_lattice_configurations"))
        return self._flag(
            any_of([self.managed, *bindings, *doubts, lattice, self._behind_api_gateway()])
        )

    def _behind_api_gateway(self) -> Tri:
        """Whether an API Gateway integration leads to its Cloud Map service."""
        links = self.deployment.links
        answers: list[Tri] = []
        for block in self.whole.blocks("service_registries"):
            own = links.find(block.get("registry_arn").value, "service_discovery")
            for instance in links.of("aws_apigatewayv2_integration"):
                uri = root(instance).get("integration_uri").value
                if not is_null(uri) and own.instance is not None:
                    found = links.find(uri, "service_discovery")
                    answers.append(found.instance is own.instance)
        return any_of(answers)

    @attribute(BOOL)
    def internal(self) -> Attribute:
        """Whether other services find it: by service discovery or Service Connect."""
        connect = self.whole.block("service_connect_configuration")
        registries = present(self.whole.get("service_registries"))
        return self._flag(any_of([registries, present(connect.get("service"))]))

    @cached_property
    def front_list(self) -> list[tuple[LoadBalancer, bool]]:
        """The load balancers that lead to it, each with whether it may not."""
        found: dict[LoadBalancer, bool] = {}
        for pair in self.deployment.pairs_of(self):
            balancer = pair.of_listener.owner
            found[balancer] = found.get(balancer, True) and pair.maybe and not self.maybe
        return list(found.items())

    @attribute(ListType(EntityType("load_balancer")))
    def front_load_balancers(self) -> Attribute:
        """The load balancers whose listeners lead to it."""
        return Attribute(entities(self.front_list), self.place)

    # ---- network ------------------------------------------------------------------------------

    @attribute(BOOL)
    def has_network_configuration(self) -> Attribute:
        """Whether it has a network_configuration block."""
        bare = plain(self.launch.network.value)
        certain = isinstance(bare, Unknown) and not bare.not_null and bare.content is None
        return self._flag(unknown(bare) if certain else not is_null(bare))

    @attribute(BOOL)
    def assign_public_ip(self) -> Attribute:
        """Whether its tasks get public IP addresses."""
        node = self.launch.assign_public_ip
        value = plain(node.value)
        if isinstance(value, str):  # ECS's own form, in pipes and state machines
            return Attribute(value.upper() in ("ENABLED", "TRUE"), node.place)
        network = self.launch.network
        place = self.place if is_null(network.value) else network.place
        return Attribute(node.flag(), place if is_null(node.value) else node.place)

    @attribute(BOOL)
    def certainly_public_ip(self) -> Attribute:
        """Whether its tasks are known to get public IP addresses; false where it is not known."""
        found = self.read("assign_public_ip")
        return Attribute(found.value is True, found.place)

    @cached_property
    def subnet_uses(self) -> list[SubnetUse]:
        """Its subnets, each with whether it may not be there.

        A list that is not known is one subnet that stands for all: there is at least one.
        """
        node = self.launch.subnets
        items = node.elements().items
        found: dict[Subnet, SubnetUse] = {}
        for item in items:
            link = self.deployment.links.find(item.node.value, "subnet")
            if link.nothing:
                continue
            maybe = item.presence is Presence.MAYBE and len(items) > 1
            place = node if item.presence is Presence.MANY else item.node
            subnet = self.deployment.subnet(link)
            found.setdefault(subnet, SubnetUse(self, subnet, place, maybe))
        if not items and isinstance(plain(node.value), Unknown):
            subnet = self.deployment.subnet(self.deployment.links.find(node.value, "subnet"))
            found[subnet] = SubnetUse(self, subnet, node, False)
        return list(found.values())

    @property
    def subnet_list(self) -> list[Subnet]:
        """Its subnets."""
        return [use.of_subnet for use in self.subnet_uses]

    @attribute(ListType(EntityType("subnet")))
    def subnets(self) -> Attribute:
        """The subnets of its tasks."""
        found = [
            (use.of_subnet, use.doubt if use.maybe and not self.maybe else True)
            for use in self.subnet_uses
        ]
        return Attribute(listing(found), self._network_place(self.launch.subnets))

    @attribute(ListType(EntityType("vpc")))
    def own_vpcs(self) -> Attribute:
        """The VPCs of the configuration of which it is the first service: what is told once."""
        found = dict.fromkeys(subnet.vpc for subnet in self.subnet_list)
        own = [vpc for vpc in found if not vpc.external and vpc.service_list[:1] == [self]]
        return Attribute(TupleValue(tuple(own)), self._network_place(self.launch.subnets))

    @attribute(ListType(EntityType("subnet_use")))
    def subnet_uses_(self) -> Attribute:
        """The pairs of the service and each of its subnets."""
        found = [(use, use.maybe and not self.maybe) for use in self.subnet_uses]
        return Attribute(entities(found), self._network_place(self.launch.subnets))

    def _network_place(self, node: Node) -> Callable[[], Range | None]:
        outer = self.launch.network
        return self.place if is_null(node.value) and is_null(outer.value) else node.place

    @attribute(NUMBER)
    def subnet_count(self) -> Attribute:
        """How many subnets it names."""
        return Attribute(count_of(self.launch.subnets), self._network_place(self.launch.subnets))

    @attribute(NUMBER)
    def security_group_count(self) -> Attribute:
        """How many security groups it names."""
        node = self.launch.security_groups
        return Attribute(count_of(node), self._network_place(node))

    @attribute(NUMBER)
    def zone_count(self) -> Attribute:
        """How many Availability Zones its subnets lie in."""
        return Attribute(zone_count(self.subnet_list), self._network_place(self.launch.subnets))

    @cached_property
    def side(self) -> Side:
        """What security groups see of its tasks; without any they have the VPC's own one."""
        groups, doubts = self.deployment.groups_of(self.launch.security_groups)
        if not groups and not doubts:
            vpcs = dict.fromkeys(subnet.vpc for subnet in self.subnet_list)
            groups = [self.deployment.default_group(vpc) for vpc in vpcs]
        return Side(tuple(groups), tuple(self.subnet_list), tuple(doubts))

    @attribute(ListType(EntityType("identifier")))
    def identifiers(self) -> Attribute:
        """What it gives as ids of subnets and security groups."""
        found = [(one, False) for one in identifiers.identifiers(self)]
        return Attribute(entities(found), self._network_place(self.launch.subnets))

    @attribute(BOOL)
    def in_one_vpc(self) -> Attribute:
        """Whether its subnets, security groups, target groups and load balancers share a VPC."""
        node = self.launch.network
        return Attribute(vpc_mix.in_one_vpc(self), self._network_place(node))

    @attribute(ListType(STRING))
    def strangers(self) -> Attribute:
        """What is known to lie in another VPC than the first of its subnets, in words."""
        found = TupleValue(tuple(vpc_mix.strangers(self)))
        return Attribute(found, self._network_place(self.launch.network))

    @attribute(BOOL)
    def egress_open(self) -> Attribute:
        """Whether security groups let its tasks reach registries, logs and secrets on port 443."""
        node = self.launch.security_groups
        return Attribute(egress.lets_out(self), self._network_place(node))

    @attribute(BOOL)
    def file_egress_open(self) -> Attribute:
        """Whether security groups let its tasks reach EFS on port 2049, where they mount it."""
        node = self.launch.security_groups
        return Attribute(egress.lets_out_to_files(self), self._network_place(node))

    @property
    def group_list(self) -> list[SecurityGroup]:
        """The security groups of its tasks."""
        return list(self.side.groups)

    @attribute(ListType(EntityType("security_group")))
    def security_groups(self) -> Attribute:
        """The security groups of its tasks; the VPC's own one where it names none."""
        rest = unknown(*self.side.doubts) if self.side.doubts else None
        found = [(group, group.maybe and not self.maybe) for group in self.side.groups]
        return Attribute(entities(found, rest), self._network_place(self.launch.security_groups))
