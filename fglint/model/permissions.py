"""What a task needs of its execution role before it starts, and whether the role allows it.

Source: Amazon ECS Developer Guide, "Amazon ECS task execution IAM role" and "Passing environment
variables to a container"; resource types of the actions from the Service Authorization Reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import BOOL, DYNAMIC, STRING, ListType
from fglint.evaluation.values import (
    NULL,
    Item,
    ObjectValue,
    OpenList,
    Parts,
    Presence,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.model import image as images
from fglint.model import image_reference
from fglint.model.container import Container
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.existence import exists
from fglint.model.logic import Tri, all_of, any_of, negated, unknown
from fglint.model.patterns import HOLE, RANDOM, Symbol, Text, Variants
from fglint.model.statement import exact
from fglint.model.terraform import expression, list_of
from fglint.model.written import Written
from fglint.provider.arns import SHAPES
from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.configuration.instance import Instance
    from fglint.model.deployment import Deployment
    from fglint.model.reading import Node
    from fglint.model.role import Role
    from fglint.model.task import Task
    from fglint.source import Range

_PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_TASK_ID = 32  # characters
_CHECK = "ecr:BatchCheckLayerAvailability"  # AWS advises it; images are pulled without it, too


@dataclass(frozen=True, slots=True, eq=False)
class Permission:
    """One action on one resource; `shown` is the resource as Terraform would write it.

    The role needs the action on one of `targets`, which are ways in which AWS may look at it: an
    ARN as text, or the value that names an object whose own policy counts, too.
    An `advised` one is named with others that are missing, and not missed for itself.
    """

    action: str
    targets: tuple[Variants | Value, ...]
    shown: str
    advised: bool = False


class Need(Entity):
    """Something that ECS does for a task as one of its roles, and the permissions for it.

    `sort` is "image", "logs", "group" or "file", and `containers` are those that it is done for.
    """

    kind = "need"

    def __init__(
        self, named: Node, role: Role, purpose: str, needed: Tri, permissions: list[Permission]
    ) -> None:
        instance = named.instance
        super().__init__(instance.address, instance.header, maybe=needed is not True)
        self.named = named  # where the role is
        self.role = role
        self.purpose_text = purpose
        self.sort = ""
        self.containers: list[Container] = []
        self.needed = needed
        self.permissions = permissions

    def __str__(self) -> str:
        return self.purpose_text

    def place(self) -> Range | None:
        """Where the role is named."""
        return self.named.place()

    def allowed(self, permission: Permission) -> Tri:
        """Whether the role has a permission."""
        return any_of(self.role.allows(permission.action, t) for t in permission.targets)

    @attribute(STRING)
    def purpose(self) -> Attribute:
        """What ECS does, in words that follow "to": `pull the image of container app`."""
        return Attribute(self.purpose_text, self.place)

    @attribute(BOOL)
    def met(self) -> Attribute:
        """Whether the role allows all of it."""
        answers = [self.allowed(each) for each in self.permissions if not each.advised]
        return Attribute(all_of(answers), self.place)

    @property
    def _lacking(self) -> list[Permission]:
        lacking = [each for each in self.permissions if self.allowed(each) is False]
        return [] if all(each.advised for each in lacking) else lacking

    @attribute(ListType(STRING))
    def missing_actions(self) -> Attribute:
        """The actions that the role does not allow."""
        items: list[Item] = []
        doubts: list[Unknown] = []
        for each in self.permissions:
            if each.advised:
                continue
            answer = self.allowed(each)
            if isinstance(answer, Unknown):
                doubts.append(answer)
                items.append(Item(each.action, Presence.MAYBE))
            elif answer is False:
                items.append(Item(each.action))
        if not doubts:
            return Attribute(TupleValue(tuple(item.value for item in items)), self.place)
        origins = unknown(*doubts).origins
        value = Unknown(origins=origins, not_null=True, content=OpenList(tuple(items)))
        return Attribute(value, self.place)

    @attribute(STRING)
    def missing(self) -> Attribute:
        """The missing actions and the resources that they are missing on, in words."""
        return Attribute(", ".join(_grouped(self._lacking, _in_words)), self.place)

    @attribute(ListType(DYNAMIC))
    def missing_statements(self) -> Attribute:
        """The same as objects, for jsonencode."""
        by_resource: dict[str, list[str]] = {}
        for each in self._lacking:
            by_resource.setdefault(each.shown, []).append(each.action)
        found = [
            ObjectValue(
                {
                    "Effect": "Allow",
                    "Action": TupleValue(tuple(actions)),
                    "Resource": "*" if shown == "*" else Written(shown),
                }
            )
            for shown, actions in by_resource.items()
        ]
        return Attribute(TupleValue(tuple(found)), self.place)

    @attribute(STRING)
    def missing_statement(self) -> Attribute:
        """The statements to add to a policy of the role, as members of jsonencode's argument."""
        return Attribute(", ".join(_grouped(self._lacking, _as_statement)), self.place)


def _in_words(actions: Sequence[str], shown: str) -> str:
    return f"{' and '.join(actions) if len(actions) < 3 else ', '.join(actions)} on {shown}"


def _as_statement(actions: Sequence[str], shown: str) -> str:
    resource = shown if shown != "*" else '"*"'
    return f'{{ Effect = "Allow", Action = {list_of(actions)}, Resource = {resource} }}'


def _grouped(
    permissions: list[Permission], write: Callable[[Sequence[str], str], str]
) -> list[str]:
    by_resource: dict[str, list[str]] = {}
    for each in permissions:
        by_resource.setdefault(each.shown, []).append(each.action)
    return [write(actions, shown) for shown, actions in by_resource.items()]


# ---- what a task needs ------------------------------------------------------------------------


def needs_of(task: Task, role: Role) -> list[Need]:
    """What a task needs of its execution role, each need once."""
    found: dict[tuple[str, ...], Need] = {}
    for container in task.container_list:
        for kind, purpose, needed, permissions in _of_container(task, container):
            key = (kind, *(f"{each.action} {each.shown}" for each in permissions))
            present: Tri = needed
            if container.maybe and not task.maybe:
                present = all_of([needed, unknown(task.definitions.value)])
            containers = found[key].containers if key in found else []
            if key not in found or found[key].needed is not True:
                found[key] = Need(
                    task.node.get("execution_role_arn"), role, purpose, present, permissions
                )
                found[key].sort, found[key].containers = kind, containers
            containers.append(container)
    return list(found.values())


_Need = tuple[str, str, Tri, list[Permission]]


def _of_container(task: Task, container: Container) -> Iterator[_Need]:
    private = images.is_private_ecr(task.deployment.links, container.image_value)
    if private is not False:
        yield "image", f"pull the image of container {container}", private, _pull(task, container)
    logs = container.uses_awslogs()
    if logs is not False:
        purpose = f"write the logs of container {container}"
        yield "logs", purpose, logs, _logs(task, container)
        create = container.log_option("awslogs-create-group").flag()
        needed = all_of([logs, create, negated(_makes_group(task, container))])
        if needed is not False:
            purpose = f"create the log group of container {container}"
            yield "group", purpose, needed, [_create_group(task, container)]
    files = container.node.get("environmentFiles").elements()
    for item in files.items:
        present: Tri = (
            True
            if item.presence is Presence.ONE
            else unknown(container.node.get("environmentFiles").value)
        )
        purpose = f"read an environment file of container {container}"
        yield "file", purpose, present, _file(task, item.node.get("value").value)


def _pull(task: Task, container: Container) -> list[Permission]:
    target, shown = repository_arn(task.deployment, task.instance, container.image_value)
    token = Permission("ecr:GetAuthorizationToken", (exact("*"),), "*")
    pull = [Permission(action, (target,), shown) for action in _PULL]
    return [token, *pull, Permission(_CHECK, (target,), shown, advised=True)]


def _logs(task: Task, container: Container) -> list[Permission]:
    group, shown = log_group_arn(task.deployment, task.instance, container)
    streams = _extended(group, _stream(task, container))
    every = f'{shown[:-1]}:*"' if shown.endswith('"') else f'"${{{shown}}}:*"'
    return [
        Permission("logs:CreateLogStream", (group, streams), shown),
        Permission("logs:PutLogEvents", (streams,), every),
    ]


def _makes_group(task: Task, container: Container) -> Tri:
    """Whether the configuration makes a container's log group, so that the driver finds it."""
    links = task.deployment.links
    link = links.find(container.log_option("awslogs-group").value, "log_group")
    if link.managed is not None:
        return exists(link.managed, task.instance)
    others = links.of("aws_cloudwatch_log_group")
    return unknown(link.unknown) if link.unknown is not None and others else False


def _create_group(task: Task, container: Container) -> Permission:
    group, shown = log_group_arn(task.deployment, task.instance, container)
    streams = _extended(group, (*":log-stream:",))
    return Permission("logs:CreateLogGroup", (group, streams), shown)


def _stream(task: Task, container: Container) -> Text:
    """The name of a stream: PREFIX/CONTAINER/TASK."""
    prefix = container.log_option("awslogs-stream-prefix").value
    if is_null(prefix):
        return (*":log-stream:", HOLE)
    texts = task.deployment.texts
    name = texts.of(container.node.get("name").value)
    parts = texts.of(prefix)
    if len(parts) != 1 or len(name) != 1:
        return (*":log-stream:", HOLE)
    return (*":log-stream:", *parts[0][-1], "/", *name[0][-1], "/", *(RANDOM,) * _TASK_ID)


def _file(task: Task, value: Value) -> list[Permission]:
    texts = task.deployment.texts
    target = texts.of(value)
    bucket, shown = _bucket(target), _bucket_shown(value)
    return [
        Permission("s3:GetObject", (target,), expression([value])),
        Permission("s3:GetBucketLocation", (bucket,), shown),
    ]


def _bucket(target: Variants) -> Variants:
    """The ARN of the bucket of an object: what stands before the first slash."""
    found: list[tuple[Text, ...]] = []
    for forms in target:
        cut = [text[: text.index("/")] for text in forms if "/" in text]
        found.append(tuple(cut) if cut else ((*"arn:aws", HOLE),))
    return tuple(found)


def _bucket_shown(value: Value) -> str:
    bare = plain(value)
    if isinstance(bare, str):
        return f'"{bare.partition("/")[0]}"'
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        kept: list[Value] = []
        for part in bare.content.parts:
            inner = plain(part)
            if isinstance(inner, str) and "/" in inner:
                return expression([*kept, inner.partition("/")[0]])
            kept.append(inner)
    return "its bucket"


# ---- ARNs -------------------------------------------------------------------------------------


def _extended(variants: Variants, end: tuple[Symbol, ...]) -> Variants:
    return tuple(tuple((*text, *end) for text in forms) for forms in variants)


def repository_arn(deployment: Deployment, like: Instance, image: Value) -> tuple[Variants, str]:
    """The ARN of the repository that an image comes from, and how Terraform would write it."""
    link = images.repository_of(deployment.links, image)
    if link is not None and link.instance is not None:
        shown = expression([Unknown.of(Origin("computed", link.instance.address, ".arn"))])
        return deployment.texts.arn(link.instance), shown
    value = image_reference.repository_arn(image)
    return deployment.texts.of(value), expression([value])


def log_group_arn(
    deployment: Deployment, like: Instance, container: Container
) -> tuple[Variants, str]:
    """The ARN of a container's log group, and how Terraform would write it."""
    name = container.log_option("awslogs-group").value
    link = deployment.links.find(name, "log_group")
    if link.instance is not None and link.exact:
        shown = expression([Unknown.of(Origin("computed", link.instance.address, ".arn"))])
        return deployment.texts.arn(link.instance), shown
    template = SHAPES["aws_cloudwatch_log_group"].template
    region = container.log_option("awslogs-region").value
    if isinstance(plain(region), str):
        template = template.replace("{region}", str(plain(region)))
    shown = expression(["arn:aws:logs:*:*:log-group:", NULL if is_null(name) else name])
    if is_null(name):
        origin = Origin("data", container.subject, because="awslogs-group is not set")
        name = Unknown(STRING, (origin,))
    return deployment.texts.made(template, name, like), shown
