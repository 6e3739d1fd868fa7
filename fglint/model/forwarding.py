"""Which listeners and rules forward to which target groups, in every form that Terraform has."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import Presence, Unknown, Value, plain
from fglint.model.existence import exists
from fglint.model.links import Link, Links
from fglint.model.logic import Tri, all_of, unknown
from fglint.model.reading import Element, Node, root
from fglint.records import dataclass

LISTENERS = ("aws_lb_listener", "aws_alb_listener")
RULES = ("aws_lb_listener_rule", "aws_alb_listener_rule")
ATTACHMENTS = ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")


@dataclass(frozen=True, slots=True, eq=False)
class Forward:
    """One edge: the listener, what names the target group, and whether the edge is there."""

    listener: Link
    target: Node
    present: Tri

    @property
    def instance(self) -> Instance:
        """The listener or rule that forwards."""
        return self.target.instance


@dataclass(frozen=True, slots=True, eq=False)
class Lead:
    """An edge, whether it names one target group, and whether it is there at all."""

    edge: Forward
    named: Tri
    there: Tri

    @property
    def certain(self) -> Tri:
        """Whether it leads to the target group."""
        return all_of([self.named, self.there])


class Forwarding:
    """All forward edges of a configuration."""

    def __init__(self, links: Links) -> None:
        self.links = links

    @cached_property
    def edges(self) -> list[Forward]:
        """Every edge, those with an unknown end, too."""
        found: list[Forward] = []
        for instance in self.links.of(*LISTENERS):
            node = root(instance)
            own = Link(node.value, instance)
            found.extend(self._of(own, node, "default_action"))
        for instance in self.links.of(*RULES):
            node = root(instance)
            for listener in self.links.candidates(node.get("listener_arn").value, "listener"):
                found.extend(self._of(listener, node, "action"))
        return found

    def _of(self, listener: Link, node: Node, name: str) -> Iterator[Forward]:
        for target, present in forward_nodes(node, name):
            yield Forward(listener, target, present)

    def to(self, target: Link) -> list[Lead]:
        """The edges that lead to a target group, or may."""
        found: list[Lead] = []
        for edge in self.edges:
            named = self.links.matches(edge.target.value, "target_group", target)
            there = all_of([edge.present, exists(edge.instance, target.instance)])
            if all_of([named, there]) is not False:
                found.append(Lead(edge, named, there))
        return found

    # ---- deployments that switch target groups ------------------------------------------------

    @cached_property
    def switches(self) -> list[tuple[list[Node], list[Node], list[Node]]]:
        """What CodeDeploy switches: target groups, production and test listeners, as written."""
        found: list[tuple[list[Node], list[Node], list[Node]]] = []
        for instance in self.links.of("aws_codedeploy_deployment_group"):
            for info in root(instance).blocks("load_balancer_info"):
                for pair in info.blocks("target_group_pair_info"):
                    groups = [each.get("name") for each in pair.blocks("target_group")]
                    routes = ("prod_traffic_route", "test_traffic_route")
                    prod, test = (
                        [
                            arn
                            for route in pair.blocks(name)
                            for arn in route.get("listener_arns").elements()
                        ]
                        for name in routes
                    )
                    found.append((groups, prod, test))
        return found

    def partners(self, target: Link) -> list[Node]:
        """What names the other target groups that CodeDeploy switches with one."""
        found: list[Node] = []
        for groups, _, _ in self.switches:
            answers = [self.links.matches(node.value, "target_group", target) for node in groups]
            if any(answer is True for answer in answers):
                found.extend(n for n, a in zip(groups, answers, strict=True) if a is not True)
        return found

    def serves_tests(self, listener: Link) -> Tri:
        """Whether a listener carries only the test traffic of a blue/green deployment."""
        production = [node.value for _, prod, _ in self.switches for node in prod]
        test = [node.value for _, _, tests in self.switches for node in tests]
        for instance in self.links.of("aws_ecs_service"):
            for block in root(instance).blocks("load_balancer"):
                for advanced in block.blocks("advanced_configuration"):
                    production.append(advanced.get("production_listener_rule").value)
                    test.append(advanced.get("test_listener_rule").value)
        if any(self._is_or_has(value, listener) is True for value in production):
            return False
        return any(self._is_or_has(value, listener) is True for value in test)

    def _is_or_has(self, value: Value, listener: Link) -> Tri:
        """Whether a value names a listener, or a rule of it; null names none."""
        if is_null(value):
            return False
        if self.links.matches(value, "listener", listener) is True or _is_made_of(value, listener):
            return True
        rule = self.links.find(value, "listener_rule").instance
        if rule is None:
            return unknown(value)
        return self.links.matches(root(rule).get("listener_arn").value, "listener", listener)

    # ---- chains of load balancers -------------------------------------------------------------

    def groups_before(self, balancer: Link) -> list[Link]:
        """The target groups of type alb that hold an Application Load Balancer."""
        found: list[Link] = []
        for instance in self.links.of(*ATTACHMENTS):
            node = root(instance)
            if self.links.matches(node.get("target_id").value, "load_balancer", balancer) is True:
                found.append(self.links.find(node.get("target_group_arn").value, "target_group"))
        return [link for link in found if link.instance is not None]


def _is_made_of(value: Value, link: Link) -> bool:
    """Whether a value is made of one resource's attributes alone: split(",", RESOURCE.arn)."""
    bare = plain(value)
    if not isinstance(bare, Unknown) or link.instance is None:
        return False
    return {(o.kind, o.address) for o in bare.origins} == {("computed", link.instance.address)}


def forward_nodes(node: Node, name: str) -> Iterator[tuple[Node, Tri]]:
    """What names target groups in the actions of a listener or rule, and whether it is there."""
    for item in node.blocks(name).items:
        there = _there(item)
        action = item.node
        short = action.get("target_group_arn")
        if not is_null(short.value):
            yield short, there
        for forward in action.blocks("forward").items:
            for group in forward.node.blocks("target_group").items:
                arn = group.node.get("arn")
                if not is_null(arn.value):
                    yield arn, all_of([there, _there(forward), _there(group)])


def _there(item: Element) -> Tri:
    return True if item.presence is Presence.ONE else unknown(item.node.value)
