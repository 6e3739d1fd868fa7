"""Famous registry modules whose outputs are plain functions of their inputs.

When such a module is not downloaded, its outputs still follow from the arguments of the call.
What is here is a module's documented interface, not its code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from fglint.evaluation.convert import convert
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.functions import registry
from fglint.evaluation.functions.registry import Context
from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import STRING, ListType, object_type
from fglint.evaluation.values import (
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    mark,
    plain,
    sorted_items,
    unmark,
)
from fglint.records import dataclass

ArgumentPath = tuple[str, tuple[str | int, ...]]


@dataclass(frozen=True, slots=True)
class Contract:
    """What is known of a module: its outputs, and which argument writes a part of one."""

    outputs: Callable[[Mapping[str, Value], Context], dict[str, Value]]
    argument: Callable[[tuple[str | int, ...]], ArgumentPath | None]


def contract_of(source: str) -> Contract | None:
    """The contract of a module by its source address, in any of its forms."""
    for pattern, contract in _CONTRACTS:
        if pattern.search(source):
            return contract
    return None


# ---- cloudposse/ecs-container-definition ------------------------------------------------------
# Source: the module's README, "Inputs" and "Outputs" (versions 0.14 and 0.61), read 2026-11.

_MEMBERS = {
    "name": "container_name",
    "image": "container_image",
    "memory": "container_memory",
    "memoryReservation": "container_memory_reservation",
    "cpu": "container_cpu",
    "essential": "essential",
    "entryPoint": "entrypoint",
    "command": "command",
    "workingDirectory": "working_directory",
    "readonlyRootFilesystem": "readonly_root_filesystem",
    "mountPoints": "mount_points",
    "dnsServers": "dns_servers",
    "dnsSearchDomains": "dns_search_domains",
    "ulimits": "ulimits",
    "repositoryCredentials": "repository_credentials",
    "links": "links",
    "volumesFrom": "volumes_from",
    "user": "user",
    "dependsOn": "container_depends_on",
    "privileged": "privileged",
    "portMappings": "port_mappings",
    "healthCheck": "healthcheck",
    "firelensConfiguration": "firelens_configuration",
    "linuxParameters": "linux_parameters",
    "logConfiguration": "log_configuration",
    "environmentFiles": "environment_files",
    "startTimeout": "start_timeout",
    "stopTimeout": "stop_timeout",
    "systemControls": "system_controls",
    "extraHosts": "extra_hosts",
    "hostname": "hostname",
    "disableNetworking": "disable_networking",
    "interactive": "interactive",
    "pseudoTerminal": "pseudo_terminal",
    "dockerLabels": "docker_labels",
    "dockerSecurityOptions": "docker_security_options",
    "resourceRequirements": "resource_requirements",
}
_DEFAULTS: dict[str, Value] = {"essential": True, "readonlyRootFilesystem": False}
_LISTS = ("json_map_encoded_list", "sensitive_json_map_encoded_list", "json")
_OBJECTS = ("json_map_encoded", "sensitive_json_map_encoded", "json_map")
_VALUES = ("json_map_object", "sensitive_json_map_object")


def _container_definition(arguments: Mapping[str, Value], context: Context) -> dict[str, Value]:
    members: dict[str, Value] = dict(_DEFAULTS)
    for member, argument in _MEMBERS.items():
        if argument in arguments and not is_null(arguments[argument]):
            members[member] = arguments[argument]
    if "logConfiguration" not in members and "log_options" in arguments:
        driver = arguments.get("log_driver", "awslogs")
        options = arguments["log_options"]
        members["logConfiguration"] = ObjectValue({"logDriver": driver, "options": options})
    for member, plain_name, map_name, key in (
        ("environment", "environment", "map_environment", "value"),
        ("secrets", "secrets", "map_secrets", "valueFrom"),
    ):
        pairs = _pairs(arguments, plain_name, map_name, key)
        if pairs is not None:
            members[member] = pairs
    if "firelensConfiguration" in members:
        members["user"] = "0"
    override, marks = unmark(arguments.get("container_definition", ObjectValue({})))
    if isinstance(override, (ObjectValue, MapValue)):
        members.update({key: mark(item, marks) for key, item in override.items.items()})
    definition = ObjectValue(members)
    encode = registry.find("jsonencode")
    assert encode is not None
    one = registry.call(encode, [definition], context)
    many = registry.call(encode, [TupleValue((definition,))], context)
    return {
        **dict.fromkeys(_LISTS, many),
        **dict.fromkeys(_OBJECTS, one),
        **dict.fromkeys(_VALUES, definition),
    }


def _pairs(
    arguments: Mapping[str, Value], plain_name: str, map_name: str, key: str
) -> Value | None:
    """`map_environment` wins over `environment`; both come out sorted by name."""
    given, marks = unmark(arguments.get(map_name, Null()))
    if isinstance(given, (ObjectValue, MapValue)) and given.items:
        pairs = [ObjectValue({"name": n, key: mark(v, marks)}) for n, v in sorted_items(given)]
        return _texts(TupleValue(tuple(pairs)), key)
    if isinstance(given, Unknown):
        return mark(Unknown(origins=given.origins), marks)
    listed = arguments.get(plain_name)
    if listed is None or is_null(listed):
        return None
    bare = plain(listed)
    if isinstance(bare, (TupleValue, ListValue, SetValue)) and not bare.items:
        return None
    return _texts(listed, key)


def _texts(pairs: Value, key: str) -> Value:
    """The pairs as the variable's type makes them: names and values are strings."""
    try:
        return convert(pairs, ListType(object_type({"name": STRING, key: STRING})))
    except EvaluationError:
        return pairs  # the module's call is wrong, which Terraform says


def _argument(path: tuple[str | int, ...]) -> ArgumentPath | None:
    """The argument that writes a member of the definition, and the path into it."""
    if path and isinstance(path[0], int):
        path = path[1:]
    if not path:
        return None
    member, rest = str(path[0]), path[1:]
    if member in ("environment", "secrets"):
        return member, rest
    if member in _MEMBERS:
        return _MEMBERS[member], rest
    return None


# ---- cloudposse/config/yaml//modules/deepmerge ------------------------------------------------
# Source: the module's README: "merged" holds the maps merged at every depth, later ones win.


def _deepmerge(arguments: Mapping[str, Value], context: Context) -> dict[str, Value]:
    maps = plain(arguments.get("maps", Null()))
    if not isinstance(maps, (TupleValue, ListValue)):
        return {}
    merged: Value = ObjectValue({})
    for each in maps.items:
        merged = _merged(merged, each)
    return {"merged": merged}


def _merged(first: Value, second: Value) -> Value:
    """Both merged at every depth; the second alone where one of them is no map."""
    one, first_marks = unmark(first)
    other, second_marks = unmark(second)
    if not isinstance(one, (ObjectValue, MapValue)):
        return second
    if not isinstance(other, (ObjectValue, MapValue)):
        return second if not isinstance(other, Null) else first
    entries = dict(one.items)
    for key, value in other.items.items():
        entries[key] = _merged(entries[key], value) if key in entries else value
    return mark(ObjectValue(entries), first_marks | second_marks)


def _no_argument(path: tuple[str | int, ...]) -> ArgumentPath | None:
    """Parts of several maps may write a member."""
    return None


_CONTRACTS = (
    (
        re.compile(r"cloudposse/config/yaml//modules/deepmerge\b"),
        Contract(_deepmerge, _no_argument),
    ),
    (
        re.compile(r"cloudposse/(terraform-aws-)?ecs-container-definition\b"),
        Contract(_container_definition, _argument),
    ),
)
