"""Task definitions: their containers, and what they need of their execution role."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.holes import json_text_value
from fglint.evaluation.types import BOOL, STRING, EntityType, ListType
from fglint.evaluation.values import (
    NULL,
    EvaluationError,
    Item,
    OpenList,
    Presence,
    TupleValue,
    Unknown,
    Value,
    is_null,
    plain,
)
from fglint.model import image as images
from fglint.model.container import Container
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.load_balancer import entities
from fglint.model.logic import Tri, any_of, unknown
from fglint.model.reading import Node, known_text, root

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.role import Role

PULL_ACTIONS = (
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchCheckLayerAvailability",
)


class Task(Entity):
    """One task definition that can run on Fargate."""

    kind = "task"

    def __init__(self, deployment: Deployment, instance: Instance) -> None:
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.deployment = deployment
        self.instance = instance
        self.node = root(instance)

    # ---- containers ---------------------------------------------------------------------------

    @cached_property
    def definitions(self) -> Node:
        """The container definitions as a structured value; unknown when they cannot be read."""
        node = self.node.get("container_definitions")
        try:
            value = json_text_value(node.value)
        except EvaluationError:
            value = NULL
        return Node(self.instance, value, node.path)

    @cached_property
    def container_list(self) -> list[Container]:
        """The containers that are known, those that may not be there, too."""
        found = self.definitions.elements()
        links = self.deployment.links
        return [
            Container(links, item.node, i, self.maybe or item.presence is not Presence.ONE)
            for i, item in enumerate(found.items)
        ]

    @cached_property
    def unread(self) -> Unknown | None:
        """Why there may be other containers; None where all are known."""
        bare = plain(self.definitions.value)
        if isinstance(bare, Unknown) and not self.definitions.elements().items:
            return unknown(bare)
        rest = self.definitions.elements().rest
        return None if rest is None else unknown(rest)

    @attribute(ListType(EntityType("container")))
    def containers(self) -> Attribute:
        """Its containers."""
        found = [(c, c.maybe and not self.maybe) for c in self.container_list]
        place = self.node.get("container_definitions").place
        return Attribute(entities(found, self.unread), place)  # type: ignore[arg-type]

    # ---- Fargate ------------------------------------------------------------------------------

    @cached_property
    def requires_fargate(self) -> Tri:
        """Whether requires_compatibilities holds FARGATE."""
        node = self.node.get("requires_compatibilities")
        values = [plain(item.value) for item in node.elements()]
        if any(value == "FARGATE" for value in values if isinstance(value, str)):
            return True
        if isinstance(plain(node.value), Unknown):
            return unknown(node.value)
        doubts = [value for value in values if isinstance(value, Unknown)]
        return unknown(*doubts) if doubts else False

    @cached_property
    def runs_on_fargate(self) -> Tri:
        """Whether a service or run target on Fargate runs it, or it says so itself."""
        uses = [s for s in self.deployment.services if s.task is self]
        found = any_of([s.runs_on_fargate for s in uses])
        return found if found is True else any_of([self.requires_fargate, found])

    @attribute(BOOL)
    def fargate(self) -> Attribute:
        """Whether it runs on Fargate."""
        return Attribute(self.runs_on_fargate, self.place)

    # ---- the execution role -------------------------------------------------------------------

    @attribute(STRING, nullable=True)
    def execution_role_arn(self) -> Attribute:
        """The execution role's ARN, as written; "" is as good as null."""
        node = self.node.get("execution_role_arn")
        if known_text(node.value) == "":
            return Attribute(NULL, node.place)
        return node.attribute(STRING)

    @attribute(BOOL)
    def names_execution_role(self) -> Attribute:
        """Whether execution_role_arn is set, whatever it names."""
        node = self.node.get("execution_role_arn")
        return Attribute(self.has_role, node.place if node.is_set else self.place)

    @cached_property
    def has_role(self) -> Tri:
        """The same, for other entities."""
        bare = plain(self.node.get("execution_role_arn").value)
        if isinstance(bare, Unknown):
            ref = bare.ref
            if bare.not_null or bare.prefix or (ref is not None and ref.kind != "variable"):
                return True
            return self._required_variable(bare) or unknown(bare)
        return not is_null(bare) and bare != ""

    def _required_variable(self, value: Unknown) -> bool:
        """Whether it is a variable that must be given: nobody gives null to such a one."""
        return value.ref is not None and value.ref.kind == "variable"

    @cached_property
    def role(self) -> Role | None:
        """The execution role; None where none is named."""
        if self.has_role is False:
            return None
        value = self.node.get("execution_role_arn").value
        return self.deployment.role(self.deployment.links.find(value, "role"))

    @attribute(EntityType("role"), nullable=True)
    def execution_role(self) -> Attribute:
        """The execution role."""
        node = self.node.get("execution_role_arn")
        return Attribute(self.role or NULL, node.place if node.is_set else self.place)

    @attribute(BOOL)
    def needs_execution_role(self) -> Attribute:
        """Whether ECS acts for the task before it starts: image, logs, secrets, files."""
        return Attribute(self.needs_role, self.place)

    @cached_property
    def needs_role(self) -> Tri:
        """The same, for other entities."""
        answers = [answer for _, answer in self._reasons()]
        if self.unread is not None:
            answers.append(self.unread)
        return any_of(answers)

    def _reasons(self) -> list[tuple[str, Tri]]:
        found: list[tuple[str, Tri]] = []
        for c in self.container_list:
            found.append((f"{c} logs through awslogs", c.uses_awslogs()))
            private = images.is_private_ecr(self.deployment.links, c.image_value)
            found.append((f"the image of {c} is in a private ECR repository", private))
            found.append((f"{c} takes secrets", c.takes_secrets()))
            found.append((f"{c} takes environment files", c.takes_environment_files()))
        return found

    @attribute(ListType(STRING))
    def execution_role_reasons(self) -> Attribute:
        """Why it needs an execution role, in words."""
        texts = tuple(text for text, answer in self._reasons() if answer is True)
        return Attribute(TupleValue(texts), self.place)

    # ---- what the execution role must allow ---------------------------------------------------

    @attribute(BOOL)
    def role_is_assumable(self) -> Attribute:
        """Whether ECS tasks may assume the execution role."""
        node = self.node.get("execution_role_arn")
        return Attribute(True if self.role is None else self.role.trusts_tasks, node.place)

    @attribute(ListType(STRING))
    def missing_permissions(self) -> Attribute:
        """What the execution role lacks for images, logs and environment files, in words."""
        node = self.node.get("execution_role_arn")
        return Attribute(self._missing(), node.place)

    def _missing(self) -> Value:
        if self.role is None:
            return TupleValue(())
        items: list[Item] = []
        origins: list[Value] = []
        for text, needed, allowed in self._permissions():
            lacking = any_of([allowed]) if isinstance(allowed, Unknown) else not allowed
            if needed is False or lacking is False:
                continue
            if needed is True and lacking is True:
                items.append(Item(text))
            else:
                doubt = needed if isinstance(needed, Unknown) else lacking
                origins.append(doubt)
                items.append(Item(text, Presence.MAYBE))
        if self.unread is not None:
            origins.append(self.unread)
        distinct = {str(item.value): item for item in reversed(items)}
        ordered = tuple(distinct[key] for key in sorted(distinct))
        if not origins:
            return TupleValue(tuple(item.value for item in ordered))
        return Unknown(
            origins=unknown(*origins).origins, not_null=True, content=OpenList(ordered)
        )

    def _permissions(self) -> list[tuple[str, Tri, Tri]]:
        """Each permission: in words, whether it is needed, whether the role allows it."""
        role = self.role
        assert role is not None
        found: list[tuple[str, Tri, Tri]] = []
        for c in self.container_list:
            found.extend(self._pull(c, role))
            found.extend(self._logs(c, role))
            found.extend(self._files(c, role))
        return found

    def _pull(self, container: Container, role: Role) -> list[tuple[str, Tri, Tri]]:
        needed = images.is_private_ecr(self.deployment.links, container.image_value)
        if needed is False:
            return []
        resource = self.deployment.repository_arn(container.image_value)
        token = role.allows("ecr:GetAuthorizationToken", "*")
        found: list[tuple[str, Tri, Tri]] = [("ecr:GetAuthorizationToken on *", needed, token)]
        for action in PULL_ACTIONS:
            allowed = role.allows(action, resource)
            found.append((f"{action} on the repository of container {container}", needed, allowed))
        return found

    def _logs(self, container: Container, role: Role) -> list[tuple[str, Tri, Tri]]:
        needed = container.uses_awslogs()
        if needed is False:
            return []
        group = self.deployment.log_group_arn(container.log_option("awslogs-group").value)
        create = container.log_option("awslogs-create-group").flag()
        streams = self.deployment.log_stream_arn(container.log_option("awslogs-group").value)
        of = f"the log group of container {container}"
        found: list[tuple[str, Tri, Tri]] = [
            (
                f"logs:CreateLogStream on {of}",
                needed,
                any_of(
                    [role.allows("logs:CreateLogStream", group),
                     role.allows("logs:CreateLogStream", streams)]
                ),
            ),
            (
                f"logs:PutLogEvents on the streams of {of} (its ARN followed by :*)",
                needed,
                role.allows("logs:PutLogEvents", streams),
            ),
        ]  # fmt: skip
        if create is not False:
            allowed = any_of(
                [role.allows("logs:CreateLogGroup", group),
                 role.allows("logs:CreateLogGroup", streams)]
            )  # fmt: skip
            found.append((f"logs:CreateLogGroup on {of} (awslogs-create-group)", create, allowed))
        return found

    def _files(self, container: Container, role: Role) -> list[tuple[str, Tri, Tri]]:
        found: list[tuple[str, Tri, Tri]] = []
        for file in container.node.get("environmentFiles").elements():
            arn = file.get("value").value
            allowed = role.allows("s3:GetObject", arn)
            found.append((f"s3:GetObject on an environment file of {container}", True, allowed))
        return found
