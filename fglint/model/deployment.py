"""The Fargate deployment that a configuration describes: the root of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from fglint import graph
from fglint.configuration.loader import Configuration
from fglint.configuration.requirements import Majors, aws_majors
from fglint.evaluation.origins import Origin
from fglint.evaluation.values import Unknown, Value
from fglint.model import launch, leaves, naming, secret_list, subjects
from fglint.model.absent import AbsentService, absent_services
from fglint.model.arns import Texts
from fglint.model.binding import Binding
from fglint.model.certificate import Certificate
from fglint.model.edges import Edges
from fglint.model.endpoints import VpcEndpoint
from fglint.model.entities import Entities
from fglint.model.entity import Entity
from fglint.model.facts import Facts
from fglint.model.forwarding import LISTENERS, Forwarding
from fglint.model.handing import Handing
from fglint.model.links import Link, Links
from fglint.model.listener import Listener
from fglint.model.load_balancer import TYPES, LoadBalancer
from fglint.model.logic import same, unknown
from fglint.model.nat import NatGateway
from fglint.model.network import Subnet
from fglint.model.reading import root
from fglint.model.resource import Resource
from fglint.model.role import Role
from fglint.model.role_policies import policies_of
from fglint.model.role_uses import RoleUse, uses
from fglint.model.root import Root
from fglint.model.routing import TABLES, RouteTable, Tables
from fglint.model.scaling import POLICY, TARGET, ScalingTarget
from fglint.model.service import Service
from fglint.model.target_group import TYPES as GROUP_TYPES
from fglint.model.task import Task
from fglint.model.tls import ServiceListener
from fglint.model.uses import Key, Use, uses_of
from fglint.model.vpc import Vpc

if TYPE_CHECKING:
    from fglint.settings import Fact

_E = TypeVar("_E", bound=Entity)


def _kinds(base: type[Entity]) -> Iterator[type[Entity]]:
    for entity in base.__subclasses__():
        if entity.kind:
            yield entity
        yield from _kinds(entity)


# All kinds of entities that rules judge or meet, by name, and those that they judge.
KINDS: dict[str, type[Entity]] = {entity.kind: entity for entity in _kinds(Entity)}
SUBJECTS = frozenset((
    "certificate", "cluster", "container", "dns_record", "environment", "listener",
    "load_balancer", "load_balancer_binding", "log_group", "nat_gateway", "policy", "repository",
    "resource", "role", "root", "route_table", "scaling_target", "secret", "security_group",
    "service", "service_listener", "stored_secret", "subnet", "subnet_use", "target_group", "task",
    "variable", "vpc", "vpc_endpoint",
))  # fmt: skip


class Deployment(Entities):
    """All entities of a configuration; each resource is one entity, however often it is linked."""

    def __init__(self, configuration: Configuration, facts: Sequence[Fact] = ()) -> None:
        super().__init__()
        self.configuration = configuration
        self.facts = Facts(facts)
        self.links = Links(configuration.instances)
        self.texts = Texts(self)
        self.tables = Tables(self.links)
        self.forwarding = Forwarding(self.links)
        self.edges = Edges(self.links)
        self._subjects: dict[str, Sequence[Entity]] = {}
        self._pairs: dict[Service, list[ServiceListener]] = {}

    @cached_property
    def graph(self) -> graph.Graph:
        """The order that Terraform follows."""
        return graph.build(self.configuration)

    @cached_property
    def handing(self) -> Handing:
        """What modules that are not here are given."""
        return Handing(self.configuration, self.graph)

    def additions(self, entity: Resource) -> list[Unknown]:
        """Why something of the configuration may have more than it says: modules not here."""
        if not self.configuration.not_here or entity.instance is None:
            return []
        return self.handing.additions(entity.instance.address)

    @cached_property
    def uses(self) -> dict[Key, list[Use]]:
        """Who refers to each resource and data source."""
        return uses_of(self.configuration)

    @cached_property
    def permitted(self) -> Majors:
        """The major versions of hashicorp/aws that the configuration permits."""
        return aws_majors(self.configuration.session, self.configuration.directory)

    def depends(self, start: Entity, end: Entity) -> bool:
        """Whether Terraform makes `end` before `start`: a reference or depends_on leads there."""
        return self.graph.reaches(start.address, end.address)

    # ---- subjects -----------------------------------------------------------------------------

    def subjects(self, kind: str) -> Sequence[Entity]:
        """All entities of a kind that rules judge, in a stable order."""
        found = self._subjects.get(kind)
        if found is None:
            found = self._subjects[kind] = list(self._of_kind(kind))
        return found

    def _of_kind(self, kind: str) -> Sequence[Entity]:
        match kind:
            case "root":
                return [self.root]
            case "service":
                return self.services
            case "task":
                return self.tasks
            case "container":
                return [c for task in self.tasks for c in task.container_subjects]
            case "environment":
                return leaves.leaves(self)
            case "secret":
                return secret_list.secrets(self)
            case "load_balancer_binding":
                return [b for s in self.services if s.is_service for b in s.binding_list]
            case "service_listener":
                return self.service_listeners
            case "subnet_use":
                return [use for s in self.services for use in s.subnet_uses]
            case "listener":
                return self.listeners
            case "load_balancer":
                return self.load_balancers
            case "target_group":
                return self._managed(self.target_group, *GROUP_TYPES)
            case "certificate":
                return self.certificates
            case "vpc":
                return self.vpcs
            case "subnet":
                return self.subnets
            case "route_table":
                return self.route_tables
            case "nat_gateway":
                return self.nat_gateways
            case "vpc_endpoint":
                return self.vpc_endpoints
            case "role":
                return self.roles
            case "policy":
                return policies_of(self, self.roles)
            case "security_group":
                types = ("aws_security_group", "aws_default_security_group")
                return self._managed(self.security_group, *types)
            case _:
                return subjects.of_kind(self, kind)

    def _managed(self, make: Callable[[Link], _E], *types: str) -> list[_E]:
        """The entities of the configuration's own resources of some types, by address."""
        found = [make(Link(one.values, one)) for one in self.links.of(*types)]
        return sorted(found, key=lambda entity: entity.address)

    @cached_property
    def root(self) -> Root:
        """The root module as a whole."""
        return Root(self)

    @cached_property
    def services(self) -> list[Service]:
        """Services, task sets and run targets, by address; those in modules not here, too."""
        found = [Service(self, one) for one in launch.launches(self.links)]
        found.extend(absent_services(self))
        return sorted(found, key=lambda service: (service.address, service.subject))

    @cached_property
    def tasks(self) -> list[Task]:
        """The task definitions of the configuration, by address."""
        found = self._managed(self._task_at, "aws_ecs_task_definition")
        found = [task for task in found if task.runs_on_fargate is not False]
        return [*found, *(s.absent_task for s in self.services if isinstance(s, AbsentService))]

    @cached_property
    def load_balancers(self) -> list[LoadBalancer]:
        """The load balancers of the configuration, by address."""
        return self._managed(self.load_balancer, *TYPES)

    @cached_property
    def listeners(self) -> list[Listener]:
        """The listeners of the configuration, by address."""
        return self._managed(self.listener, *LISTENERS)

    @cached_property
    def subnets(self) -> list[Subnet]:
        """The subnets of the configuration, by address."""
        return self._managed(self.subnet, "aws_subnet", "aws_default_subnet")

    @cached_property
    def used_subnets(self) -> list[Subnet]:
        """The subnets of services on Fargate and of load balancers."""
        services = [one for one in self.services if one.runs_on_fargate is not False]
        found = dict.fromkeys(subnet for one in services for subnet in one.subnet_list)
        for balancer in self.load_balancers:
            found.update(dict.fromkeys(subnet for subnet, _ in balancer.subnet_uses))
        return list(found)

    @cached_property
    def nat_gateways(self) -> list[NatGateway]:
        """The NAT gateways of the configuration, by address."""
        return self._managed(self.nat_gateway, "aws_nat_gateway")

    @cached_property
    def vpc_endpoints(self) -> list[VpcEndpoint]:
        """The VPC endpoints of the configuration, by address."""
        return self._managed(self.vpc_endpoint, "aws_vpc_endpoint")

    @cached_property
    def route_tables(self) -> list[RouteTable]:
        """The route tables of the configuration, the implicit main ones in use included."""
        found = dict.fromkeys(self._managed(self.route_table, *TABLES))
        for subnet in self.subnets:
            found.update(dict.fromkeys(t for t in subnet.tables if t.is_implicit))
        return sorted(found, key=lambda table: table.address)

    @cached_property
    def vpcs(self) -> list[Vpc]:
        """The VPCs of the configuration, and those outside that services run in.

        One that is known by a value alone has the address of the service.
        """
        found = dict.fromkeys(self._managed(self.vpc, "aws_vpc", "aws_default_vpc"))
        for service in self.services:
            used = list(dict.fromkeys(subnet.vpc for subnet in service.subnet_list))
            for vpc in used[:1] if not any(each.address for each in used) else ():
                vpc.address, vpc.header = service.address, service.launch.subnets.place()
            found.update(dict.fromkeys(vpc for vpc in used if vpc.address))
        return sorted(found, key=lambda vpc: (vpc.address, str(vpc)))

    @cached_property
    def certificates(self) -> list[Certificate]:
        """The certificates requested from ACM, and all that listeners name by a resource."""
        found = dict.fromkeys(self._managed(self.certificate, "aws_acm_certificate"))
        for listener in self.listeners:
            named = (one for one, _ in listener.certificate_uses if one.address)
            found.update(dict.fromkeys(named))
        return sorted(found, key=lambda certificate: certificate.address)

    @cached_property
    def scaling_targets(self) -> list[ScalingTarget]:
        """The targets of Application Auto Scaling for ECS, by address."""
        found = self._managed(self.scaling_target, TARGET)
        return [target for target in found if target.is_for_ecs]

    @cached_property
    def scaling_owners(self) -> dict[str, list[ScalingTarget]]:
        """The targets with the very resource_id of each scaling policy, by its address."""
        found: dict[str, list[ScalingTarget]] = {}
        for policy in self.links.of(POLICY):
            own = root(policy).get("resource_id").text()
            targets = [each for each in self.scaling_targets if same(own, each.id_text) is True]
            found[policy.address] = targets
        return found

    # ---- services and listeners ---------------------------------------------------------------

    @cached_property
    def service_listeners(self) -> list[ServiceListener]:
        """The pairs of a service on Fargate and a listener that forwards to it."""
        return [pair for service in self.services for pair in self.pairs_of(service)]

    def pairs_of(self, service: Service) -> list[ServiceListener]:
        """The pairs of one service and the listeners that forward to it."""
        if service not in self._pairs:
            self._pairs[service] = list(self._pairs_of(service))
        return self._pairs[service]

    def _pairs_of(self, service: Service) -> Iterator[ServiceListener]:
        if service.runs_on_fargate is False or not service.is_service:
            return
        if isinstance(service, AbsentService):
            yield self._unknown_pair(service.unknown_binding, service.whole.value)
        seen: set[Listener] = set()
        for binding in service.binding_list:
            if binding.is_classic:
                continue
            for listener, leads in binding.named_listeners:
                if listener not in seen:
                    seen.add(listener)
                    doubts = () if leads is True else (leads,)
                    maybe = binding.maybe or listener.maybe or leads is not True
                    yield ServiceListener(binding, listener, maybe, doubts)
            if not binding.named_listeners and isinstance(binding.is_forwarded, Unknown):
                yield self._unknown_pair(binding, binding.is_forwarded)
            if not binding.named_listeners and binding.elsewhere is True:  # as facts state
                listener = self.listener(Link(binding.group.link.value, outside=True))
                yield ServiceListener(binding, listener, binding.maybe)

    def _unknown_pair(self, binding: Binding, cause: Value) -> ServiceListener:
        """The pair of a service and the listeners that lie outside."""
        listener = self.listener(Link(cause, unknown=unknown(cause)))
        return ServiceListener(binding, listener, binding.maybe)

    # ---- roles --------------------------------------------------------------------------------

    @cached_property
    def role_uses(self) -> list[RoleUse]:
        """Who uses which role, and for what."""
        return list(uses(self))

    @cached_property
    def roles(self) -> list[Role]:
        """The roles that ECS, its deployments and schedulers use, by address.

        A role that is known by a value alone has the address of what names it.
        """
        found: dict[Role, None] = {}
        for use in self.role_uses:
            if not use.role.address:
                use.role.address, use.role.header = use.address, use.place()
            found[use.role] = None
        return sorted(found, key=lambda role: (role.address, str(role)))

    # ---- names --------------------------------------------------------------------------------

    def region_of(self, link: Link) -> str | None:
        """The region of a resource, or of what an ARN names, where it is known."""
        return naming.region_of(self.configuration, link)

    def names_of(self, balancer: LoadBalancer) -> list[Value]:
        """The domain names that Route 53 records of the configuration lead to a load balancer."""
        return naming.names_of(self.links, balancer)

    def may_be_empty(self, variable: Origin) -> bool:
        """Whether a variable's validation or use shows that it may be null or empty."""
        return naming.may_be_empty(self.configuration, variable)
