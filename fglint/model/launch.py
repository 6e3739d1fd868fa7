"""How tasks are launched, in every form that Terraform has for it: service, task set, target.

Each form names the same things in its own way: what runs, on what, in which network.
"""

from __future__ import annotations

from collections.abc import Iterator

from fglint.configuration.instance import Instance
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.holes import json_text_value
from fglint.evaluation.inspection import is_null
from fglint.evaluation.origins import Origin
from fglint.evaluation.values import (
    NULL,
    ListValue,
    MapValue,
    ObjectValue,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.model.links import Links
from fglint.model.reading import Node, known_text, root
from fglint.records import dataclass

SERVICES = ("aws_ecs_service", "aws_ecs_task_set", "aws_ecs_express_gateway_service")
_RUN_TASK = ":states:::ecs:runTask"
_MAXIMUM_DEPTH = 40


@dataclass(frozen=True, slots=True, eq=False)
class Launch:
    """What launches tasks: the arguments of any form under one set of names.

    `node` has all arguments; `network` is the block with subnets and security groups, null where
    there is none. `part` names the launch within its resource where there may be several.
    """

    instance: Instance
    node: Node
    task_definition: Node
    cluster: Node
    launch_type: Node
    strategy: Node
    network: Node
    subnets: Node
    security_groups: Node
    assign_public_ip: Node
    execute_command: Node
    part: str = ""

    def argument(self, name: str) -> Node:
        """An argument by the name that a service has for it; a state spells it as ECS does."""
        if not self.part:
            return self.node.get(name)
        return _any_of(self.node, "".join(word.capitalize() for word in name.split("_")))


def launches(links: Links) -> Iterator[Launch]:
    """Every launch of a configuration."""
    for instance in links.of(*SERVICES):
        yield _service(instance)
    for instance in links.of("aws_cloudwatch_event_target"):
        for node in root(instance).blocks("ecs_target"):
            yield _target(node, root(instance).get("arn"))
    for instance in links.of("aws_scheduler_schedule"):
        for target in root(instance).blocks("target"):
            for node in target.blocks("ecs_parameters"):
                yield _target(node, target.get("arn"))
    for instance in links.of("aws_pipes_pipe"):
        for target in root(instance).blocks("target_parameters"):
            for node in target.blocks("ecs_task_parameters"):
                yield _pipe(node, root(instance).get("target"))
    for instance in links.of("aws_sfn_state_machine"):
        yield from _states(instance)


def _service(instance: Instance) -> Launch:
    node = root(instance)
    network = node.block("network_configuration")
    return launch_of(node, network, node.get("task_definition"), node.get("cluster"))


def _target(node: Node, cluster: Node) -> Launch:
    network = node.block("network_configuration")
    return launch_of(node, network, node.get("task_definition_arn"), cluster)


def _pipe(node: Node, cluster: Node) -> Launch:
    network = node.block("network_configuration").block("aws_vpc_configuration")
    return launch_of(node, network, node.get("task_definition_arn"), cluster)


def launch_of(node: Node, network: Node, task_definition: Node, cluster: Node) -> Launch:
    """A launch whose arguments have the names that a service has for them."""
    return Launch(
        node.instance,
        node,
        task_definition,
        cluster,
        node.get("launch_type"),
        node.get("capacity_provider_strategy"),
        network,
        network.get("subnets"),
        network.get("security_groups"),
        network.get("assign_public_ip"),
        node.get("enable_execute_command"),
    )


# ---- state machines ---------------------------------------------------------------------------


def _states(instance: Instance) -> Iterator[Launch]:
    written = root(instance).get("definition")
    try:
        value = json_text_value(written.value)
    except EvaluationError:
        return
    definition = Node(instance, value, written.path)
    for name, state in _run_tasks(definition, "", 0):
        yield _state(state, name)


def _run_tasks(node: Node, name: str, depth: int) -> Iterator[tuple[str, Node]]:
    """The states that run a task, those within Parallel and Map states, too."""
    if depth > _MAXIMUM_DEPTH:
        return
    resource = node.get("Resource").value
    if _RUN_TASK in _text_of(resource):
        yield name, node
        return
    for key, member in node.members():
        yield from _run_tasks(member, key, depth + 1)
    if isinstance(plain(node.value), (TupleValue, ListValue)):
        for item in node.elements():
            yield from _run_tasks(item, name, depth + 1)


def _text_of(value: Value) -> str:
    """The known text in a value: the partition of an ARN need not be known."""
    bare = plain(value)
    text = known_text(bare)
    if text is not None:
        return text
    parts = getattr(getattr(bare, "content", None), "parts", ())
    return "".join(known_text(part) or "" for part in parts)


def _state(state: Node, name: str) -> Launch:
    arguments = state.get("Parameters")
    if not isinstance(plain(arguments.value), (ObjectValue, MapValue, Unknown)):
        arguments = state.get("Arguments")
    network = _any_of(arguments, "NetworkConfiguration").get("AwsvpcConfiguration")
    return Launch(
        state.instance,
        arguments,
        _any_of(arguments, "TaskDefinition"),
        _any_of(arguments, "Cluster"),
        _any_of(arguments, "LaunchType"),
        _any_of(arguments, "CapacityProviderStrategy"),
        network,
        _any_of(network, "Subnets"),
        _any_of(network, "SecurityGroups"),
        _any_of(network, "AssignPublicIp"),
        _any_of(arguments, "EnableExecuteCommand"),
        part=f"state {name}",
    )


def _any_of(node: Node, name: str) -> Node:
    """A member; unknown where a JSON path (`NAME.$`) fills it in when the machine runs."""
    found = node.get(name)
    if is_null(found.value):
        dynamic = node.get(f"{name}.$")
        if not is_null(dynamic.value):
            return Node(node.instance, Unknown(origins=_at_run_time(node)), dynamic.path)
    return Node(node.instance, found.value if found.value is not None else NULL, found.path)


def _at_run_time(node: Node) -> tuple[Origin, ...]:
    address = node.instance.address
    because = f"an input of {address} is known only when it runs"
    return (Origin("data", address, ".definition", because),)
