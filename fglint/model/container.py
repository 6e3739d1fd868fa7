"""Containers of a task definition, as their definitions write them."""

from __future__ import annotations

from fglint.evaluation.equality import equal
from fglint.evaluation.types import BOOL, STRING
from fglint.evaluation.values import Unknown, Value, is_null, plain
from fglint.model import image as images
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.links import Links
from fglint.model.logic import Tri, any_of, unknown
from fglint.model.reading import Node, known_text, whole_number

# Containers that serve no traffic of clients: names and images of well-known sidecars.
SIDECARS = (
    "xray", "x-ray", "aws-otel", "otel-collector", "adot", "cloudwatch-agent", "datadog",
    "fluent-bit", "fluentbit", "fluentd", "firelens", "log_router", "log-router", "envoy",
    "prometheus-exporter", "node-exporter", "newrelic-infra",
)  # fmt: skip


class Container(Entity):
    """One container of a task definition."""

    kind = "container"

    def __init__(self, links: Links, node: Node, index: int, maybe: bool) -> None:
        super().__init__(node.instance.address, node.instance.header, maybe=maybe)
        self.links = links
        self.node = node
        self.index = index
        name = known_text(node.get("name").value)
        self.subject = f"container {name}" if name else f"container {index}"

    def __str__(self) -> str:
        return known_text(self.node.get("name").value) or str(self.index)

    def place(self) -> object:  # type: ignore[override]
        """Its definition."""
        return self.node.place()

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """Its name."""
        return self.node.get("name").attribute(STRING)

    @attribute(STRING, nullable=True)
    def image(self) -> Attribute:
        """The image, as written."""
        return self.node.get("image").attribute(STRING)

    @attribute(BOOL)
    def private_ecr(self) -> Attribute:
        """Whether its image comes from a private repository of Amazon ECR."""
        node = self.node.get("image")
        return Attribute(images.is_private_ecr(self.links, node.value), node.place)

    @property
    def image_value(self) -> Value:
        """The image's value."""
        return self.node.get("image").value

    @property
    def is_sidecar(self) -> bool:
        """Whether name or image is that of a well-known sidecar."""
        texts = [str(plain(self.node.get(key).value)).lower() for key in ("name", "image")]
        return any(known in text for text in texts for known in SIDECARS)

    # ---- ports --------------------------------------------------------------------------------

    def has_ports(self) -> Tri:
        """Whether it declares a port."""
        node = self.node.get("portMappings")
        found = node.elements()
        if found.certain:
            return True
        if isinstance(plain(node.value), Unknown):
            return unknown(node.value)
        return False

    def declares(self, port: Value) -> Tri:
        """Whether one of its port mappings has that container port."""
        answers: list[Tri] = []
        elements = self.node.get("portMappings").elements()
        for mapping in elements:
            answers.append(_covers(mapping, port))
        if elements.rest is not None:
            answers.append(unknown(elements.rest))
        return any_of(answers)

    def protocol_of(self, port: Value) -> str | None | Unknown:
        """ "tcp" or "udp" of a port; None where it is not declared."""
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

    # ---- what it needs ------------------------------------------------------------------------

    @property
    def log_driver(self) -> Value:
        """The log driver; null where none is set."""
        return self.node.get("logConfiguration").get("logDriver").text()

    def log_option(self, name: str) -> Node:
        """An option of the log driver."""
        return self.node.get("logConfiguration").get("options").get(name)

    def uses_awslogs(self) -> Tri:
        """Whether its log driver is awslogs."""
        return _is(self.log_driver, "awslogs")

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


def _covers(mapping: Node, port: Value) -> Tri:
    declared = mapping.get("containerPort").number()
    if is_null(declared):
        span = known_text(mapping.get("containerPortRange").text()) or ""
        first, dash, last = span.partition("-")
        number = whole_number(port)
        if dash and first.isdigit() and last.isdigit() and number is not None:
            return int(first) <= number <= int(last)
        return False
    answer = equal(declared, port)
    return unknown(answer) if isinstance(answer, Unknown) else answer


def _is(value: Value, wanted: str) -> Tri:
    answer = equal(value, wanted)
    return unknown(answer) if isinstance(answer, Unknown) else answer


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


