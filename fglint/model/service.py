"""Services and run targets: what runs a task definition, where, and behind what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.equality import equal
from fglint.evaluation.types import BOOL, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Presence, Unknown, Value, is_null, plain
from fglint.model import image as images
from fglint.model.container import Container
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.load_balancer import Binding, entities
from fglint.model.logic import Tri, all_of, any_of, outside, unknown
from fglint.model.network import Subnet, SubnetUse
from fglint.model.reading import Node, root
from fglint.model.task import Task

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

FARGATE_PROVIDERS = ("FARGATE", "FARGATE_SPOT")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a task reaches from its subnet: endpoints of AWS services, and the internet."""

    endpoints: tuple[str, ...]
    internet: Tri


class Service(Entity):
    """An ECS service, a task set, an Express Mode service, or a target that runs a task.

    `node` has the launch, strategy, network and task arguments; `whole` is the resource.
    """

    kind = "service"

    def __init__(self, deployment: Deployment, instance: Instance, node: Node) -> None:
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.deployment = deployment
        self.instance = instance
        self.node = node
        self.whole = root(instance)
        self.is_service = instance.type in ("aws_ecs_service", "aws_ecs_task_set")

    # ---- launch -------------------------------------------------------------------------------

    @cached_property
    def runs_on_fargate(self) -> Tri:
        """Whether its tasks run on Fargate."""
        if self.managed:
            return True
        launch = self.node.get("launch_type").text()
        if not is_null(launch):
            return _tri(equal(launch, "FARGATE"), launch)
        strategy = self.node.blocks("capacity_provider_strategy")
        answer = self._all_fargate(strategy.certain)
        if strategy.certain:
            return answer
        if strategy.items or strategy.rest is not None:
            return unknown(*([strategy.rest] if strategy.rest else [answer]))  # type: ignore[list-item]
        return self._cluster_default()

    def _all_fargate(self, strategies: list[Node]) -> Tri:
        answers: list[Tri] = []
        for strategy in strategies:
            provider = strategy.get("capacity_provider").text()
            answers.append(any_of(_tri(equal(provider, p), provider) for p in FARGATE_PROVIDERS))
        return all_of(answers)

    def _cluster_default(self) -> Tri:
        links = self.deployment.links
        name = "cluster_arn" if is_null(self.whole.get("cluster").value) else "cluster"
        link = links.find(self.whole.get(name).value, "cluster")
        if link.instance is None or link.instance.mode == "data":
            if link.nothing:
                return False
            cause = "the default capacity provider strategy of its cluster is not known"
            return unknown(link.value) if link.unknown else outside(self.address, cause)
        cluster = root(link.instance)
        found = list(cluster.blocks("default_capacity_provider_strategy"))
        for instance in links.of("aws_ecs_cluster_capacity_providers"):
            providers = root(instance)
            name_link = links.find(providers.get("cluster_name").value, "cluster")
            if name_link.instance is link.instance:
                found.extend(providers.blocks("default_capacity_provider_strategy"))
        return self._all_fargate(found) if found else False

    @attribute(BOOL)
    def fargate(self) -> Attribute:
        """Whether its tasks run on Fargate."""
        return Attribute(self.runs_on_fargate, self.place)

    @cached_property
    def managed(self) -> bool:
        """Whether ECS makes the load balancer, listener and certificate itself (Express Mode)."""
        return self.instance.type == "aws_ecs_express_gateway_service"

    @attribute(BOOL)
    def managed_edge(self) -> Attribute:
        """Whether ECS makes load balancer, listener and certificate itself (Express Mode)."""
        return Attribute(self.managed, self.place)

    @attribute(STRING)
    def deployment_controller(self) -> Attribute:
        """ECS (the default), CODE_DEPLOY or EXTERNAL."""
        return self.whole.block("deployment_controller").get("type").attribute(STRING, "ECS")

    @attribute(BOOL)
    def run_target(self) -> Attribute:
        """Whether it is a target that runs tasks now and then, and no service."""
        return Attribute(not self.is_service and not self.managed, self.place)

    # ---- the task -----------------------------------------------------------------------------

    @cached_property
    def task_link(self) -> tuple[Task | None, Unknown | None]:
        """Its task definition, or why it is not known."""
        for name in ("task_definition", "task_definition_arn"):
            node = self.node.get(name)
            if not is_null(node.value):
                return self.deployment.task_of(node.value)
        return None, None

    @property
    def task(self) -> Task | None:
        """Its task definition, where it is in the configuration."""
        return self.task_link[0]

    @attribute(EntityType("task"), nullable=True)
    def task_definition(self) -> Attribute:
        """The task definition that it runs."""
        task, cause = self.task_link
        value: Value = task or (NULL if cause is None else Unknown(origins=cause.origins))
        return Attribute(value, self.node.get("task_definition").place)

    @property
    def _containers(self) -> list[Container]:
        return [] if self.task is None else self.task.container_list

    def _unseen(self) -> list[Unknown]:
        """Why there may be other containers."""
        task, cause = self.task_link
        if task is None:
            if cause is None:
                cause = outside(self.address, "its task definition lies outside the configuration")
            return [cause]
        return [] if task.unread is None else [task.unread]

    def has_container(self, name: Value) -> Tri:
        """Whether the task has a container of that name."""
        answers: list[Tri] = []
        for container in self._containers:
            own = container.node.get("name").text()
            answers.append(_tri(equal(own, name), own, name))
        return any_of([*answers, *self._unseen()])

    def declares_port(self, name: Value, port: Value) -> Tri:
        """Whether the container of that name declares a port, or no container has the name."""
        matching = [c for c in self._containers if self._named(c, name) is not False]
        if not matching:
            return unknown(*self._unseen()) if self._unseen() else True
        return any_of([*(c.declares(port) for c in matching), *self._unseen()])

    def _named(self, container: Container, name: Value) -> Tri:
        own = container.node.get("name").text()
        return _tri(equal(own, name), own, name)

    def port_protocol(self, name: Value, port: Value) -> str | None | Unknown:
        """ "tcp" or "udp" of a container's port; None where it is not declared."""
        for container in self._containers:
            if self._named(container, name) is True:
                return container.protocol_of(port)
        return None

    def application_protocol(self, name: Value, port: Value) -> str | None:
        """The appProtocol of a container's port, where it is known."""
        for container in self._containers:
            if self._named(container, name) is True:
                return container.application_protocol(port)
        return None

    @attribute(BOOL)
    def serves(self) -> Attribute:
        """Whether a container that is no well-known sidecar declares a port."""
        answers = [c.has_ports() for c in self._containers if not c.is_sidecar]
        return Attribute(any_of([*answers, *self._unseen()]), self.place)

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
        return Attribute(entities(found, rest), node.place)  # type: ignore[arg-type]

    @attribute(BOOL)
    def classic_load_balancer(self) -> Attribute:
        """Whether it names a Classic Load Balancer, which cannot serve Fargate tasks."""
        return Attribute(any(b.is_classic for b in self.binding_list), self.place)

    @attribute(BOOL)
    def registered(self) -> Attribute:
        """Whether a load balancer, VPC Lattice or an API Gateway link leads to its tasks."""
        return Attribute(self._registered(), self.place)

    def _registered(self) -> Tri:
        answers: list[Tri] = []
        for binding in self.binding_list:
            reached = binding.is_reached
            if binding.maybe and not self.maybe and reached is not False:
                reached = unknown(self.whole.get("load_balancer").value)
            answers.append(True if reached is False and not binding.is_classic else reached)
        rest = self.whole.get("load_balancer").elements().rest
        if rest is not None:
            answers.append(unknown(rest))
        answers.append(_present(self.whole.get("vpc_lattice_configurations")))
        answers.append(self._behind_api_gateway())
        return any_of(answers)

    def _behind_api_gateway(self) -> Tri:
        links = self.deployment.links
        registries = [
            links.find(block.get("registry_arn").value, "service_discovery").instance
            for block in self.whole.blocks("service_registries")
        ]
        for instance in links.of("aws_apigatewayv2_integration"):
            uri = root(instance).get("integration_uri").value
            found = links.find(uri, "service_discovery").instance
            if found is not None and found in registries:
                return True
        return False

    @attribute(BOOL)
    def internal(self) -> Attribute:
        """Whether other services find it: by service discovery or Service Connect."""
        connect = self.whole.block("service_connect_configuration")
        answer = any_of([_present(self.whole.get("service_registries")),
                         _present(connect.get("service"))])  # fmt: skip
        return Attribute(answer, self.place)

    # ---- network ------------------------------------------------------------------------------

    @cached_property
    def network(self) -> Node:
        """Its network configuration; null where it has none."""
        return self.node.block("network_configuration")

    @attribute(BOOL)
    def has_network_configuration(self) -> Attribute:
        """Whether it has a network_configuration block."""
        bare = plain(self.network.value)
        answer = unknown(bare) if isinstance(bare, Unknown) else not is_null(bare)
        return Attribute(answer, self.place)

    @attribute(BOOL)
    def assign_public_ip(self) -> Attribute:
        """Whether its tasks get public IP addresses."""
        node = self.network.get("assign_public_ip")
        value = plain(node.value)
        if isinstance(value, str):  # the scheduler's form
            return Attribute(value.upper() in ("ENABLED", "TRUE"), node.place)
        return Attribute(node.flag(), node.place if node.is_set else self.network.place)

    @cached_property
    def subnet_uses(self) -> list[tuple[Subnet, bool]]:
        """Its subnets, each with whether it may not be there.

        A list that is not known is one subnet that stands for all: there is at least one.
        """
        found: list[tuple[Subnet, bool]] = []
        node = self.network.get("subnets")
        elements = node.elements()
        items = elements.items
        for item in items:
            maybe = item.presence is Presence.MAYBE and len(items) > 1
            link = self.deployment.links.find(item.node.value, "subnet")
            if not link.nothing:
                subnet = self.deployment.subnet(link, node if len(items) == 1 else item.node)
                found.append((subnet, maybe))
        if not items and isinstance(plain(node.value), Unknown):
            link = self.deployment.links.find(node.value, "subnet")
            found.append((self.deployment.subnet(link, node), False))
        seen: dict[int, tuple[Subnet, bool]] = {}
        for subnet, maybe in found:
            seen.setdefault(id(subnet), (subnet, maybe))
        return list(seen.values())

    @property
    def subnet_list(self) -> list[Subnet]:
        """Its subnets."""
        return [subnet for subnet, _ in self.subnet_uses]

    @attribute(ListType(EntityType("subnet")))
    def subnets(self) -> Attribute:
        """The subnets of its tasks."""
        return Attribute(entities(list(self.subnet_uses), None), self.network.get("subnets").place)  # type: ignore[arg-type]

    def uses(self) -> list[SubnetUse]:
        """The pairs of the service and its subnets."""
        return [SubnetUse(self, subnet, maybe) for subnet, maybe in self.subnet_uses]

    # ---- needs --------------------------------------------------------------------------------

    @cached_property
    def needs(self) -> Needs | Unknown:
        """What its tasks reach from their subnets."""
        unseen = self._unseen()
        if unseen:
            return unknown(*unseen)
        endpoints: dict[str, None] = {}
        internet: list[Tri] = []
        links = self.deployment.links
        for container in self._containers:
            private = images.is_private_ecr(links, container.image_value)
            if private is True:
                endpoints.update(dict.fromkeys(("ecr.api", "ecr.dkr", "s3")))
            internet.append(images.is_public(links, container.image_value))
            if container.uses_awslogs() is not False:
                endpoints["logs"] = None
            if container.takes_secrets() is not False:
                endpoints.update(dict.fromkeys(self.deployment.secret_endpoints(container)))
            if container.takes_environment_files() is not False:
                endpoints["s3"] = None
        if self.whole.get("enable_execute_command").flag() is True:
            endpoints["ssmmessages"] = None
        return Needs(tuple(endpoints), any_of(internet))


def _tri(answer: bool | Unknown, *causes: Value) -> Tri:
    return unknown(answer, *causes) if isinstance(answer, Unknown) else answer


def _present(node: Node) -> Tri:
    found = node.elements()
    if found.certain:
        return True
    bare = plain(node.value)
    return unknown(bare) if isinstance(bare, Unknown) else False


