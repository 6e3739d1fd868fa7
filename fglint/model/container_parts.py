"""The parts of a container's definition that rules judge one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from fglint.evaluation.inspection import is_null, marks_deep, origins_of
from fglint.evaluation.marks import SecretOrigin
from fglint.evaluation.types import BOOL, DYNAMIC, NUMBER, STRING, ListType
from fglint.evaluation.values import (
    NULL,
    Item,
    OpenList,
    Parts,
    Presence,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.logic import Tri, any_of, same
from fglint.model.patterns import matches
from fglint.model.reading import Elements, Node, known_text, root, whole_number
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.container import Container

_RANGE = re.compile(r"(\d{1,5})-(\d{1,5})")


class Part(Entity):
    """A part of a container's definition."""

    def __init__(self, owner: Entity, node: Node, *, maybe: bool = False) -> None:
        super().__init__(owner.address, owner.header, maybe=maybe)
        self.part_of = owner
        self.node = node

    def place(self) -> Range | None:
        """Where it is written."""
        return self.node.place()

    def _member(self, key: str, value: Value) -> Attribute:
        """A member of the part: its own place, or that of the part where it is not written."""
        node = self.node.get(key)
        absent = is_null(node.value)
        return Attribute(value, self.place if absent else node.place, absent)

    def _text(self, key: str, default: Value = NULL) -> Attribute:
        return self._member(key, self.node.get(key).as_type(STRING, default))

    def _number(self, key: str, default: Value = NULL) -> Attribute:
        return self._member(key, self.node.get(key).as_type(NUMBER, default))


def parts_of(elements: Elements, make: Callable[[Node], Value]) -> Value:
    """A list of parts as rules see it; an unknown element stands for others that may be there.

    What is null in a list says nothing, and is left out.
    """
    made = [Item(make(item.node), item.presence) for item in elements.items]
    items = [item for item in made if not is_null(item.value)]
    certain = all(item.presence is Presence.ONE for item in items)
    if elements.rest is None and certain:
        return TupleValue(tuple(item.value for item in items))
    origins = () if elements.rest is None else elements.rest.origins
    if certain:
        items.append(Item(Unknown(DYNAMIC, origins), Presence.MANY))
    return Unknown(DYNAMIC, origins, not_null=True, content=OpenList(tuple(items)))


class Port(Part):
    """A port mapping."""

    kind = "port"

    def __str__(self) -> str:
        return str(plain(self.node.get("containerPort").value))

    @property
    def numbers(self) -> range:
        """The ports that it maps, as far as they are known."""
        single = whole_number(self.node.get("containerPort").number())
        if single is not None:
            return range(single, single + 1)
        found = _RANGE.fullmatch(known_text(self.node.get("containerPortRange").value) or "")
        return range(0) if found is None else range(int(found[1]), int(found[2]) + 1)

    @attribute(NUMBER, nullable=True)
    def container_port(self) -> Attribute:
        """The port on which the container listens; null where a range is given."""
        return self._number("containerPort")

    @attribute(NUMBER, nullable=True)
    def host_port(self) -> Attribute:
        """The port on the host; null where it is left to follow the container's."""
        return self._number("hostPort")

    @attribute(STRING, nullable=True)
    def range(self) -> Attribute:
        """The range of ports, "FIRST-LAST"; null where a single port is given."""
        return self._text("containerPortRange")

    @attribute(STRING)
    def protocol(self) -> Attribute:
        """`tcp` (the default) or `udp`, as written."""
        return self._text("protocol", "tcp")

    @attribute(STRING, nullable=True)
    def application_protocol(self) -> Attribute:
        """`http`, `http2` or `grpc`; null where none is given."""
        return self._text("appProtocol")

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """The name by which Service Connect knows the port."""
        return self._text("name")


class Parameter(Part):
    """A member of a container's definition that is set to more than nothing."""

    kind = "parameter"

    def __init__(self, owner: Entity, node: Node, path: str) -> None:
        super().__init__(owner, node)
        self.path = path

    def __str__(self) -> str:
        return self.path

    @attribute(STRING)
    def name_(self) -> Attribute:
        """Its name, with those of the members around it: `linuxParameters.devices`."""
        return Attribute(self.path, self.node.place)


class Mount(Part):
    """A mount point of a container."""

    kind = "mount"

    def __str__(self) -> str:
        return str(plain(self.node.get("containerPath").value))

    @attribute(STRING, nullable=True)
    def volume(self) -> Attribute:
        """The name of the volume."""
        return self._text("sourceVolume")

    @attribute(STRING, nullable=True)
    def path(self) -> Attribute:
        """Where the container sees it."""
        return self._text("containerPath")


class Dependency(Part):
    """A container that another one waits for."""

    kind = "dependency"

    @attribute(STRING, nullable=True)
    def container(self) -> Attribute:
        """The name of the container waited for."""
        return self._text("containerName")

    @attribute(STRING, nullable=True)
    def condition(self) -> Attribute:
        """`START`, `COMPLETE`, `SUCCESS` or `HEALTHY`, as written."""
        return self._text("condition")


class HealthCheck(Part):
    """The health check of a container. Times are seconds."""

    kind = "health_check"

    @attribute(ListType(STRING))
    def command(self) -> Attribute:
        """Its command, in words."""
        elements = self.node.get("command").elements()
        return self._member("command", parts_of(elements, lambda each: each.text()))

    @attribute(NUMBER)
    def interval(self) -> Attribute:
        """Seconds between two checks; 30 by default."""
        return self._number("interval", 30)

    @attribute(NUMBER)
    def timeout(self) -> Attribute:
        """Seconds after which a check has failed; 5 by default."""
        return self._number("timeout", 5)

    @attribute(NUMBER)
    def retries(self) -> Attribute:
        """Failures in a row after which the container is unhealthy; 3 by default."""
        return self._number("retries", 3)

    @attribute(NUMBER)
    def start_period(self) -> Attribute:
        """Seconds at the beginning in which failures do not count; 0 by default."""
        return self._number("startPeriod", 0)


class EnvironmentFile(Part):
    """A file of environment variables that ECS reads from S3."""

    kind = "environment_file"

    @attribute(STRING, nullable=True)
    def type(self) -> Attribute:
        """Where it lies: `s3` is the only kind there is."""
        return self._text("type")

    @attribute(STRING, nullable=True)
    def value(self) -> Attribute:
        """The ARN of the object."""
        return self._text("value")

    @attribute(BOOL)
    def is_object(self) -> Attribute:
        """Whether it is named by the ARN of an object whose name ends in `.env`."""
        return self._member("value", self._is_object())

    def _is_object(self) -> Tri:
        value = self.node.get("value").value
        if is_null(value):
            return False
        texts = self.container.task.deployment.texts
        pattern = texts.of("arn:*:s3:::*/*.env")
        return matches(pattern, texts.of(value))

    @property
    def container(self) -> Container:
        """The container that takes it."""
        return cast("Container", self.part_of)

    @attribute(BOOL, nullable=True)
    def versioned(self) -> Attribute:
        """Whether its bucket keeps versions; null for a bucket outside the configuration."""
        return self._member("value", self._versioned())

    def _versioned(self) -> Value:
        links = self.container.links
        value = plain(self.node.get("value").value)
        pieces = (
            value.content.parts
            if isinstance(value, Unknown) and isinstance(value.content, Parts)
            else (value,)
        )
        bucket = links.find(pieces[0], "bucket").managed
        if bucket is None:
            return NULL
        if any(
            links.find(root(each).get("bucket").value, "bucket").unknown is not None
            for each in links.of("aws_s3_bucket_versioning")
        ):
            return NULL
        answers: list[Tri] = []
        for each in links.of("aws_s3_bucket_versioning"):
            node = root(each)
            if links.find(node.get("bucket").value, "bucket").instance is bucket:
                status = node.block("versioning_configuration").get("status").text()
                answers.append(same(status, "Enabled"))
        inline = root(bucket).block("versioning").get("enabled").flag()
        return any_of([*answers, inline])


class Entry(Part):
    """A variable of a container: of `environment` or of `secrets`."""

    kind = "entry"

    def __init__(
        self, owner: Entity, node: Node, source: str, before: tuple[Entry, ...] = ()
    ) -> None:
        super().__init__(owner, node)
        self.source = source
        self.before = before

    def __str__(self) -> str:
        return known_text(self.node.get("name").value) or "a variable"

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """Its name."""
        return self._text("name")

    @attribute(STRING)
    def written_in(self) -> Attribute:
        """`environment` or `secrets`."""
        return Attribute(self.source, self.place)

    @attribute(BOOL)
    def repeated(self) -> Attribute:
        """Whether a variable before it has its name."""
        own = self.node.get("name")
        names = (each.node.get("name").value for each in self.before)
        return Attribute(any_of(same(own.value, other) for other in names), own.place)

    @attribute(BOOL)
    def from_access_key(self) -> Attribute:
        """Whether its value is an access key of an IAM user that is made here."""
        node = self.node.get("value")
        sources = {str(origin) for origin in origins_of(node.value)}
        sources.update(m.source for m in marks_deep(node.value) if isinstance(m, SecretOrigin))
        return Attribute(any("aws_iam_access_key." in source for source in sources), node.place)


class Firelens(Part):
    """The configuration that makes a container a log router."""

    kind = "firelens"

    @attribute(STRING, nullable=True)
    def type(self) -> Attribute:
        """`fluentbit` or `fluentd`, as written."""
        return self._text("type")

    @attribute(STRING, nullable=True)
    def config_file_type(self) -> Attribute:
        """Where its own configuration lies: `file`, or `s3`; null where it has none."""
        node = self.node.get("options").get("config-file-type")
        place = self.place if is_null(node.value) else node.place
        return Attribute(node.as_type(STRING), place)

    @attribute(ListType(STRING))
    def untyped_options(self) -> Attribute:
        """Its options that are numbers or true or false, where texts belong."""
        node = self.node.get("options")
        values = [(name, plain(each.value)) for name, each in node.members()]
        found = tuple(name for name, value in values if isinstance(value, (bool, int)))
        return Attribute(TupleValue(found), node.get(found[0]).place if found else self.place)
