"""The arguments of a task definition, as rules read them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.unions import union
from fglint.evaluation.values import NULL, Union, Unknown, Value, plain
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.listing import listing, texts
from fglint.model.lists import texts_of
from fglint.model.logic import Tri, agreed, any_of, negated, one_of, outside, same, unknown
from fglint.model.reading import Node, whole_number
from fglint.model.volume import LaunchVolume, Volume
from fglint.provider.fargate_sizes import LARGEST, SIZES, memories
from fglint.provider.platform_versions import RETIRED

if TYPE_CHECKING:
    from fglint.model.service import Service

_SIZE = re.compile(r"\s*(\d+|\d*\.\d+)\s*(vcpu|gb)?\s*", re.IGNORECASE)


class TaskArguments(Entity):
    """The arguments of a task definition, with their defaults."""

    node: Node
    instance: Instance

    @property
    def users(self) -> list[Service]:
        """The services and run targets on Fargate that run the task."""
        raise NotImplementedError

    def _text(self, name: str, default: Value = NULL) -> Attribute:
        return self.node.get(name).attribute(STRING, default)

    @attribute(STRING, nullable=True)
    def family(self) -> Attribute:
        """Its family: the name that its revisions share."""
        return self._text("family")

    @attribute(ListType(STRING), nullable=True)
    def requires_compatibilities(self) -> Attribute:
        """The launch types that it is checked for; null where it names none."""
        node = self.node.get("requires_compatibilities")
        if is_null(node.value) or node.elements().none() is True:
            return Attribute(NULL, node.place, True)
        bare = plain(node.value)
        if isinstance(bare, Unknown) and not node.elements().certain:
            return Attribute(Unknown(ListType(STRING), bare.origins), node.place)
        return Attribute(texts_of(node), node.place)

    @attribute(STRING)
    def network_mode(self) -> Attribute:
        """`awsvpc`, `bridge` (the default), `host` or `none`."""
        return self._text("network_mode", "bridge")

    # ---- size ---------------------------------------------------------------------------------

    @attribute(NUMBER, nullable=True)
    def cpu(self) -> Attribute:
        """Its CPU units (1024 are one vCPU), however they are written."""
        return self._size("cpu")

    @attribute(NUMBER, nullable=True)
    def memory(self) -> Attribute:
        """Its memory in MiB, however it is written."""
        return self._size("memory")

    def _size(self, name: str) -> Attribute:
        node = self.node.get(name)
        size = _size_of(node.text())
        return Attribute(size, node.place, is_null(size))

    @attribute(BOOL)
    def size_is_sold(self) -> Attribute:
        """Whether Fargate sells its memory with its CPU units; true where one is not set."""
        memory = self.node.get("memory")
        place = self.node.get("cpu").place if is_null(memory.value) else memory.place
        return Attribute(self._is_sold(), place)

    def _is_sold(self) -> Tri:
        cpu, memory = self.read("cpu").value, self.read("memory").value
        windows = self.read("windows").value
        systems = [False, True] if isinstance(windows, Unknown) else [windows is True]
        answers = [
            _sold(units, amount, windows=each)
            for units in _choices(cpu)
            for amount in _choices(memory)
            for each in systems
        ]
        return agreed(
            answers, *(v for v in (cpu, memory, windows) if isinstance(plain(v), Unknown))
        )

    # ---- platform -----------------------------------------------------------------------------

    @attribute(STRING)
    def operating_system(self) -> Attribute:
        """Its operating system family; `LINUX` by default."""
        return self._of_platform("operating_system_family", "LINUX")

    @attribute(STRING)
    def cpu_architecture(self) -> Attribute:
        """`X86_64` (the default) or `ARM64`."""
        return self._of_platform("cpu_architecture", "X86_64")

    def _of_platform(self, name: str, default: str) -> Attribute:
        return self.node.block("runtime_platform").get(name).attribute(STRING, default)

    @attribute(BOOL)
    def windows(self) -> Attribute:
        """Whether it runs Windows."""
        found = self.read("operating_system")
        bare = plain(found.value)
        if isinstance(bare, Unknown):
            known = bare.prefix.startswith("WINDOWS")
            return Attribute(True if known else unknown(bare), found.place)
        return Attribute(str(bare).startswith("WINDOWS"), found.place)

    @attribute(BOOL)
    def on_old_platform(self) -> Attribute:
        """Whether a service runs it on a Linux platform version before 1.4.0."""
        versions = [user.whole.get("platform_version").text("LATEST") for user in self.users]
        return Attribute(any_of(one_of(each, RETIRED["linux"]) for each in versions), self.place)

    @attribute(BOOL)
    def on_spot(self) -> Attribute:
        """Whether a service runs it on FARGATE_SPOT."""
        answers: list[Tri] = []
        for user in self.users:
            found = user.launch.strategy.elements()
            names = [node.get("capacity_provider").text() for node in found]
            answers.extend(same(name, "FARGATE_SPOT") for name in names)
            if found.rest is not None:
                answers.append(unknown(found.rest))
        return Attribute(any_of(answers), self.place)

    # ---- other arguments ----------------------------------------------------------------------

    @attribute(NUMBER, nullable=True)
    def ephemeral_storage(self) -> Attribute:
        """Its ephemeral storage in GiB; null for the 20 that each task has."""
        node = self.node.block("ephemeral_storage").get("size_in_gib")
        return node.attribute(NUMBER)

    @attribute(STRING, nullable=True)
    def ipc_mode(self) -> Attribute:
        """Its IPC mode; null where none is set."""
        return self._text("ipc_mode")

    @attribute(STRING, nullable=True)
    def pid_mode(self) -> Attribute:
        """Its PID mode, `task` or `host`; null where none is set."""
        return self._text("pid_mode")

    @attribute(BOOL)
    def fault_injection(self) -> Attribute:
        """Whether AWS FIS may inject faults into it (enable_fault_injection)."""
        node = self.node.get("enable_fault_injection")
        return Attribute(node.flag(), node.place)

    @attribute(ListType(STRING))
    def unsupported_blocks(self) -> Attribute:
        """Its blocks for container instances: placement constraints, inference accelerators."""
        found: list[tuple[str, Tri]] = []
        for name in ("placement_constraints", "inference_accelerator"):
            instance, node = self.node.instance, self.node.get(name)
            if instance.get(name) is None:  # the schema of newer providers does not have it
                node = Node(instance, instance.written().get(name, NULL), (name,))
            absent = node.elements().none()
            if absent is not True:
                found.append((name, negated(absent)))
        place = self.node.get(found[0][0]).place if found else self.place
        return Attribute(texts(found), place)

    @attribute(STRING, nullable=True)
    def proxy_type(self) -> Attribute:
        """The type of its proxy, `APPMESH` by default; null where it has none."""
        node = self.node.block("proxy_configuration")
        if is_null(node.value):
            return Attribute(NULL, node.place, True)
        return node.get("type").attribute(STRING, "APPMESH")

    @attribute(STRING, nullable=True)
    def proxy_container(self) -> Attribute:
        """The name of the container that is its proxy; null where it has none."""
        return self.node.block("proxy_configuration").get("container_name").attribute(STRING)

    # ---- volumes ------------------------------------------------------------------------------

    @attribute(ListType(EntityType("volume")))
    def volumes(self) -> Attribute:
        """Its volumes."""
        node = self.node.get("volume")
        found = node.elements()
        doubt = unknown(node.value)
        volumes: list[tuple[Entity, Tri]] = [
            (Volume(self, item.node), True if item.node in found.certain else doubt)  # type: ignore[arg-type]
            for item in found.items
        ]
        rest = [unknown(found.rest)] if found.rest is not None and not found.items else []
        return Attribute(listing(volumes, rest), node.place)

    @attribute(ListType(EntityType("launch_volume")))
    def launch_volumes(self) -> Attribute:
        """The volumes that the services which run it configure."""
        found: list[tuple[Entity, Tri]] = []
        for user in self.users:
            elements = user.whole.get("volume_configuration").elements()
            found.extend((LaunchVolume(self, block), True) for block in elements.certain)  # type: ignore[arg-type]
        return Attribute(listing(found), self.place)


def _choices(value: Value) -> tuple[Value, ...]:
    """The values that it is one of; itself where that is not known."""
    bare = plain(value)
    if isinstance(bare, Unknown) and isinstance(bare.content, Union):
        return tuple(map(plain, bare.content.leaves))
    return (bare,)


def _sold(cpu: Value, memory: Value, *, windows: bool) -> Tri:
    """Whether Fargate sells an amount of memory with an amount of CPU units."""
    if is_null(cpu) or is_null(memory):
        return True  # that one is not set is another mistake
    units, amount = whole_number(cpu), whole_number(memory)
    if not isinstance(plain(cpu), Unknown):
        if units is None:
            return False
        if units > LARGEST:
            return outside(str(units), f"whether Fargate sells {units} CPU units is not known here")
        sold = memories(units, windows=windows)
        if isinstance(plain(memory), Unknown):
            return unknown(memory) if sold else False
        return amount in sold
    if isinstance(plain(memory), Unknown):
        return unknown(cpu, memory)
    fitting = any(amount in memories(each, windows=windows) for each in SIZES)
    return unknown(cpu) if fitting else False


def _size_of(value: Value) -> Value:
    """The number of a size, leaf by leaf; 0 for a text that is none."""
    text = plain(value)
    if isinstance(text, Unknown):
        if isinstance(text.content, Union):
            return union([_size_of(leaf) for leaf in text.content.leaves], text.origins, NUMBER)
        return Unknown(NUMBER, text.origins, not_null=text.not_null)
    if not isinstance(text, str):
        return NULL
    found = _SIZE.fullmatch(text)
    if found is None:
        return 0
    number = Fraction(found[1]) * (1024 if found[2] else 1)
    return int(number) if number.denominator == 1 else number
