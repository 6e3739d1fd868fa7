"""What is at hand to mend a `load_balancer` block: containers, security groups, listeners."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import STRING, EntityType
from fglint.evaluation.values import NULL, Value
from fglint.model import reach
from fglint.model.chain import Chain
from fglint.model.entity import Attribute, attribute
from fglint.model.listener import Listener
from fglint.model.load_balancer import LoadBalancer
from fglint.model.logic import Tri
from fglint.model.reading import known_text
from fglint.model.security_group import SecurityGroup


class Openings(Chain):
    """A `load_balancer` block, and what could make it work."""

    @attribute(STRING, nullable=True)
    def fitting_container(self) -> Attribute:
        """The name of the one container that declares the port; null where none or several do."""
        containers = self.of_service.containers
        certain = not any(c.maybe for c in containers) and not self.of_service.unseen_containers()
        fitting = [c for c in containers if c.declares(self._port) is True] if certain else []
        name = known_text(fitting[0].node.get("name").value) if len(fitting) == 1 else None
        return self._at("container_name", name or NULL)

    # ---- security groups ----------------------------------------------------------------------

    @attribute(EntityType("security_group"), nullable=True)
    def shut_task_group(self) -> Attribute:
        """The tasks' security group that does not let the load balancer in; null where it does."""
        return self._at("container_port", self._shut("ingress"))

    @attribute(EntityType("security_group"), nullable=True)
    def shut_balancer_group(self) -> Attribute:
        """The load balancer's security group that does not let it out to the tasks; else null."""
        return self._at("container_port", self._shut("egress"))

    @attribute(EntityType("security_group"), nullable=True)
    def task_group(self) -> Attribute:
        """The first security group of the tasks that the configuration has; null for none."""
        return self._at("container_port", _own(self.of_service.side) or NULL)

    @attribute(EntityType("security_group"), nullable=True)
    def balancer_group(self) -> Attribute:
        """The first security group of a load balancer in front; null where it has none."""
        found = (_own(balancer.side) for balancer in self._in_front())
        return self._at("target_group_arn", next(filter(None, found), NULL))

    def _in_front(self) -> Iterator[LoadBalancer]:
        return (balancer for balancer, leads in self.balancers if leads is True)

    def _shut(self, way: str) -> Value:
        protocol = self.transport if isinstance(self.transport, str) else "tcp"
        tasks = self.of_service.side
        for balancer in self._in_front():
            passes = reach.enter if way == "ingress" else reach.leave
            answer: Tri = passes(balancer.side, tasks, protocol, self._port)
            if answer is False:
                return _own(tasks if way == "ingress" else balancer.side) or NULL
        return NULL

    # ---- listeners ----------------------------------------------------------------------------

    @attribute(EntityType("load_balancer"), nullable=True)
    def balancer_at_hand(self) -> Attribute:
        """The one load balancer of the configuration, whose listeners could forward to it."""
        found = [one for one in self.deployment.load_balancers if not one.external]
        return self._at("target_group_arn", found[0] if len(found) == 1 else NULL)

    @attribute(EntityType("listener"), nullable=True)
    def listener_at_hand(self) -> Attribute:
        """The one TLS listener of that load balancer, for which a rule could be made."""
        balancer = self.get("balancer_at_hand")
        found: list[Listener] = [
            one
            for one in self.deployment.listeners
            if one.owner is balancer and one.is_secure is True and not one.external
        ]
        return self._at("target_group_arn", found[0] if len(found) == 1 else NULL)


def _own(side: reach.Side) -> SecurityGroup | None:
    groups = [group for group in side.groups if not group.external and not group.is_default]
    return groups[0] if groups else None


def rules_are_inline(group: SecurityGroup) -> bool:
    """Whether the rules of a group are written in it."""
    node = group.node
    return node is not None and any(
        not is_null(node.get(way).value) and bool(node.get(way).elements().items)
        for way in ("ingress", "egress")
    )
