"""Services and run targets: what runs a task definition, where, and behind what."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import (
    NULL,
    Presence,
    Union,
    Unknown,
    Value,
    is_null,
    plain,
)
from fglint.model.binding import Binding
from fglint.model.container import Container
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.launch import Launch
from fglint.model.logic import Tri, agreed, all_of, any_of, one_of, outside, same, unknown
from fglint.model.needs import Needs, needs_of
from fglint.model.network import Subnet
from fglint.model.reach import Side
from fglint.model.reading import Elements, Node, root
from fglint.model.resource import entities
from fglint.model.security_group import SecurityGroup
from fglint.model.subnet_use import SubnetUse
from fglint.model.task import Task
from fglint.model.zones import zone_count
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.load_balancer import LoadBalancer

FARGATE_PROVIDERS = ("FARGATE", "FARGATE_SPOT")


class Service(Entity):
    """An ECS service, a task set, an Express Mode service, or a target that runs a task.

    `launch` has what all forms share; `whole` is the resource.
    """

    kind = "service"

    def __init__(self, deployment: Deployment, launch: Launch) -> None:
        instance = launch.instance
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.deployment = deployment
        self.launch = launch
        self.instance = instance
        self.whole = root(instance)
        self.subject = launch.part
        self.is_service = instance.type in ("aws_ecs_service", "aws_ecs_task_set")
        self.managed = instance.type == "aws_ecs_express_gateway_service"

    def _flag(self, answer: Tri, node: Node | None = None) -> Attribute:
        return Attribute(answer, self.place if node is None else node.place)

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """Its name; null for a run target."""
        return self.whole.get("service_name" if self.managed else "name").attribute(STRING)

    # ---- launch -------------------------------------------------------------------------------

    @cached_property
    def runs_on_fargate(self) -> Tri:
        """Whether its tasks run on Fargate."""
        if self.managed:
            return True
        launch_type = self.launch.launch_type.text()
        bare = plain(launch_type)
        leaves = (bare,)
        if isinstance(bare, Unknown) and isinstance(bare.content, Union):
            leaves = bare.content.leaves  # type: ignore[assignment]
        return agreed([self._with(leaf) for leaf in leaves], launch_type)

    def _with(self, launch_type: Value) -> Tri:
        if not is_null(launch_type):
            return same(launch_type, "FARGATE")
        found = self.launch.strategy.elements()
        if found.items or found.rest is not None:
            return self._all_fargate(found)
        return self._cluster_default()

    def _all_fargate(self, strategy: Elements) -> Tri:
        answers: list[Tri] = []
        for item in strategy.items:
            provider = item.node.get("capacity_provider")
            if is_null(provider.value):
                provider = item.node.get("CapacityProvider")
            own = self.deployment.links.find(provider.value, "capacity_provider")
            answer = (
                False if own.instance is not None else one_of(provider.text(), FARGATE_PROVIDERS)
            )
            answers.append(answer)
        agree = all_of(answers)
        if strategy.certain or strategy.rest is None:
            return agree
        return unknown(strategy.rest)

    def _cluster_default(self) -> Tri:
        links = self.deployment.links
        link = links.find(self.launch.cluster.value, "cluster")
        if link.managed is None:
            if link.nothing:
                return False
            cause = f"the default capacity provider strategy of the cluster of {self} is not known"
            return unknown(link.value) if link.unknown else outside(self.address, cause)
        name = "default_capacity_provider_strategy"
        found = [root(link.managed).blocks(name)]
        for instance in links.of("aws_ecs_cluster_capacity_providers"):
            providers = root(instance)
            mine = links.matches(providers.get("cluster_name").value, "cluster", link)
            if mine is True:
                found.append(providers.blocks(name))
            elif mine is not False:
                return mine
        strategies = [each for each in found if each.items or each.rest is not None]
        return all_of(map(self._all_fargate, strategies)) if strategies else False

    @attribute(BOOL)
    def fargate(self) -> Attribute:
        """Whether its tasks run on Fargate."""
        node = self.launch.launch_type
        return self._flag(self.runs_on_fargate, None if is_null(node.value) else node)

    @attribute(BOOL)
    def managed_edge(self) -> Attribute:
        """Whether ECS makes load balancer, listener and certificate itself (Express Mode)."""
        return self._flag(self.managed)

    @attribute(STRING)
    def deployment_controller(self) -> Attribute:
        """ECS (the default), CODE_DEPLOY or EXTERNAL."""
        return self.whole.block("deployment_controller").get("type").attribute(STRING, "ECS")

    @attribute(BOOL)
    def run_target(self) -> Attribute:
        """Whether it is a target that runs tasks now and then, and no service."""
        return self._flag(not self.is_service and not self.managed)

    # ---- the task -----------------------------------------------------------------------------

    @cached_property
    def task_link(self) -> tuple[Task | None, Unknown | None]:
        """Its task definition, or why it is not known."""
        node = self.launch.task_definition
        return (None, None) if is_null(node.value) else self.deployment.task_of(node.value)

    @property
    def task(self) -> Task | None:
        """Its task definition, where it is in the configuration."""
        return self.task_link[0]

    @attribute(EntityType("task"), nullable=True)
    def task_definition(self) -> Attribute:
        """The task definition that it runs; null where it names none."""
        task, cause = self.task_link
        value: Value = task or (NULL if cause is None else Unknown(origins=cause.origins))
        return Attribute(value, self.launch.task_definition.place)

    @property
    def containers(self) -> list[Container]:
        """The containers of its task, as far as they are known."""
        return [] if self.task is None else self.task.container_list

    def unseen_containers(self) -> list[Unknown]:
        """Why there may be other containers."""
        task, cause = self.task_link
        if task is not None:
            return [] if task.unread is None else [task.unread]
        if cause is None and self.launch.instance.type == "aws_ecs_service":
            return []  # an EXTERNAL deployment: its task sets name the task definition
        if cause is None:
            cause = outside(self.address, f"what {self} runs is not known")
        return [cause]

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
        found = [(use.of_subnet, use.maybe and not self.maybe) for use in self.subnet_uses]
        return Attribute(entities(found), self._network_place(self.launch.subnets))

    @attribute(ListType(EntityType("subnet_use")))
    def subnet_uses_(self) -> Attribute:
        """The pairs of the service and each of its subnets."""
        found = [(use, use.maybe and not self.maybe) for use in self.subnet_uses]
        return Attribute(entities(found), self._network_place(self.launch.subnets))

    def _network_place(self, node: Node) -> Callable[[], Range | None]:
        return self.place if is_null(node.value) else node.place

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


def present(node: Node) -> Tri:
    """Whether a list or a block type has an element."""
    found = node.elements()
    if found.certain:
        return True
    bare = plain(node.value)
    return unknown(bare) if isinstance(bare, Unknown) else False
