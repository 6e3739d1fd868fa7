"""Containers of a task definition, as their definitions write them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, cast

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING, EntityType
from fglint.evaluation.values import NULL, Unknown, Value, plain
from fglint.model import image as images
from fglint.model import log_group
from fglint.model.any_resource import AnyResource
from fglint.model.entity import Attribute, attribute
from fglint.model.image import Image
from fglint.model.image_reference import region_of
from fglint.model.links import Links
from fglint.model.logic import Tri, any_of, outside, same, unknown
from fglint.model.patterns import Own, Variants
from fglint.model.patterns import same as same_text
from fglint.model.reading import Node, known_text, whole_number
from fglint.model.upkeep import Upkeep
from fglint.provider.identity import CLASSES

if TYPE_CHECKING:
    from fglint.model.task import Task
    from fglint.source import Range

# Containers that serve no traffic of clients: names and images of well-known sidecars.
_SIDECAR = re.compile(
    r"(?<![a-z])(?:x-?ray|aws-otel|otel|adot|cloudwatch-agent|datadog|fluent-?bit|fluentd|"
    r"firelens|log[_-]?router|envoy|aws-appmesh|prometheus-exporter|node-exporter|new-?relic|"
    r"guardduty)(?![a-z])",
    re.IGNORECASE,
)
# The members whose own members are parameters, too.
_NESTED = ("linuxParameters",)
_RANGE = re.compile(r"(\d+)-(\d+)")


class Container(Upkeep):
    """One container of a task definition."""

    kind = "container"

    def __init__(self, links: Links, node: Node, index: int, maybe: bool) -> None:
        super().__init__(node.instance.address, node.instance.header, maybe=maybe)
        self.links = links
        self.node = node
        self.index = index
        name = known_text(node.get("name").value)
        self.subject = f"container {name}" if name else f"container {index}"

    @property
    def task(self) -> Task:
        """The task definition that it belongs to."""
        return cast("Task", self.part_of)

    def __str__(self) -> str:
        return known_text(self.node.get("name").value) or str(self.index)

    def place(self) -> Range | None:
        """Its definition."""
        return self.node.place()

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """Its name."""
        return self._written("name", STRING)

    @attribute(EntityType("image"), nullable=True)
    def image(self) -> Attribute:
        """Its image."""
        node = self.node.get("image")
        if is_null(node.value):
            return Attribute(NULL, self.place, True)
        return Attribute(Image(self.links, node), node.place)

    @attribute(BOOL)
    def private_ecr(self) -> Attribute:
        """Whether its image comes from a private repository of Amazon ECR."""
        node = self.node.get("image")
        return Attribute(images.is_private_ecr(self.links, node.value), node.place)

    @property
    def image_value(self) -> Value:
        """The image's value."""
        return self.node.get("image").value

    @cached_property
    def is_sidecar(self) -> bool:
        """Whether name or image is that of a well-known sidecar, or it routes logs."""
        if not is_null(self.node.get("firelensConfiguration").value):
            return True
        texts = [str(plain(self.node.get(key).value)) for key in ("name", "image")]
        return any(_SIDECAR.search(text) for text in texts)

    @attribute(BOOL)
    def sidecar(self) -> Attribute:
        """Whether name or image is that of a well-known sidecar, or it routes logs."""
        return Attribute(self.is_sidecar, self.place)

    # ---- ports --------------------------------------------------------------------------------

    def has_ports(self) -> Tri:
        """Whether it declares a port."""
        return _any(self.node.get("portMappings"))

    def declares(self, port: Value) -> Tri:
        """Whether one of its port mappings has that container port."""
        elements = self.node.get("portMappings").elements()
        answers: list[Tri] = [_covers(mapping, port) for mapping in elements]
        if elements.rest is not None:
            answers.append(unknown(elements.rest))
        return any_of(answers)

    def port_mapping(self, port: Value) -> Node | None:
        """The port mapping that certainly has a container port."""
        found = self.node.get("portMappings").elements()
        return next((each for each in found if _covers(each, port) is True), None)

    def protocol_of(self, port: Value) -> str | Unknown | None:
        """The protocol of a port, "tcp" or "udp"; None where it is not declared."""
        for mapping in self.node.get("portMappings").elements():
            if _covers(mapping, port) is True:
                protocol = plain(mapping.get("protocol").text("tcp"))
                return protocol if isinstance(protocol, (str, Unknown)) else "tcp"
        return None

    def application_protocol(self, port: Value) -> str | None:
        """The appProtocol of a port, where it is known."""
        for mapping in self.node.get("portMappings").elements():
            if _covers(mapping, port) is True:
                return known_text(mapping.get("appProtocol").value)
        return None

    # ---- logs ---------------------------------------------------------------------------------

    @property
    def log_driver_value(self) -> Value:
        """The log driver; null where none is set."""
        return self.node.get("logConfiguration").get("logDriver").text()

    def log_option(self, name: str) -> Node:
        """An option of the log driver."""
        return self.node.get("logConfiguration").get("options").get(name)

    def uses_awslogs(self) -> Tri:
        """Whether its log driver is awslogs."""
        return same(self.log_driver_value, "awslogs")

    @attribute(STRING, nullable=True)
    def log_group(self) -> Attribute:
        """The option awslogs-group; null where it has none."""
        return self.log_option("awslogs-group").attribute(STRING)

    @attribute(STRING, nullable=True)
    def log_group_misnamed_by(self) -> Attribute:
        """The attribute of a log group that stands where its name belongs."""
        node = self.log_option("awslogs-group")
        return Attribute(self._misnamed_group(node.value), node.place)

    def _misnamed_group(self, value: Value) -> Value:
        bare = plain(value)
        if isinstance(bare, Unknown) and bare.ref is not None:
            instance = self.links.at(bare.ref.address)
            named = instance is not None and instance.type in CLASSES["log_group"].types
            return "arn" if named and bare.ref.path == ".arn" else NULL
        return "arn" if isinstance(bare, str) and bare.startswith("arn:") else NULL

    @attribute(BOOL)
    def log_region_fits(self) -> Attribute:
        """Whether its log group lies in the region that awslogs-region names.

        True where the group, or the region of its provider, is not in the configuration.
        """
        node = self.log_option("awslogs-region")
        return Attribute(self._region_fits(node.value), node.place)

    def _region_fits(self, region: Value) -> Tri:
        link = self.links.find(self.log_option("awslogs-group").value, "log_group")
        if link.managed is None or is_null(region):
            return True
        texts = self.task.deployment.texts
        own = texts.region(link.managed)
        if _is_open(own):
            return True
        return same_text(texts.of(region), own)

    @attribute(BOOL)
    def creates_log_group(self) -> Attribute:
        """Whether its log driver makes the log group (awslogs-create-group)."""
        node = self.log_option("awslogs-create-group")
        return Attribute(node.equals("true"), node.place)

    @attribute(BOOL)
    def log_group_exists(self) -> Attribute:
        """Whether its log group is there when its task starts."""
        return Attribute(log_group.is_there(self), self.log_option("awslogs-group").place)

    @attribute(EntityType("resource"), nullable=True)
    def log_group_resource(self) -> Attribute:
        """The aws_cloudwatch_log_group that its log group is; null where none is."""
        node = self.log_option("awslogs-group")
        found = log_group.group_named(self.task.deployment, node.value).managed
        value = NULL if found is None else AnyResource(self.task.deployment, found)
        return Attribute(value, node.place)

    # ---- where it runs ------------------------------------------------------------------------

    @attribute(BOOL)
    def on_windows(self) -> Attribute:
        """Whether its task runs Windows."""
        return self.task.read("windows")

    @attribute(BOOL)
    def open_to_exec(self) -> Attribute:
        """Whether a service that runs its task has ECS Exec on."""
        answers = [each.launch.execute_command.flag() for each in self.task.users]
        return Attribute(any_of(answers), self.place)

    @attribute(BOOL)
    def on_old_platform(self) -> Attribute:
        """Whether a service runs its task on a platform version before 1.4.0."""
        return self.task.read("on_old_platform")

    @attribute(BOOL)
    def image_region_fits(self) -> Attribute:
        """Whether its image lies in the region of its task; true where one is not known here.

        A private ECR image alone has a region.
        """
        node = self.node.get("image")
        region = plain(region_of(node.value))
        own = self.task.deployment.texts.region(self.task.instance)
        if is_null(region) or _is_open(own) or images.names_repository(self.links, node.value):
            return Attribute(True, node.place)
        return Attribute(same_text(self.task.deployment.texts.of(region), own), node.place)

    # ---- what it needs ------------------------------------------------------------------------

    def takes_secrets(self) -> Tri:
        """Whether ECS reads a secret for it before it starts."""
        credentials = self.node.get("repositoryCredentials")
        return any_of(
            [
                _any(self.node.get("secrets")),
                _any(self.node.get("logConfiguration").get("secretOptions")),
                _set(credentials.get("credentialsParameter").value),
            ]
        )

    def takes_environment_files(self) -> Tri:
        """Whether it takes environment files from S3."""
        return _any(self.node.get("environmentFiles"))

    @attribute(STRING, nullable=True)
    def registry_credentials(self) -> Attribute:
        """The secret with its registry's credentials; null where it has none."""
        node = self.node.get("repositoryCredentials").get("credentialsParameter")
        return Attribute(node.text(), self.place if is_null(node.value) else node.place)

    @attribute(BOOL)
    def credentials_are_no_secret(self) -> Attribute:
        """Whether its registry's credentials name something else than a secret."""
        node = self.node.get("repositoryCredentials").get("credentialsParameter")
        place = self.place if is_null(node.value) else node.place
        return Attribute(self._is_no_secret(node.value), place)

    def _is_no_secret(self, value: Value) -> Tri:
        if is_null(value) or self.links.find(value, "secret").instance is not None:
            return False
        if self.links.find(value, "parameter").instance is not None:
            return True
        bare = plain(value)
        if isinstance(bare, Unknown):
            return unknown(bare)
        return isinstance(bare, str) and bare.startswith("arn:") and ":secretsmanager:" not in bare

    @attribute(BOOL)
    def opened_elsewhere(self) -> Attribute:
        """Whether its image may be pulled by anyone, which is set in its registry."""
        node = self.node.get("image")
        because = f"whether the image of container {self} is public is not in the configuration"
        return Attribute(outside(self.address, because), node.place)


def _is_open(text: Variants) -> bool:
    """Whether a region is nowhere in the configuration."""
    return any(isinstance(symbol, Own) for forms in text for form in forms for symbol in form)


def _covers(mapping: Node, port: Value) -> Tri:
    declared = mapping.get("containerPort").number()
    if is_null(declared):
        span = plain(mapping.get("containerPortRange").text(""))
        if isinstance(span, Unknown):
            return unknown(span)
        number = whole_number(port)
        found = _RANGE.fullmatch(str(span))
        if found is None:
            return False
        return unknown(port) if number is None else int(found[1]) <= number <= int(found[2])
    return same(declared, port)


def _any(node: Node) -> Tri:
    found = node.elements()
    if found.certain:
        return True
    bare = plain(node.value)
    return unknown(bare) if isinstance(bare, Unknown) else False


def _set(value: Value) -> Tri:
    bare = plain(value)
    if isinstance(bare, Unknown):
        return True if bare.not_null or bare.ref is not None else unknown(bare)
    return not is_null(bare) and bare != ""
