"""Whether a task is larger than what its containers reserve."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER
from fglint.evaluation.values import NULL, Unknown, Value, plain
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.logic import Tri, all_of, any_of, unknown
from fglint.model.reading import whole_number
from fglint.provider.fargate_sizes import SIZES, memories

if TYPE_CHECKING:
    from fglint.model.task import Task


class Sizing(Entity):
    """The parts of a task that compare its size with its containers'."""

    @attribute(BOOL)
    def reserves_all(self) -> Attribute:
        """Whether each container says how much CPU and memory it takes."""
        task = cast("Task", self)
        answers: list[Tri] = [] if task.unread is None else [task.unread]
        for container in task.container_list:
            cpu = container.get("cpu")
            memory = [container.get("memory"), container.get("memory_reservation")]
            answers.extend((_says(cpu), any_of(map(_says, memory))))
        return Attribute(all_of(answers) if answers else False, self.place)

    @attribute(NUMBER, nullable=True)
    def fitting_cpu(self) -> Attribute:
        """The CPU units of the smallest size that holds what its containers reserve."""
        return self._fitting(0)

    @attribute(NUMBER, nullable=True)
    def fitting_memory(self) -> Attribute:
        """The memory in MiB of the smallest size that holds what its containers reserve."""
        return self._fitting(1)

    @attribute(NUMBER, nullable=True)
    def next_cpu(self) -> Attribute:
        """The CPU units of the smallest size on sale that is not below its own; null for none."""
        return self._next(0)

    @attribute(NUMBER, nullable=True)
    def next_memory(self) -> Attribute:
        """The memory in MiB of the smallest size on sale that is not below its own; else null."""
        return self._next(1)

    def _next(self, index: int) -> Attribute:
        """A part of the smallest size that holds what the task has, or else its containers."""
        task = cast("Task", self)
        values = [self.get(name) for name in ("cpu", "memory")]
        if any(isinstance(plain(value), Unknown) for value in values):
            return Attribute(NULL, self.place)
        reserved = [self.get(name) for name in ("reserved_cpu", "reserved_memory")]
        cpu, memory = (
            whole_number(needed if is_null(value) else value) or 0
            for value, needed in zip(values, reserved, strict=True)
        )
        for units in SIZES:
            sold = memories(units, windows=task.get("windows") is True)
            fitting = [amount for amount in sold if amount >= memory]
            if units >= cpu and fitting:
                return Attribute((units, fitting[0])[index], self.place)
        return Attribute(NULL, self.place)

    def _fitting(self, index: int) -> Attribute:
        needed = [self.get("reserved_cpu"), self.get("reserved_memory")]
        cpu, memory = (whole_number(each) for each in needed)
        if cpu is None or memory is None:
            return Attribute(Unknown(NUMBER, unknown(*needed).origins), self.place)
        for units, amounts in SIZES.items():
            fitting = [amount for amount in amounts if amount >= memory]
            if units >= cpu and fitting:
                return Attribute((units, fitting[0])[index], self.place)
        return Attribute(NULL, self.place)


def _says(value: Value) -> Tri:
    bare = plain(value)
    return unknown(bare) if isinstance(bare, Unknown) else not is_null(bare)
