"""What ECS Exec needs of the task role: channels for sessions, and where these are logged.

Source: Amazon ECS Developer Guide, "Monitor Amazon ECS containers with ECS Exec", read 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.arns import arn_value
from fglint.model.listing import listing
from fglint.model.logic import Tri, all_of, outside, same, unknown
from fglint.model.patterns import HOLE, Variants
from fglint.model.permissions import Need, Permission
from fglint.model.reading import Node, root
from fglint.model.statement import exact
from fglint.model.terraform import expression
from fglint.provider.arns import SHAPES

if TYPE_CHECKING:
    from fglint.model.service import Service

_CHANNELS = tuple(
    f"ssmmessages:{action}"
    for action in (
        "CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel",
    )
)  # fmt: skip
_LOGS = ("logs:DescribeLogStreams", "logs:CreateLogStream", "logs:PutLogEvents")


def exec_needs(service: Service) -> Value:
    """What ECS Exec needs of the task role of a service, as needs; nothing without a role."""
    task, cause = service.task_link
    if task is None:
        return listing([], [] if cause is None else [cause])
    role = task.task_role_entity
    if role is None:
        return listing([])
    named = task.node.get("task_role_arn")
    on = service.launch.execute_command.flag()
    found = [Need(named, role, "open a session of ECS Exec", on, _channels())]
    doubts: list[Unknown] = []
    for configuration in _configurations(service, doubts):
        for purpose, needed, permissions in _logged(service, configuration):
            found.append(Need(named, role, purpose, all_of([on, needed]), permissions))
    return listing([(need, need.needed) for need in found], doubts)


def _channels() -> list[Permission]:
    return [Permission(action, (exact("*"),), "*") for action in _CHANNELS]


def _configurations(service: Service, doubts: list[Unknown]) -> Iterator[Node]:
    """How the service's cluster keeps sessions."""
    node = service.whole.get("cluster")
    if is_null(node.value):
        return
    link = service.deployment.links.find(node.value, "cluster")
    if link.managed is None:
        because = f"how the cluster of {service} logs sessions is not in the configuration"
        doubts.append(link.unknown or outside(service.address, because))
        return
    for configuration in root(link.managed).blocks("configuration"):
        yield from configuration.blocks("execute_command_configuration")


def _logged(service: Service, node: Node) -> Iterator[tuple[str, Tri, list[Permission]]]:
    key = node.get("kms_key_id").value
    if not is_null(key):
        yield "encrypt its sessions", _given(key), [_key(service, key)]
    overridden = same(node.get("logging").text("DEFAULT"), "OVERRIDE")
    if overridden is False:
        return
    for log in node.blocks("log_configuration"):
        group = log.get("cloud_watch_log_group_name").value
        if not is_null(group):
            given = all_of([overridden, _given(group)])
            yield "log its sessions in CloudWatch", given, _group(service, group)
        bucket = log.get("s3_bucket_name").value
        if not is_null(bucket):
            given = all_of([overridden, _given(bucket)])
            yield "log its sessions in S3", given, [_bucket(service, bucket)]


def _given(value: Value) -> Tri:
    bare = plain(value)
    if not isinstance(bare, Unknown):
        return bare != ""
    is_set = bare.not_null or (bare.ref is not None and bare.ref.kind in ("computed", "data"))
    return True if is_set or bare.prefix else unknown(bare)


def _key(service: Service, value: Value) -> Permission:
    found = service.deployment.links.find(value, "key").instance
    if found is None:
        return Permission("kms:Decrypt", (value,), expression([value]))
    is_alias = found.type == "aws_kms_alias"
    key = arn_value(found, "target_key_arn") if is_alias else arn_value(found)
    return Permission("kms:Decrypt", (value,), expression([key]))


def _group(service: Service, name: Value) -> list[Permission]:
    links, texts = service.deployment.links, service.deployment.texts
    link = links.find(name, "log_group")
    group: Variants
    if link.instance is not None and link.exact:
        group, shown = texts.arn(link.instance), expression([arn_value(link.instance)])
    else:
        template = SHAPES["aws_cloudwatch_log_group"].template
        group = texts.made(template, name, service.instance)
        shown = expression(["arn:aws:logs:*:*:log-group:", name])
    end = (*":log-stream:", HOLE)
    streams = tuple(tuple((*text, *end) for text in forms) for forms in group)
    every = f'{shown[:-1]}:*"' if shown.endswith('"') else f'"${{{shown}}}:*"'
    return [
        Permission("logs:DescribeLogGroups", (exact("*"),), "*"),
        *(Permission(action, (streams,), every) for action in _LOGS),
    ]


def _bucket(service: Service, name: Value) -> Permission:
    links, texts = service.deployment.links, service.deployment.texts
    found = links.find(name, "bucket").instance
    if found is not None:
        shown = expression([arn_value(found), "/*"])
        bucket = texts.arn(found)
    else:
        shown = expression(["arn:aws:s3:::", name, "/*"])
        bucket = texts.made(SHAPES["aws_s3_bucket"].template, name, service.instance)
    target = tuple(tuple((*text, "/", HOLE) for text in forms) for forms in bucket)
    return Permission("s3:PutObject", (target,), shown)
