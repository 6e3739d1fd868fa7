"""Where a task shows texts: its container definitions, and what else is passed to its containers.

References to secrets (`secrets`, `secretOptions`) show none: they are entities of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.holes import json_text_value
from fglint.evaluation.inspection import is_null, origins_of
from fglint.evaluation.types import STRING
from fglint.evaluation.values import NULL, Presence, Unknown, Value, plain
from fglint.model.entity import Entity
from fglint.model.environment import Leaf, Shown
from fglint.model.logic import outside
from fglint.model.reading import Element, Node, known_text, root
from fglint.model.recognition import pieces_of, text_of
from fglint.provider.credentials import text_format

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.service import Service
    from fglint.model.task import Task

_WORDS = (
    (("command",), "the command"),
    (("entryPoint",), "the entry point"),
    (("healthCheck", "command"), "the health check"),
)
_TEXTS = (
    ("image", "the image"),
    ("hostname", "the host name"),
    ("workingDirectory", "the working directory"),
)
_MAPS = (
    (("dockerLabels",), "label"),
    (("logConfiguration", "options"), "log option"),
    (("firelensConfiguration", "options"), "FireLens option"),
)
_FILES = ("aws_s3_object", "aws_s3_bucket_object")
_SECRETS = ("aws_secretsmanager_secret", "aws_ssm_parameter")


def leaves_of(task: Task) -> list[Leaf]:
    """The leaves of a task definition, in the order of its containers.

    Where its containers are not all known, one leaf with an unknown name stands for the rest.
    """
    found: list[Leaf] = []
    names = _names(task.deployment)
    for container in task.container_list:
        place = _Place(container, f"container {container}", container.maybe, names)
        found.extend(place.container(container.node))
    place = _Place(task, "", task.maybe, names)
    for block in task.node.blocks("proxy_configuration"):
        found.extend(place.map(block.get("properties"), "proxy property"))
    node = task.node.get("container_definitions")
    cause = task.unread
    if cause is None and is_null(task.definitions.value) and not is_null(node.value):
        cause = outside(task.address, f"the container definitions of {task} are no JSON")
    if cause is not None:
        found.append(place.unread(node, "its containers", cause))
    return found


def leaves(deployment: Deployment) -> list[Leaf]:
    """All leaves: of tasks, of the services and targets that run them, of their files."""
    found = [leaf for task in deployment.tasks for leaf in leaves_of(task)]
    names = _names(deployment)
    seen: set[tuple[str, str]] = set()
    for service in deployment.services:
        key = (service.address, service.subject)
        if service.runs_on_fargate is False or key in seen:
            continue
        seen.add(key)
        place = _Place(service, service.subject, service.maybe, names)
        found.extend(_service_leaves(service, place))
    for instance in _files(deployment):
        place = _Place(None, "", instance.maybe, names)
        found.append(place.file(root(instance).get("content"), instance.address))
    return found


def _names(deployment: Deployment) -> frozenset[str]:
    """The known names of the configuration's secrets and parameters."""
    links = deployment.links
    instances = [*links.of(*_SECRETS), *links.of(*_SECRETS, mode="data")]
    found = [known_text(instance.get("name") or NULL) for instance in instances]
    return frozenset(name for name in found if name)


# ---- containers -------------------------------------------------------------------------------


class _Place:
    """A container, or another thing that shows texts: makes the leaves in it."""

    def __init__(self, owner: Entity | None, whose: str, maybe: bool, names: frozenset[str]):
        self.owner = owner
        self.whose = whose
        self.maybe = maybe
        self.names = names
        self.has_access_key: Callable[[], bool] = lambda: False

    def container(self, node: Node) -> Iterator[Leaf]:
        """The leaves of a container definition, or of the overrides of one."""
        environment = node.get("environment")
        self.has_access_key = cache(lambda: _shows_access_key(environment))
        yield from self.entries(environment)
        for path, words in _WORDS:
            yield from self.words(_at(node, path), words)
        for name, words in _TEXTS:
            yield from self.text(node.get(name), words, is_image=name == "image")
        for path, words in _MAPS:
            yield from self.map(_at(node, path), words)
        for item in node.get("systemControls").elements().items:
            control = item.node.get("namespace").text()
            yield from self.text(item.node.get("value"), "system control", control)

    def entries(self, node: Node) -> Iterator[Leaf]:
        """The entries of an environment; one of unknown name where the list is not known."""
        found = node.elements()
        for item in found.items:
            name = item.node.get("name").text()
            words = known_text(name) or "an environment entry"
            where = f"environment {known_text(name) or '?'}"
            yield self._leaf(name, item.node.get("value"), words, where, item, is_entry=True)
        if not found.items and found.rest is not None:
            yield self.unread(node, "the environment", found.rest)

    def unread(self, node: Node, words: str, cause: Unknown) -> Leaf:
        """The leaf that stands for entries which are not known."""
        hidden = Unknown(STRING, origins_of(cause), not_null=True)
        shown = self._shown(words, "environment ?", is_entry=True)
        value = plain(node.value) if words == "its containers" else node.value
        inner = Node(node.instance, value, node.path)
        return Leaf(self.owner, hidden, inner, shown, True)

    def words(self, node: Node, words: str) -> Iterator[Leaf]:
        """The words of a command line."""
        found = node.elements()
        before = ""
        for index, item in enumerate(found.items):
            name = _flag(before)
            text = f"{name} in {words}" if name else f"word {index + 1} of {words}"
            where = f"{words.removeprefix('the ')} {index}"
            yield self._leaf(name or NULL, item.node, text, where, item, is_command=True)
            before = known_text(item.node.value) or ""
        if not found.items and not is_null(node.value):
            yield from self.text(node, words, is_command=True)

    def map(self, node: Node, words: str) -> Iterator[Leaf]:
        """The entries of a map."""
        members = node.members()
        for key, member in members:
            name = key.rpartition(".")[2] if words == "label" else key
            yield from self.text(member, f"{words} {key}", name)
        if not members and isinstance(plain(node.value), Unknown):
            yield from self.text(node, f"the {words}s")

    def text(
        self,
        node: Node,
        words: str,
        name: Value = NULL,
        *,
        is_image: bool = False,
        is_command: bool = False,
    ) -> Iterator[Leaf]:
        """A text; nothing where there is none."""
        if not is_null(node.value):
            where = words.removeprefix("the ")
            shown = self._shown(words, where, is_image=is_image, is_command=is_command)
            yield Leaf(self.owner, name, node, shown, self.maybe)

    def file(self, node: Node, address: str) -> Leaf:
        """A file of environment variables."""
        shown = Shown(address, "", is_file=True, is_entry=True, names=self.names)
        return Leaf(self.owner, NULL, node, shown, self.maybe)

    def _leaf(
        self,
        name: Value,
        node: Node,
        words: str,
        where: str,
        item: Element,
        *,
        is_entry: bool = False,
        is_command: bool = False,
    ) -> Leaf:
        maybe = self.maybe or item.presence is not Presence.ONE
        shown = self._shown(words, where, is_entry=is_entry, is_command=is_command)
        return Leaf(self.owner, name, node, shown, maybe)

    def _shown(
        self,
        words: str,
        where: str,
        *,
        is_entry: bool = False,
        is_command: bool = False,
        is_image: bool = False,
    ) -> Shown:
        of = f"{words} of {self.whose}" if self.whose else words
        subject = f"{self.whose}, {where}" if self.whose else where
        return Shown(
            of,
            subject,
            is_entry=is_entry,
            is_command=is_command,
            is_image=is_image,
            has_access_key=self.has_access_key,
            names=self.names,
        )


def _at(node: Node, path: tuple[str, ...]) -> Node:
    for name in path:
        node = node.get(name)
    return node


def _flag(word: str) -> str:
    """The flag whose value the next word is: `--password`, after which a password follows."""
    return word if word.startswith("-") and "=" not in word and len(word) > 2 else ""


def _shows_access_key(environment: Node) -> bool:
    return any(
        text_format(text_of(entry.get("value").value)) == "an AWS access key ID"
        for entry in environment.elements()
    )


# ---- services and targets ---------------------------------------------------------------------


def _service_leaves(service: Service, place: _Place) -> Iterator[Leaf]:
    node = service.whole
    match service.instance.type:
        case "aws_ecs_service" | "aws_ecs_task_set":
            yield from place.map(node.get("tags"), "tag")
            for connect in node.blocks("service_connect_configuration"):
                for logs in connect.blocks("log_configuration"):
                    yield from place.map(logs.get("options"), "log option of Service Connect")
        case "aws_ecs_express_gateway_service":
            yield from place.map(node.get("tags"), "tag")
            for container in node.blocks("primary_container"):
                yield from place.container(container)
        case "aws_cloudwatch_event_target":
            yield from _input(node.get("input"), place)
            for block in node.blocks("input_transformer"):
                yield from _input(block.get("input_template"), place)
        case "aws_scheduler_schedule":
            for target in node.blocks("target"):
                yield from _input(target.get("input"), place)
        case "aws_pipes_pipe":
            for target in node.blocks("target_parameters"):
                yield from _input(target.get("input_template"), place)
                for block in target.blocks("ecs_task_parameters"):
                    for overrides in block.blocks("overrides"):
                        for one in overrides.blocks("container_override"):
                            yield from place.container(one)
        case "aws_sfn_state_machine":
            overrides = service.launch.node.get("Overrides").get("ContainerOverrides")
            for item in overrides.elements().items:
                yield from place.container(item.node)


def _input(node: Node, place: _Place) -> Iterator[Leaf]:
    """The input of a target: the overrides of containers in it, else the text itself."""
    overrides = _overrides(node)
    if overrides is None:
        yield from place.text(node, "the input")
        return
    for item in overrides.elements().items:
        yield from place.container(item.node)


def _overrides(node: Node) -> Node | None:
    if is_null(node.value):
        return None
    try:
        value = json_text_value(node.value)
    except EvaluationError:
        return None
    found = Node(node.instance, value, node.path).get("containerOverrides")
    return found if found.elements().items else None


# ---- files ------------------------------------------------------------------------------------


def _files(deployment: Deployment) -> list[Instance]:
    """The S3 objects of the configuration that containers take as environment files."""
    found: dict[str, Instance] = {}
    for task in deployment.tasks:
        for container in task.container_list:
            for file in container.node.get("environmentFiles").elements():
                for instance in deployment.links.of(*_FILES):
                    is_written = not is_null(root(instance).get("content").value)
                    value = file.get("value").value
                    if is_written and _names_object(deployment, value, instance):
                        found[instance.address] = instance
    return [found[address] for address in sorted(found)]


def _names_object(deployment: Deployment, value: Value, instance: Instance) -> bool:
    """Whether an ARN is that of an object: by reference, or by its bucket and key."""
    bare = plain(value)
    if isinstance(bare, Unknown) and bare.ref is not None:
        return bare.ref.address == instance.address and bare.ref.path == ".arn"
    node = root(instance)
    key = known_text(node.get("key").value)
    bucket = deployment.links.find(node.get("bucket").value, "bucket").instance
    pieces = pieces_of(value)
    rest = "".join(filter(None, map(known_text, pieces)))
    if key is None:
        return False
    first = plain(pieces[0])
    if isinstance(first, Unknown) and first.ref is not None and bucket is not None:
        return first.ref.address == bucket.address and rest == f"/{key}"
    name = known_text((root(bucket) if bucket is not None else node).get("bucket").value)
    return name is not None and rest.endswith(f":::{name}/{key}")
