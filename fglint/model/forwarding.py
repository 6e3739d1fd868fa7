"""Which listeners and rules forward to which target groups, in every form that Terraform has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from fglint.configuration.instance import Instance
from fglint.evaluation.values import Value, is_null
from fglint.model.links import Link, Links
from fglint.model.reading import Node, root

LISTENERS = ("aws_lb_listener", "aws_alb_listener")
RULES = ("aws_lb_listener_rule", "aws_alb_listener_rule")


@dataclass(frozen=True, slots=True, eq=False)
class Forward:
    """One edge: the listener, and the node that names the target group."""

    listener: Link
    target: Link
    node: Node


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
            found.extend(
                Forward(own, target, place)
                for target, place in self._targets(node.blocks("default_action"))
            )
        for instance in self.links.of(*RULES):
            node = root(instance)
            listener = self.links.find(node.get("listener_arn").value, "listener")
            found.extend(
                Forward(listener, target, place)
                for target, place in self._targets(node.blocks("action"))
            )
        return found

    def _targets(self, actions: object) -> Iterator[tuple[Link, Node]]:
        for action in actions:  # type: ignore[attr-defined]
            yield from self._target(action.get("target_group_arn"))
            for forward in action.blocks("forward"):
                for group in forward.blocks("target_group"):
                    yield from self._target(group.get("arn"))

    def _target(self, node: Node) -> Iterator[tuple[Link, Node]]:
        if not is_null(node.value):
            yield self.links.find(node.value, "target_group"), node

    def to(self, target: Link) -> tuple[list[Forward], list[Value]]:
        """The edges to a target group, and the ends that are not known and may be it."""
        found: list[Forward] = []
        doubts: list[Value] = []
        for edge in self.edges:
            if target.instance is not None and edge.target.instance is target.instance:
                found.append(edge)
            elif edge.target.unknown is not None:
                doubts.append(edge.target.value)
        return found, doubts

    @cached_property
    def paired(self) -> set[Instance]:
        """Target groups that a CodeDeploy deployment group or a blue/green service switches to."""
        found: set[Instance] = set()
        for instance in self.links.of("aws_codedeploy_deployment_group"):
            for info in root(instance).blocks("load_balancer_info"):
                for pair in info.blocks("target_group_pair_info"):
                    for group in pair.blocks("target_group"):
                        link = self.links.find(group.get("name").value, "target_group")
                        if link.instance is not None:
                            found.add(link.instance)
        return found
