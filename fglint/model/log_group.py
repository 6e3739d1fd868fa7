"""Log groups of CloudWatch that containers and clusters use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Union, Unknown, Value, plain
from fglint.model.entity import Attribute, attribute
from fglint.model.existence import exists
from fglint.model.key_policy import lets_service_in
from fglint.model.links import Link
from fglint.model.logic import Tri, agreed, any_of, outside, same, unknown
from fglint.model.reading import is_given, known_text, root, whole_number
from fglint.model.resource import Resource, entities
from fglint.provider.log_retention import DAYS, DELIVERY

if TYPE_CHECKING:
    from fglint.model.container import Container
    from fglint.model.deployment import Deployment

TYPE = "aws_cloudwatch_log_group"
_INSIGHTS = "/aws/ecs/containerinsights/"


class LogGroup(Resource):
    """A log group that a container or cluster uses.

    `maker` is the container whose log driver makes the group, where no resource does.
    """

    kind = "log_group"

    def __init__(
        self, deployment: Deployment, link: Link, *, maker: Container | None = None
    ) -> None:
        super().__init__(deployment, link)
        self.maker = maker
        self.users: list[Container] = []
        if maker is not None:
            self.address, self.header = maker.address, maker.header
            self.subject = maker.subject

    def use(self, container: Container) -> None:
        """Notes a container that uses it; what lies outside has the address of the first."""
        self.users.append(container)
        if not self.address:
            self.address, self.header = container.address, container.header
            self.subject = container.subject

    def __str__(self) -> str:
        if self.link.instance is not None:
            return super().__str__()
        name = known_text(self.link.value)
        return f"the log group {name}" if name else f"the log group of {self.subject}"

    @attribute(BOOL)
    def made_by_container(self) -> Attribute:
        """Whether a container's log driver makes it (awslogs-create-group)."""
        if self.maker is None:
            return Attribute(False, self.place)
        return Attribute(True, self.maker.log_option("awslogs-create-group").place)

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """Its name; null where Terraform or name_prefix makes one."""
        return self.written("name")

    @attribute(STRING, nullable=True)
    def group_name(self) -> Attribute:
        """The name by which a container calls it; null where that is not known."""
        return Attribute(known_text(self.link.value) or NULL, self.place)

    @attribute(STRING)
    def log_class(self) -> Attribute:
        """STANDARD (the default), INFREQUENT_ACCESS or DELIVERY."""
        return self.written("log_group_class", "STANDARD")

    @attribute(NUMBER)
    def retention(self) -> Attribute:
        """Days for which it keeps events; 0 for ever, which is the default."""
        if self.maker is not None:
            return Attribute(0, self.place)
        if known_text(self.read("log_class").value) == "DELIVERY":
            return Attribute(DELIVERY, self.place)
        return self.number("retention_in_days")

    @attribute(BOOL)
    def retention_legal(self) -> Attribute:
        """Whether CloudWatch knows such a retention: for ever, or one of its numbers of days."""
        found = self.read("retention")
        bare = plain(found.value)
        branches = isinstance(bare, Unknown) and isinstance(bare.content, Union)
        days = bare.content.leaves if branches else (bare,)  # type: ignore[union-attr]
        return Attribute(agreed(map(_is_legal, days), found.value), found.place)

    # ---- encryption ---------------------------------------------------------------------------

    @attribute(BOOL)
    def has_key(self) -> Attribute:
        """Whether a KMS key of the customer's encrypts it."""
        if self.maker is not None:
            return Attribute(False, self.place)
        found = self.written("kms_key_id")
        if self.node is None:
            return Attribute(self.unseen(), found.place)
        return Attribute(is_given(found.value), found.place)

    @attribute(BOOL)
    def key_lets_logs_in(self) -> Attribute:
        """Whether the policy of its key lets CloudWatch Logs use it; true where none is seen."""
        node = None if self.node is None else self.node.get("kms_key_id")
        if node is None or is_null(node.value):
            return Attribute(True, self.place)
        return Attribute(lets_service_in(self.deployment, node, "logs"), node.place)

    # ---- who uses it --------------------------------------------------------------------------

    @attribute(ListType(EntityType("container")))
    def containers(self) -> Attribute:
        """The containers that log to it."""
        found = [(one, one.maybe and not self.maybe) for one in self.users]
        return Attribute(entities(found), self.place)


# ---- which group a name means -----------------------------------------------------------------


def group_named(deployment: Deployment, value: Value) -> Link:
    """The log group that a name means, by reference or by the same text."""
    links = deployment.links
    link = links.find(value, "log_group")
    if link.instance is not None or link.nothing:
        return link
    for instance in (*links.of(TYPE), *links.of(TYPE, mode="data")):
        if same(value, root(instance).get("name").text()) is True:
            return Link(value, instance)
    return link


def is_there(container: Container) -> Tri:
    """Whether the log group of a container is there when its task starts."""
    deployment = container.task.deployment
    value = container.log_option("awslogs-group").value
    makes = container.log_option("awslogs-create-group").equals("true")
    answers = [
        _is_there(deployment, container, link, leaf)
        for leaf in _leaves(value)
        for link in (group_named(deployment, leaf),)
    ]
    found: Tri = answers[0] if all(answer is answers[0] for answer in answers) else unknown(value)
    return any_of([makes, found])


def _leaves(value: Value) -> tuple[Value, ...]:
    bare = plain(value)
    if isinstance(bare, Unknown) and isinstance(bare.content, Union):
        return bare.content.leaves
    return (value,)


def _is_there(deployment: Deployment, container: Container, link: Link, value: Value) -> Tri:
    if link.instance is not None:
        return exists(link.instance, container.task.instance)
    if isinstance(plain(value), Unknown):
        return unknown(value)
    doubts = list(_elsewhere(deployment, container, value))
    return doubts[0] if doubts else False


def _elsewhere(deployment: Deployment, container: Container, value: Value) -> Iterator[Unknown]:
    """Why a group that nothing here makes may be there: something else lies outside, too."""
    name = known_text(value)
    for instance in deployment.links.of(TYPE):
        answer = same(value, root(instance).get("name").text())
        if isinstance(answer, Unknown):
            yield answer
    for call in deployment.configuration.not_here:
        yield outside(call, f"{call} may make the log group {name}; its module is not downloaded")
    task = container.task
    clusters = [each.cluster_entity for each in deployment.services if each.task is task]
    for other in (task.role, *clusters):
        if other is not None and other.external:
            cause = f"{other} lies outside the configuration, and so may the log group {name}"
            yield outside(str(other), cause)


# ---- subjects ---------------------------------------------------------------------------------


def log_groups(deployment: Deployment) -> list[LogGroup]:
    """The log groups that containers and clusters use, by address."""
    found: dict[object, LogGroup] = {}
    for task in deployment.tasks:
        for container in task.container_list:
            if container.uses_awslogs() is not False:
                _add(deployment, found, container)
    for link in _of_clusters(deployment):
        found.setdefault(link.instance, LogGroup(deployment, link))
    return sorted(found.values(), key=lambda group: (group.address, group.subject))


def _add(deployment: Deployment, found: dict[object, LogGroup], container: Container) -> None:
    value = container.log_option("awslogs-group").value
    link = group_named(deployment, value)
    if link.nothing:
        return
    if link.instance is not None:
        group = found.setdefault(link.instance, LogGroup(deployment, link))
        group.use(container)
        return
    makes = container.log_option("awslogs-create-group").equals("true") is True
    key = (container.address, known_text(value) or id(container))
    if key not in found:
        maker = container if makes else None
        found[key] = LogGroup(deployment, link, maker=maker)
        if maker is None:
            found[key].use(container)


def _of_clusters(deployment: Deployment) -> Iterator[Link]:
    """The log groups of ECS Exec, and of Container Insights."""
    for instance in deployment.links.of("aws_ecs_cluster"):
        for configuration in root(instance).blocks("configuration"):
            for block in configuration.blocks("execute_command_configuration"):
                node = block.block("log_configuration").get("cloud_watch_log_group_name")
                link = group_named(deployment, node.value)
                if link.instance is not None:
                    yield link
    for instance in deployment.links.of(TYPE):
        name = known_text(root(instance).get("name").value) or ""
        if name.startswith(_INSIGHTS):
            yield Link(NULL, instance)


def _is_legal(days: Value) -> Tri:
    """Whether CloudWatch knows a number of days."""
    if isinstance(plain(days), Unknown):
        return unknown(days)
    return whole_number(days) in (0, DELIVERY, *DAYS)
