"""What the containers of a task come to together: sizes, ports, dependencies, mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from fglint.evaluation.inspection import is_null, origins_of
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Unknown, Value, plain
from fglint.model.container import Container
from fglint.model.container_parts import Port
from fglint.model.definition_grammar import dropped, fault, refused
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.listing import listing, values
from fglint.model.lists import concatenated
from fglint.model.logic import Tri, all_of, any_of, negated, same, unknown
from fglint.model.problem import Mistake, Problem
from fglint.model.reading import Node, known_text, whole_number
from fglint.model.task_arguments import TaskArguments
from fglint.source import Range


class TaskContainers(TaskArguments):
    """The containers of a task definition, taken together."""

    @property
    def container_list(self) -> list[Container]:
        """The containers that are known, those that may not be there, too."""
        raise NotImplementedError

    @property
    def unread(self) -> Unknown | None:
        """Why there may be other containers; None where all are known."""
        raise NotImplementedError

    @property
    def definitions(self) -> Node:
        """The container definitions as a structured value."""
        raise NotImplementedError

    @property
    def _doubts(self) -> list[Unknown]:
        return [] if self.unread is None else [self.unread]

    def _place(self) -> Range | None:
        return self.node.get("container_definitions").place()

    # ---- sizes --------------------------------------------------------------------------------

    @attribute(NUMBER)
    def reserved_cpu(self) -> Attribute:
        """The CPU units that its containers reserve together."""
        return self._sum(each.read("cpu").value for each in self.container_list)

    @attribute(NUMBER)
    def reserved_memory(self) -> Attribute:
        """The memory in MiB that its containers reserve together, else are limited to."""
        return self._sum(map(_memory, self.container_list))

    def _sum(self, values: Iterable[Value]) -> Attribute:
        """A sum, of which what is known is the least."""
        least = 0
        origins: dict[Origin, None] = {}
        for container, value in zip(self.container_list, values, strict=True):
            number = whole_number(value)
            if isinstance(plain(value), Unknown):
                origins.update(dict.fromkeys(origins_of(value)))
            elif container.maybe and not self.maybe:
                origins.update(dict.fromkeys(origins_of(self.definitions.value)))
            else:
                least += number or 0
        for doubt in self._doubts:
            origins.update(dict.fromkeys(doubt.origins))
        if not origins:
            return Attribute(least, self._place)
        known = Unknown(NUMBER, tuple(origins), not_null=True, minimum=least)
        return Attribute(known, self._place)

    # ---- ports --------------------------------------------------------------------------------

    @attribute(ListType(EntityType("port")))
    def ports(self) -> Attribute:
        """The port mappings of all its containers."""
        lists = [each.read("port_mappings").value for each in self.container_list]
        return Attribute(concatenated([*lists, listing([], self._doubts)]), self._place)

    @attribute(ListType(EntityType("problem")))
    def port_conflicts(self) -> Attribute:
        """Ports that two of its port mappings claim, and names that two have."""
        found: list[tuple[Entity, Tri]] = [
            (Problem(self, mistake), True) for mistake in self._conflicts()
        ]
        return Attribute(listing(found, self._port_doubts), self._place)

    @property
    def _port_doubts(self) -> list[Unknown]:
        found = [each.node.get("portMappings").elements().others for each in self.container_list]
        return [*(unknown(others) for others in found if others is not None), *self._doubts]

    def _mappings(self) -> Iterator[tuple[Container, Node]]:
        for container in self.container_list:
            for node in container.node.get("portMappings").elements().certain:
                if not container.maybe or self.maybe:
                    yield container, node

    def _conflicts(self) -> Iterator[Mistake]:
        claimed: dict[tuple[str, int], Container] = {}
        names: dict[str, Container] = {}
        for container, node in self._mappings():
            protocol = plain(node.get("protocol").text("tcp"))
            for number in Port(container, node).numbers:
                if not isinstance(protocol, str):
                    continue
                other = claimed.get((protocol, number))
                if other is not None:
                    both = (
                        f"containers {other} and {container}"
                        if other is not container
                        else (f"two mappings of container {container}")
                    )
                    at = node.get("containerPort")
                    yield Mistake(f"{both} claim port {number}/{protocol}", at)
                    break
                claimed[protocol, number] = container
            name = known_text(node.get("name").value)
            if name is not None:
                if name in names:
                    yield Mistake(f"two port mappings have the name {name}", node.get("name"))
                names[name] = container

    # ---- essential containers -----------------------------------------------------------------

    @attribute(BOOL)
    def has_essential(self) -> Attribute:
        """Whether the end of some container ends it."""
        return Attribute(
            any_of([*map(_essential, self.container_list), *self._doubts]), self._place
        )

    @attribute(BOOL)
    def application_is_essential(self) -> Attribute:
        """Whether a container that is no well-known sidecar is essential; true without any."""
        own = [each for each in self.container_list if not each.is_sidecar]
        answers = [*map(_essential, own), *self._doubts]
        return Attribute(any_of(answers) if own else True, self._place)

    # ---- dependencies -------------------------------------------------------------------------

    def named(self, name: Value) -> tuple[Container | None, Tri]:
        """The container of a name, and whether there is one."""
        wanted = known_text(name)
        if wanted is None:
            return None, unknown(name)
        for container in self.container_list:
            if known_text(container.node.get("name").value) == wanted:
                return container, True
        hidden = [
            unknown(each.node.get("name").value)
            for each in self.container_list
            if isinstance(plain(each.node.get("name").value), Unknown)
        ]
        doubts = [*hidden, *self._doubts]
        return None, unknown(*doubts) if doubts else False

    @attribute(ListType(EntityType("problem")))
    def dependency_mistakes(self) -> Attribute:
        """What of its containers' dependencies cannot come true."""
        found: list[tuple[Entity, Tri]] = []
        doubts: list[Unknown] = list(self._doubts)
        for container in self.container_list:
            elements = container.node.get("dependsOn").elements()
            if elements.others is not None:
                doubts.append(unknown(elements.others))
            for node in elements.certain:
                for mistake, sure in self._unsatisfiable(container, node):
                    found.append((Problem(self, mistake), sure))
        return Attribute(listing(found, doubts), self._place)

    def _unsatisfiable(self, container: Container, node: Node) -> Iterator[tuple[Mistake, Tri]]:
        name = node.get("containerName").text()
        other, exists = self.named(name)
        condition = known_text(node.get("condition").value)
        shown = known_text(name) or "a container"
        if exists is not True:
            text = f"{container} waits for {shown}, and there is no container of that name"
            if exists is False or isinstance(plain(name), Unknown):
                yield Mistake(text, node.get("containerName")), negated(exists)
            return
        assert other is not None
        if other is container:
            yield Mistake(f"{container} waits for itself", node.get("containerName")), True
        elif self._leads(other, container, set()):
            text = f"{container} and {shown} wait for each other"
            yield Mistake(text, node.get("containerName")), True
        if condition == "HEALTHY" and is_null(other.node.get("healthCheck").value):
            text = f"{container} waits for {shown} to be healthy, which has no health check"
            yield Mistake(text, node.get("condition")), True
        if condition in ("COMPLETE", "SUCCESS"):
            essential = _essential(other)
            if essential is not False:
                text = f"{container} waits for {shown} to end, whose end ends the task: "
                yield Mistake(text + "it is essential", node.get("condition")), essential

    def _leads(self, start: Container, end: Container, seen: set[Container]) -> bool:
        """Whether one container waits for another, directly or not."""
        if start in seen:
            return False
        seen.add(start)
        for node in start.node.get("dependsOn").elements().certain:
            other, _ = self.named(node.get("containerName").text())
            if other is end or (other is not None and self._leads(other, end, seen)):
                return True
        return False

    # ---- volumes ------------------------------------------------------------------------------

    @attribute(ListType(EntityType("problem")))
    def mount_mistakes(self) -> Attribute:
        """Mounts of volumes or containers that the task does not have, and doubtful paths."""
        found: list[tuple[Entity, Tri]] = []
        doubts = list(self._doubts)
        for container in self.container_list:
            for mistake, sure in self._mounts(container, doubts):
                found.append((Problem(self, mistake), sure))
        return Attribute(listing(found, doubts), self._place)

    def _mounts(self, container: Container, doubts: list[Unknown]) -> Iterator[tuple[Mistake, Tri]]:
        elements = container.node.get("mountPoints").elements()
        if elements.others is not None:
            doubts.append(unknown(elements.others))
        paths: set[str] = set()
        for node in elements.certain:
            name = node.get("sourceVolume").text()
            exists = self._has_volume(name)
            if exists is not True:
                shown = known_text(name) or "a volume"
                text = f"{container} mounts {shown}, and the task has no volume of that name"
                yield Mistake(text, node.get("sourceVolume")), negated(exists)
            path = known_text(node.get("containerPath").value)
            if path is None:
                continue
            if self.read("windows").value is False and not path.startswith("/"):
                text = f'{container} mounts a volume at "{path}", which is no absolute path'
                yield Mistake(text, node.get("containerPath")), True
            if path in paths:
                text = f'{container} mounts two volumes at "{path}"'
                yield Mistake(text, node.get("containerPath")), True
            paths.add(path)
        for node in container.node.get("volumesFrom").elements().certain:
            name = node.get("sourceContainer").text()
            _, exists = self.named(name)
            if exists is not True:
                text = f"{container} mounts the volumes of {known_text(name) or 'a container'}, "
                text += "and there is no container of that name"
                yield Mistake(text, node.get("sourceContainer")), negated(exists)

    def _has_volume(self, name: Value) -> Tri:
        found = self.node.get("volume").elements()
        answers = [same(block.get("name").text(), name) for block in found]
        return any_of(answers if found.rest is None else [*answers, unknown(found.rest)])

    # ---- mistakes -----------------------------------------------------------------------------

    @attribute(STRING, nullable=True)
    def definitions_fault(self) -> Attribute:
        """Why its container definitions are no list of containers; null where they are one."""
        written = self.node.get("container_definitions")
        if not is_null(written.value) and is_null(self.definitions.value):
            return Attribute("it is no JSON", written.place)
        found = fault(self.definitions)
        bare = plain(self.definitions.value)
        if found is None and isinstance(bare, Unknown) and bare.content is None:
            return Attribute(Unknown(STRING, bare.origins), written.place)
        return Attribute(NULL if found is None else found.text, written.place)

    @attribute(ListType(EntityType("problem")))
    def definition_mistakes(self) -> Attribute:
        """What the provider or ECS refuses in the definition of a container."""
        found = [(Problem(self, each), True) for each in refused(self.definitions)]
        return Attribute(listing(found, self._doubts), self._place)

    @attribute(ListType(EntityType("problem")))
    def dropped_members(self) -> Attribute:
        """Members of its container definitions that the provider drops without a word."""
        found = [(Problem(self, each), True) for each in dropped(self.definitions)]
        return Attribute(listing(found, self._doubts), self._place)

    # ---- logs ---------------------------------------------------------------------------------

    @cached_property
    def router_list(self) -> list[Container]:
        """The containers that route logs."""
        return [
            each
            for each in self.container_list
            if not is_null(each.node.get("firelensConfiguration").value)
        ]

    @attribute(BOOL)
    def logs_through_firelens(self) -> Attribute:
        """Whether a container logs through FireLens."""
        answers = [same(each.log_driver_value, "awsfirelens") for each in self.container_list]
        return Attribute(any_of([*answers, *self._doubts]), self._place)

    @attribute(ListType(EntityType("container")))
    def log_routers(self) -> Attribute:
        """The containers that route logs."""
        found: list[tuple[Entity, Tri]] = []
        for each in self.router_list:
            bare = plain(each.node.get("firelensConfiguration").value)
            sure: Tri = True
            if isinstance(bare, Unknown) and not bare.not_null and bare.content is None:
                sure = unknown(bare)
            found.append((each, all_of([sure, not each.maybe or self.maybe])))
        return Attribute(listing(found, self._doubts), self._place)

    @attribute(ListType(STRING))
    def container_names(self) -> Attribute:
        """The names of its containers."""
        names = [(each.node.get("name").text(), True) for each in self.container_list]
        return Attribute(values(names, self._doubts), self._place)


def _memory(container: Container) -> Value:
    reserved = container.read("memory_reservation").value
    return container.read("memory").value if is_null(reserved) else reserved


def _essential(container: Container) -> Tri:
    bare = plain(container.read("essential").value)
    return unknown(bare) if isinstance(bare, Unknown) else bare is True
