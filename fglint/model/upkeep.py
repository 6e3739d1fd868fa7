"""How containers run day by day: who checks them, how they stop, what they do with their logs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.types import BOOL, STRING
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.definition import Definition
from fglint.model.entity import Attribute, attribute
from fglint.model.logic import Tri, all_of, any_of, negated, one_of, same, unknown
from fglint.model.reading import Node, is_given, known_text

if TYPE_CHECKING:
    from fglint.model.service import Service
    from fglint.model.task import Task

_SHELLS = ("sh", "bash", "ash", "dash", "zsh")
_ENDS = ("COMPLETE", "SUCCESS")


class Upkeep(Definition):
    """The parts of a container that matter while it runs."""

    node: Node

    @property
    def _task(self) -> Task:
        from fglint.model.task import Task

        assert isinstance(self.part_of, Task)
        return self.part_of

    @cached_property
    def _services(self) -> list[Service]:
        """The services that keep its task running."""
        return [one for one in self._task.deployment.services if one.task is self._task]

    # ---- who checks it ------------------------------------------------------------------------

    @attribute(BOOL)
    def in_service(self) -> Attribute:
        """Whether a service keeps its task running, rather than a target now and then."""
        return Attribute(any(one.is_service for one in self._services), self.place)

    @attribute(BOOL)
    def in_worker(self) -> Attribute:
        """Whether a service keeps its task running to which no load balancer leads."""
        answers = [
            negated(_tri(service.get("registered")))
            for service in self._services
            if service.is_service
        ]
        return Attribute(any_of(answers), self.place)

    @cached_property
    def is_target(self) -> Tri:
        """Whether a load balancer checks it and sends it traffic."""
        answers: list[Tri] = []
        name = self.node.get("name").text()
        for service in self._services:
            for binding in service.binding_list:
                mine = same(binding.node.get("container_name").text(), name)
                answers.append(all_of([mine, binding.registers]))
            rest = service.whole.get("load_balancer").elements().rest
            if rest is not None:
                answers.append(unknown(rest))
        return any_of(answers)

    @attribute(BOOL)
    def behind_load_balancer(self) -> Attribute:
        """Whether a load balancer checks it and sends it traffic."""
        return Attribute(self.is_target, self.place)

    @attribute(BOOL)
    def has_health_check(self) -> Attribute:
        """Whether it has a health check of its own."""
        node = self.node.get("healthCheck")
        return Attribute(is_given(node.value), node.place)

    @attribute(BOOL)
    def runs_to_end(self) -> Attribute:
        """Whether another container waits until it has ended: it prepares something."""
        name = self.node.get("name").text()
        answers: list[Tri] = []
        for other in self._task.container_list:
            for dependency in other.node.get("dependsOn").elements():
                mine = same(dependency.get("containerName").text(), name)
                ends = one_of(dependency.get("condition").text(), _ENDS)
                answers.append(all_of([mine, ends]))
        return Attribute(any_of(answers), self.place)

    # ---- how it stops -------------------------------------------------------------------------

    @attribute(BOOL)
    def on_spot(self) -> Attribute:
        """Whether a service runs its task on FARGATE_SPOT."""
        return self._task.read("on_spot")

    @attribute(BOOL)
    def has_init_process(self) -> Attribute:
        """Whether an init process passes signals on (initProcessEnabled)."""
        node = self.node.get("linuxParameters").get("initProcessEnabled")
        return Attribute(node.flag(), node.place)

    @attribute(BOOL)
    def wrapped_in_shell(self) -> Attribute:
        """Whether a shell runs its command and does not pass signals on: `sh -c` without exec."""
        entry, command = self.node.get("entryPoint"), self.node.get("command")
        words: list[Value] = [each.text() for node in (entry, command) for each in node.elements()]
        place = command.place if list(command.elements()) else entry.place
        return Attribute(_is_wrapped(words), place)

    # ---- its logs -----------------------------------------------------------------------------

    @attribute(STRING, nullable=True)
    def log_mode(self) -> Attribute:
        """What it does when its logs cannot be delivered: `blocking` or `non-blocking`.

        Null where nothing is written: the default of the account, non-blocking since 2025-06-25.
        """
        return self._log_option("mode")

    @attribute(STRING, nullable=True)
    def log_buffer(self) -> Attribute:
        """How much it keeps of logs that cannot be delivered (max-buffer-size)."""
        return self._log_option("max-buffer-size")

    def _log_option(self, name: str) -> Attribute:
        options = self.node.get("logConfiguration").get("options")
        return options.get(name).attribute(STRING)


def _is_wrapped(words: list[Value]) -> Tri:
    if not words:
        return False
    first = known_text(words[0])
    if first is None:
        return unknown(words[0]) if isinstance(plain(words[0]), Unknown) else False
    if first.rpartition("/")[2] not in _SHELLS or len(words) < 3:
        return False
    if known_text(words[1]) not in ("-c", "-ec", "-lc"):
        return False
    script = plain(words[2])
    text = script.prefix if isinstance(script, Unknown) else str(script)
    if text.lstrip().startswith("exec ") or "exec " in text:
        return False
    return unknown(script) if isinstance(script, Unknown) else True


def _tri(value: Value) -> Tri:
    bare = plain(value)
    return bare if isinstance(bare, (bool, Unknown)) else False
