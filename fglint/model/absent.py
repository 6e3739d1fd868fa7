"""Services in modules that are not here: all that is known of one is that it may be there.

Nothing found must differ from nothing looked at: a module whose source says that it runs tasks on
ECS, and that is not downloaded or not there, is one service of which nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance, Lifecycle
from fglint.configuration.scopes import ModuleCall
from fglint.evaluation.origins import Origin
from fglint.evaluation.values import ObjectValue, Unknown
from fglint.model.binding import Binding
from fglint.model.launch import Launch, launch_of
from fglint.model.logic import Tri, unknown
from fglint.model.reading import Node
from fglint.model.service import Service
from fglint.model.task import Task

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

_WORD = re.compile(r"[A-Za-z0-9]+")
_ECS = frozenset({"ecs", "fargate"})
# Of a module in the repository itself that is missing, the name says less.
_SERVICE = frozenset({"api", "app", "backend", "frontend", "service", "task", "web", "worker"})
# Modules around ECS that run no tasks.
_OTHERS = frozenset({"autoscaling", "cluster", "cloudwatch", "container", "definition"})
# What a directory in a repository about ECS is for, where its own name says no more of ECS.
_APART = frozenset(
    {"acm", "alb", "balancer", "certificate", "codedeploy", "dns", "ecr", "iam", "nlb", "rds"}
    | {"route53", "vpc", "waf"}
)


def may_run_tasks(call: ModuleCall) -> bool:
    """Whether a module that is not here may run tasks on ECS, by its source."""
    placed = call.declaration.written.get("source")
    if call.written is not None or placed is None or not call.expansion.repetitions:
        return False
    source = placed.range.text.strip('"').lower()
    words = frozenset(_WORD.findall(source))
    if words & _OTHERS:
        return False
    path = (source.partition("://")[2] or source).partition("//")[2]
    inner = frozenset(_WORD.findall(path.partition("?")[0]))
    if inner & _APART and not inner & _ECS:
        return False
    if source.rpartition("//")[2].endswith("ecs/aws"):  # a cluster, with services where it is told
        return call.declaration.written.get("services") is not None
    local = source.startswith(".")
    return bool(words & (_ECS | _SERVICE if local else _ECS))


def absent_services(deployment: Deployment) -> Iterator[AbsentService]:
    """The services that modules may hold which are not here."""
    for call in deployment.configuration.calls:
        if may_run_tasks(call):
            for repetition in call.expansion.repetitions:
                yield AbsentService(deployment, call, repetition.suffix)


class AbsentTask(Task):
    """The task definition of an absent service."""

    def __init__(self, deployment: Deployment, node: Node) -> None:
        super().__init__(deployment, node.instance)
        self.node = node

    @property
    def runs_on_fargate(self) -> Tri:
        """Not known."""
        return unknown(self.node.value)


class AbsentService(Service):
    """A service in a module that is not here."""

    def __init__(self, deployment: Deployment, call: ModuleCall, suffix: str) -> None:
        address = call.address + suffix
        header = call.declaration.header
        instance = Instance(
            address=address,
            mode="managed",
            type="module",
            name=call.name,
            key=None,
            module=call.parent.address,
            values=ObjectValue({}),
            maybe=suffix == "[*]" or call.parent.maybe,
            block=call.declaration.block,
            provider="",
            lifecycle=Lifecycle(),
            locate=lambda path: header,
        )
        cause = Unknown.of(Origin("module", address, because=call.because), not_null=True)
        node = Node(instance, cause)
        super().__init__(deployment, _launch(node))
        self.whole = node
        self.form = "service"
        self.is_service = True
        self.absent_task = AbsentTask(deployment, node)

    @property
    def unknown_binding(self) -> Binding:
        """A `load_balancer` block that it may have."""
        return Binding(self, self.whole, 0, False)

    @property
    def runs_on_fargate(self) -> Tri:
        """Not known."""
        return unknown(self.whole.value)

    @property
    def task_link(self) -> tuple[Task | None, Unknown | None]:
        """Its task definition, of which nothing is known."""
        return self.absent_task, None


def _launch(node: Node) -> Launch:
    network = Node(node.instance, node.value, (*node.path, "network_configuration"))
    return launch_of(node, network, node.get("task_definition"), node.get("cluster"))
