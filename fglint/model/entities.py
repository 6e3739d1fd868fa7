"""The entities of a deployment: each resource is one, however often it is linked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import NULL, Presence, Unknown, Value, plain
from fglint.model import naming
from fglint.model.certificate import Certificate
from fglint.model.cluster import Cluster
from fglint.model.endpoints import VpcEndpoint
from fglint.model.entity import Entity
from fglint.model.facts import Facts
from fglint.model.links import Link, Links
from fglint.model.listener import Listener
from fglint.model.load_balancer import LoadBalancer
from fglint.model.logic import Tri, outside
from fglint.model.nat import NatGateway
from fglint.model.network import Subnet
from fglint.model.reading import Node
from fglint.model.role import Role
from fglint.model.routing import RouteTable
from fglint.model.scaling import ScalingTarget
from fglint.model.security_group import SecurityGroup, canonical
from fglint.model.target_group import TargetGroup
from fglint.model.task import Task
from fglint.model.vpc import Vpc

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

_E = TypeVar("_E", bound=Entity)


class Entities:
    """Makes the entities that links name, each once."""

    links: Links
    facts: Facts

    def __init__(self) -> None:
        self._entities: dict[object, Entity] = {}

    @property
    def _whole(self) -> Deployment:
        return cast("Deployment", self)

    def _one(self, make: Callable[[Deployment, Link], _E], link: Link) -> _E:
        key = (make, link.instance or _text(link))
        found = self._entities.get(key)
        if found is None:
            found = self._entities[key] = make(self._whole, link)
        return found  # type: ignore[return-value]

    def subnet(self, link: Link) -> Subnet:
        """The subnet that a link names."""
        return self._one(Subnet, link)

    def vpc(self, link: Link) -> Vpc:
        """The VPC that a link names."""
        return self._one(Vpc, link)

    def vpc_named(self, node: Node | None, entity: Entity) -> Vpc:
        """The VPC that a resource's vpc_id names; one of which nothing is known without it."""
        value = NULL if node is None else node.get("vpc_id").value
        unnamed = is_null(value)
        if unnamed:
            value = outside(str(entity), f"the VPC of {entity} is not known")
        found = self.vpc(self.links.find(value, "vpc"))
        found.is_unnamed = unnamed
        return found

    def route_table(self, link: Link) -> RouteTable:
        """The route table that a link names."""
        return self._one(RouteTable, link)

    def nat_gateway(self, link: Link) -> NatGateway:
        """The NAT gateway that a link names."""
        return self._one(NatGateway, link)

    def vpc_endpoint(self, link: Link) -> VpcEndpoint:
        """The VPC endpoint that a link names."""
        return self._one(VpcEndpoint, link)

    def load_balancer(self, link: Link) -> LoadBalancer:
        """The load balancer that a link names."""
        return self._one(LoadBalancer, link)

    def listener(self, link: Link) -> Listener:
        """The listener that a link names."""
        return self._one(Listener, link)

    def target_group(self, link: Link) -> TargetGroup:
        """The target group that a link names."""
        return self._one(TargetGroup, link)

    def certificate(self, link: Link) -> Certificate:
        """The certificate that a link names."""
        return self._one(Certificate, link)

    def cluster(self, link: Link) -> Cluster:
        """The cluster that a link names."""
        return self._one(Cluster, link)

    def scaling_target(self, link: Link) -> ScalingTarget:
        """The target of Application Auto Scaling that a link names."""
        return self._one(ScalingTarget, link)

    def role(self, link: Link) -> Role:
        """The role that a link names."""
        return self._one(Role, link)

    # ---- security groups ----------------------------------------------------------------------

    def group_link(self, value: Value) -> Link:
        """What a value names among security groups; a VPC's own one is what manages it."""
        return canonical(self._whole, self.links.find(value, "security_group"))

    def names_group(self, value: Value, link: Link) -> Tri:
        """Whether a value names a security group."""
        return self.links.same(self.group_link(value), link)

    def security_group(self, link: Link) -> SecurityGroup:
        """The security group that a link names."""
        return self._one(SecurityGroup, canonical(self._whole, link))

    def default_group(self, vpc: Vpc) -> SecurityGroup:
        """A VPC's own security group."""
        return self.security_group(canonical(self._whole, vpc.link))

    def groups_of(self, node: Node) -> tuple[list[SecurityGroup], list[Value]]:
        """The security groups in a list of them, and why there may be others."""
        found: dict[SecurityGroup, None] = {}
        doubts: list[Value] = []
        elements = node.elements()
        for item in elements.items:
            link = self.group_link(item.node.value)
            if item.presence is not Presence.ONE or not self._is_told(link):
                doubts.append(link.value)
            elif not link.nothing:
                found[self.security_group(link)] = None
        if elements.rest is not None:
            doubts.append(elements.rest)
        return list(found), doubts

    def _is_told(self, link: Link) -> bool:
        """Whether it is known which security group a link names, or facts tell of it."""
        if link.unknown is None:
            return True
        return self.facts.tell_of(self.security_group(link), "security_groups")

    # ---- tasks --------------------------------------------------------------------------------

    def _task_at(self, link: Link) -> Task:
        assert link.instance is not None
        key = (Task, link.instance)
        if key not in self._entities:
            self._entities[key] = Task(self._whole, link.instance)
        return self._entities[key]  # type: ignore[return-value]

    def task_of(self, value: Value) -> tuple[Task | None, Unknown | None]:
        """The task definition that a service names, or why it is not known."""
        found = naming.task_definition(self.links, value)
        if isinstance(found, Unknown):
            return None, found
        return self._task_at(found), None


def _text(link: Link) -> object:
    """What tells a thing outside from others: the text or reference that names it."""
    bare = plain(link.value)
    if isinstance(bare, Unknown):
        return bare.ref or bare
    return bare
