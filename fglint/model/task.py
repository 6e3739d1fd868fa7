"""Task definitions: their containers, and what they need of their execution role."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.holes import json_text_value
from fglint.evaluation.inspection import is_null
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import BOOL, DYNAMIC, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Parts, Presence, TupleValue, Union, Unknown, Value, plain
from fglint.model import image as images
from fglint.model.attachments import is_same_role
from fglint.model.container import Container
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.listing import listing
from fglint.model.logic import Tri, agreed, any_of, unknown
from fglint.model.permissions import Need, needs_of
from fglint.model.reading import Node, known_text, root
from fglint.model.sizing import Sizing
from fglint.model.task_containers import TaskContainers

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.role import Role
    from fglint.model.service import Service


class Task(TaskContainers, Sizing):
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
        """The container definitions as a structured value; null when they cannot be read."""
        node = self.node.get("container_definitions")
        try:
            value = json_text_value(node.value)
        except EvaluationError:
            value = NULL
        return Node(self.instance, value, node.path)

    @cached_property
    def container_list(self) -> list[Container]:
        """The containers that are known, those that may not be there, too."""
        links = self.deployment.links
        found = [
            Container(links, item.node, i, self.maybe or item.presence is not Presence.ONE)
            for i, item in enumerate(self.definitions.elements().items)
            if not _is_anything(item.node.value)
        ]
        for container in found:
            container.part_of = self
        return found

    @property
    def container_subjects(self) -> list[Container]:
        """Its containers; one of which nothing is known where none is, and there may be some."""
        if self.unread is None or self.container_list or self.instance.type == "module":
            return self.container_list
        cause = replace(self.unread, type=DYNAMIC)
        node = Node(self.instance, cause, self.definitions.path)
        one = Container(self.deployment.links, node, 0, True)
        one.part_of, one.subject = self, "its containers"
        return [one]

    @cached_property
    def unread(self) -> Unknown | None:
        """Why there may be other containers; None where all are known."""
        found = self.definitions.elements()
        bare = plain(self.definitions.value)
        if isinstance(bare, Unknown) and not found.items:
            return unknown(bare)
        if any(_is_anything(item.node.value) for item in found.items):
            return unknown(bare)
        return None

    @attribute(ListType(EntityType("container")))
    def containers(self) -> Attribute:
        """Its containers."""
        doubt = unknown(self.definitions.value)
        found: list[tuple[Entity, Tri]] = [
            (each, doubt if each.maybe and not self.maybe else True) for each in self.container_list
        ]
        place = self.node.get("container_definitions").place
        return Attribute(listing(found, [] if self.unread is None else [self.unread]), place)

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
    def users(self) -> list[Service]:
        """The services and run targets that run it, unless they do so elsewhere than on Fargate."""
        return [
            each
            for each in self.deployment.services
            if each.task is self and each.runs_on_fargate is not False
        ]

    @cached_property
    def runs_on_fargate(self) -> Tri:
        """Whether a service or run target on Fargate runs it, or it says so itself."""
        found = any_of([each.runs_on_fargate for each in self.users])
        return found if found is True else any_of([self.requires_fargate, found])

    @property
    def off_fargate(self) -> Unknown | None:
        """Why it may not run on Fargate, where it says itself that it is for something else."""
        runs = self.runs_on_fargate
        return runs if self.requires_fargate is False and isinstance(runs, Unknown) else None

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
        return Attribute(self.has_role, self.node.get("execution_role_arn").place)

    @cached_property
    def has_role(self) -> Tri:
        """Whether execution_role_arn is set, whatever it names."""
        return self._names_something(self.node.get("execution_role_arn").value)

    def _names_something(self, value: Value) -> Tri:
        """Whether an argument that takes a role's ARN is set.

        A required variable without a value is, unless the configuration asks whether it is empty.
        So is every computed attribute: the ARN of a role is never null.
        """
        bare = plain(value)
        if not isinstance(bare, Unknown):
            return not is_null(bare) and bare != ""
        if isinstance(bare.content, Union):
            return agreed([self._names_something(leaf) for leaf in bare.content.leaves], bare)
        if bare.not_null or bare.prefix or (bare.ref is not None and self._is_set(bare.ref)):
            return True
        return unknown(bare)

    def _is_set(self, origin: Origin) -> bool:
        if origin.kind == "variable":
            return not self.deployment.may_be_empty(origin)
        return origin.kind in ("computed", "data")

    @cached_property
    def role(self) -> Role | None:
        """The execution role; None where none is named."""
        if self.has_role is False:
            return None
        value = _sole(self.node.get("execution_role_arn").value)
        return self.deployment.role(self.deployment.links.find(value, "role"))

    @attribute(EntityType("role"), nullable=True)
    def execution_role(self) -> Attribute:
        """The execution role; null where none is named."""
        return Attribute(self.role or NULL, self.node.get("execution_role_arn").place)

    @cached_property
    def task_role_entity(self) -> Role | None:
        """The role of the application; None where none is named."""
        value = _sole(self.node.get("task_role_arn").value)
        if self._names_something(value) is False:
            return None
        return self.deployment.role(self.deployment.links.find(value, "role"))

    @attribute(EntityType("role"), nullable=True)
    def task_role(self) -> Attribute:
        """The role of the application in its containers; null where none is named."""
        return Attribute(self.task_role_entity or NULL, self.node.get("task_role_arn").place)

    @attribute(BOOL)
    def shares_role(self) -> Attribute:
        """Whether its execution role and its task role are one; false where it lacks one."""
        node = self.node.get("task_role_arn")
        if self.role is None or self.task_role_entity is None:
            return Attribute(False, node.place)
        answer = self.deployment.links.same(self.role.link, self.task_role_entity.link)
        if isinstance(answer, Unknown) and self._has_other_role():
            answer = False
        return Attribute(answer, node.place)

    def _has_other_role(self) -> bool:
        """Whether its two roles are known to differ, by their ARNs or by their names."""
        one, other = self.node.get("execution_role_arn").value, self.node.get("task_role_arn").value
        texts = known_text(one), known_text(other)
        if all(text is not None and text.startswith("arn:") for text in texts):
            return texts[0] != texts[1]
        return self.role is not None and is_same_role(self.role, other) is False

    @attribute(BOOL)
    def needs_execution_role(self) -> Attribute:
        """Whether ECS acts for the task before it starts: image, logs, secrets, files."""
        return Attribute(self.needs_role, self.place)

    @cached_property
    def needs_role(self) -> Tri:
        """Whether ECS acts for the task before it starts."""
        answers = [answer for _, answer in self._reasons()]
        return any_of(answers if self.unread is None else [*answers, self.unread])

    def _reasons(self) -> list[tuple[str, Tri]]:
        found: list[tuple[str, Tri]] = []
        for each in self.container_list:
            private = images.is_private_ecr(self.deployment.links, each.image_value)
            reasons: list[tuple[str, Tri]] = [
                (f"the image of container {each} lies in a private ECR repository", private),
                (f"container {each} logs through awslogs", each.uses_awslogs()),
                (f"container {each} takes secrets", each.takes_secrets()),
                (f"container {each} takes environment files", each.takes_environment_files()),
            ]
            if each.maybe and not self.maybe:
                doubt = unknown(self.definitions.value)
                reasons = [(text, doubt if answer is True else answer) for text, answer in reasons]
            found.extend(reasons)
        return found

    @attribute(ListType(STRING))
    def execution_role_reasons(self) -> Attribute:
        """Why it needs an execution role, in words."""
        texts = tuple(text for text, answer in self._reasons() if answer is True)
        return Attribute(TupleValue(texts), self.place)

    @cached_property
    def need_list(self) -> list[Need]:
        """What it needs of its execution role; nothing where it names none."""
        return [] if self.role is None else needs_of(self, self.role)

    @attribute(ListType(EntityType("need")))
    def needs(self) -> Attribute:
        """What ECS does for it as its execution role: images, logs, environment files."""
        found = [(need, need.needed) for need in self.need_list]
        doubts = [] if self.unread is None else [self.unread]
        place = self.node.get("execution_role_arn").place
        return Attribute(listing(found, doubts), place)


def _is_anything(value: Value) -> bool:
    """Whether an element is not known at all, so that it may be any container, or many."""
    bare = plain(value)
    return isinstance(bare, Unknown) and bare.content is None


def _sole(value: Value) -> Value:
    """The one piece that a text is made of, as `join("", …)` of a single element leaves it."""
    bare = plain(value)
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        pieces = [piece for piece in bare.content.parts if plain(piece) != ""]
        return _sole(pieces[0]) if len(pieces) == 1 else value
    return value
