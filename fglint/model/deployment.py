"""The Fargate deployment that a configuration describes: the root of the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeVar

from fglint.configuration.instance import Instance
from fglint.configuration.loader import Configuration
from fglint.evaluation.values import NULL, Origin, Parts, Unknown, Value, is_null, plain
from fglint.model.container import Container
from fglint.model.endpoints import Endpoints
from fglint.model.entity import Entity
from fglint.model.environment import Leaf, leaves_of
from fglint.model.forwarding import Forwarding
from fglint.model.image import parse_image, repository_of
from fglint.model.links import Link, Links
from fglint.model.load_balancer import Listener, LoadBalancer, TargetGroup
from fglint.model.logic import Tri, outside, unknown
from fglint.model.network import Subnet, SubnetUse
from fglint.model.patterns import ANYTHING, HOLE, Symbol, arn, symbols
from fglint.model.reading import Node, known_text, root
from fglint.model.role import Role
from fglint.model.routing import Tables
from fglint.model.service import Service
from fglint.model.task import Task
from fglint.model.tls import ServiceListener

KINDS: dict[str, type[Entity]] = {
    entity.kind: entity
    for entity in (
        Service,
        Task,
        Container,
        Leaf,
        ServiceListener,
        SubnetUse,
        Listener,
        LoadBalancer,
        TargetGroup,
        Subnet,
        Role,
    )
}
_E = TypeVar("_E")


class Deployment:
    """All entities of a configuration; each resource is one entity, however often it is linked."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.links = Links(configuration.instances)
        self.tables = Tables(self.links)
        self.forwarding = Forwarding(self.links)
        self.endpoints = Endpoints(self)
        self._entities: dict[object, object] = {}

    # ---- subjects -----------------------------------------------------------------------------

    def subjects(self, kind: str) -> Sequence[Entity]:
        """All entities of a kind that rules judge, in a stable order."""
        match kind:
            case "service":
                return self.services
            case "task":
                return self.tasks
            case "container":
                return [c for task in self.tasks for c in task.container_list]
            case "environment":
                return [leaf for task in self.tasks for leaf in leaves_of(task)]
            case "load_balancer_binding":
                return [b for s in self.services if s.is_service for b in s.binding_list]
            case "service_listener":
                return self.service_listeners
            case "subnet_use":
                return [use for s in self.services for use in s.uses()]
            case _:
                return []

    @cached_property
    def services(self) -> list[Service]:
        """Services, task sets and run targets, by address."""
        found: list[Service] = []
        for type_ in ("aws_ecs_service", "aws_ecs_task_set", "aws_ecs_express_gateway_service"):
            found.extend(Service(self, one, root(one)) for one in self.links.of(type_))
        for instance in self.links.of("aws_cloudwatch_event_target"):
            found.extend(Service(self, instance, n) for n in root(instance).blocks("ecs_target"))
        for instance in self.links.of("aws_scheduler_schedule"):
            for target in root(instance).blocks("target"):
                nodes = target.blocks("ecs_parameters")
                found.extend(Service(self, instance, node) for node in nodes)
        for instance in self.links.of("aws_pipes_pipe"):
            for target in root(instance).blocks("target_parameters"):
                nodes = target.blocks("ecs_task_parameters")
                found.extend(Service(self, instance, node) for node in nodes)
        return sorted(found, key=lambda service: service.address)

    @cached_property
    def tasks(self) -> list[Task]:
        """Task definitions that run, or can run, on Fargate."""
        found = [self._task(one) for one in self.links.of("aws_ecs_task_definition")]
        return [task for task in found if task.runs_on_fargate is not False]

    @cached_property
    def service_listeners(self) -> list[ServiceListener]:
        """The pairs of a service on Fargate and a listener that forwards to it."""
        found: list[ServiceListener] = []
        for service in self.services:
            if service.runs_on_fargate is False:
                continue
            for binding in service.binding_list:
                if not binding.is_classic:
                    found.extend(self._pairs(service, binding))
        return found

    def _pairs(self, service: Service, binding: object) -> list[ServiceListener]:
        from fglint.model.load_balancer import Binding

        assert isinstance(binding, Binding)
        edges, doubts = binding.forwards
        pairs: dict[int, ServiceListener] = {}
        for edge in edges:
            listener = self.listener(edge.listener)
            if id(listener) not in pairs:
                maybe = binding.maybe or edge.node.instance.maybe
                pairs[id(listener)] = ServiceListener(binding, listener, maybe)
        group = binding.group
        if not pairs and group.external:
            cause = group.unseen() if group.link.instance is None else outside(
                str(group), f"the listeners of {group} lie outside the configuration"
            )
            listener = self.listener(Link(cause, unknown=cause))
            return [ServiceListener(binding, listener, binding.maybe)]
        if not pairs and doubts:
            cause = unknown(*doubts)
            listener = self.listener(Link(cause, unknown=cause))
            return [ServiceListener(binding, listener, binding.maybe)]
        return list(pairs.values())

    # ---- entities -----------------------------------------------------------------------------

    def _one(self, make: Callable[[], _E], kind: str, link: Link) -> _E:
        key: object = (kind, link.instance) if link.instance is not None else (kind, _text(link))
        if key not in self._entities:
            self._entities[key] = make()
        return self._entities[key]  # type: ignore[return-value]

    def subnet(self, link: Link, node: Node) -> Subnet:
        """The subnet that a link names; `node` is where it is named."""
        return self._one(lambda: Subnet(self, link, node), "subnet", link)

    def load_balancer(self, link: Link) -> LoadBalancer:
        """The load balancer that a link names."""
        return self._one(lambda: LoadBalancer(self, link), "load_balancer", link)

    def listener(self, link: Link) -> Listener:
        """The listener that a link names."""
        return self._one(lambda: Listener(self, link), "listener", link)

    def target_group(self, link: Link) -> TargetGroup:
        """The target group that a link names."""
        return self._one(lambda: TargetGroup(self, link), "target_group", link)

    def role(self, link: Link) -> Role:
        """The role that a link names."""
        return self._one(lambda: Role(self, link), "role", link)

    def _task(self, instance: Instance) -> Task:
        return self._one(lambda: Task(self, instance), "task", Link(NULL, instance))

    def task_of(self, value: Value) -> tuple[Task | None, Unknown | None]:
        """The task definition that a service names, or why it is not known."""
        link = self.links.find(value, "task_definition")
        instance = link.instance or self._by_family(value)
        if instance is not None and instance.mode == "managed":
            return self._task(instance), None
        if instance is None and link.unknown is not None:
            return None, unknown(value)
        name = known_text(value) or (instance.address if instance is not None else "")
        return None, outside(name, f"the task definition {name} lies outside the configuration")

    def _by_family(self, value: Value) -> Instance | None:
        """The task definition of "FAMILY:REVISION" or ".../FAMILY:REVISION"."""
        bare = plain(value)
        if isinstance(bare, str):
            family = bare.rpartition("/")[2].partition(":")[0]
            return self.links.find(family, "task_definition").instance
        if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
            for part in bare.content.parts:
                inner = plain(part)
                name = inner.partition(":")[0] if isinstance(inner, str) else inner
                found = self.links.find(name, "task_definition").instance  # type: ignore[arg-type]
                if found is not None:
                    return found
        return None

    def vpc_of(self, node: Node) -> Instance | None:
        """The VPC that a resource's vpc_id names, as a resource or data source."""
        return self.links.find(_vpc_id(node), "vpc").instance

    # ---- ARNs ---------------------------------------------------------------------------------

    def repository_arn(self, image: Value) -> list[tuple[Symbol, ...]]:
        """The ARN of the repository that an image comes from, in its forms."""
        link = repository_of(self.links, image)
        if link is not None and link.instance is not None:
            return self._arns(link.instance, "ecr", "repository/")
        bare = plain(image)
        if isinstance(bare, str):
            name = parse_image(bare).repository
            return [arn("ecr", tuple(f"repository/{name}"))]
        return [arn("ecr", (*"repository/", HOLE))]

    def log_group_arn(self, name: Value) -> list[tuple[Symbol, ...]]:
        """The ARN of a log group, in its forms."""
        link = self.links.find(name, "log_group")
        if link.instance is not None:
            return self._arns(link.instance, "logs", "log-group:")
        return [arn("logs", (*"log-group:", *symbols(name)))]

    def log_stream_arn(self, name: Value) -> list[tuple[Symbol, ...]]:
        """The ARN of some stream of a log group, in its forms."""
        stream = (*":log-stream:", ANYTHING)
        return [(*form, *stream) for form in self.log_group_arn(name)]

    def _arns(self, instance: Instance, service: str, kind: str) -> list[tuple[Symbol, ...]]:
        own = Unknown.of(Origin("computed", instance.address, ".arn"))
        forms = [symbols(own)]
        name = root(instance).get("name").value
        if not is_null(name):
            forms.append(arn(service, (*kind, *symbols(name))))
        return forms

    def secret_endpoints(self, container: Container) -> list[str]:
        """The endpoints through which ECS would read a container's secrets."""
        found: list[str] = []
        for entry in container.node.get("secrets").elements():
            value = entry.get("valueFrom").value
            parts = symbols(value)
            first = parts[0] if parts else HOLE
            text = known_text(value) or ""
            is_parameter = self.links.find(value, "parameter").instance is not None
            if ":secretsmanager:" in text:
                found.append("secretsmanager")
            elif ":ssm:" in text or is_parameter or (text and not text.startswith("arn:")):
                found.append("ssm")
            elif not isinstance(first, str):
                found.append("secretsmanager")
        return found

    # ---- regions and names --------------------------------------------------------------------

    def region(self, instance: Instance) -> str | None:
        """The region of a resource, where it is known."""
        own = known_text(root(instance).get("region").value)
        return own or self.configuration.provider_region(instance.provider)

    def names_of(self, balancer: LoadBalancer) -> list[Value]:
        """The domain names that Route 53 records of the configuration lead to a load balancer."""
        if balancer.instance is None:
            return []
        found: list[Value] = []
        for record in self.links.of("aws_route53_record"):
            node = root(record)
            targets = [alias.get("name").value for alias in node.blocks("alias")]
            targets.extend(item.value for item in node.get("records").elements())
            for target in targets:
                if self.links.find(target, "load_balancer").instance is balancer.instance:
                    name = node.get("name").value
                    if not _is_relative(name):
                        found.append(name)
        return found

    def additional_certificates(self, listener: Listener) -> Tri:
        """Whether further certificates of a listener may cover a name: never known to."""
        for type_ in ("aws_lb_listener_certificate", "aws_alb_listener_certificate"):
            for instance in self.links.of(type_):
                node = root(instance)
                link = self.links.find(node.get("listener_arn").value, "listener")
                if link.instance is listener.instance or link.unknown is not None:
                    return outside(instance.address, "further certificates are not compared")
        return False


def _is_relative(name: Value) -> bool:
    """Whether a record's name leaves the zone's name to be added."""
    bare = plain(name)
    return isinstance(bare, str) and "." not in bare


def _vpc_id(node: Node) -> Value:
    """The vpc_id of a resource; for subnets that a data source lists, its filter on vpc-id."""
    value = node.get("vpc_id").value
    if not is_null(value):
        bare = plain(value)
        own = isinstance(bare, Unknown) and bare.ref is not None
        if not (own and bare.ref.address == node.instance.address):  # type: ignore[union-attr]
            return value
    for block in node.blocks("filter"):
        if known_text(block.get("name").value) == "vpc-id":
            for item in block.get("values").elements():
                return item.value
    return NULL


def _text(link: Link) -> object:
    bare = plain(link.value)
    if isinstance(bare, str):
        return bare
    if isinstance(bare, Unknown) and bare.ref is not None:
        return bare.ref
    return id(link)
