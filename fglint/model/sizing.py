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
    def sold_memory(self) -> Attribute:
        """The least memory in MiB, not below its own, that is sold with its CPU units, if any."""
        task = cast("Task", self)
        cpu, memory = (whole_number(self.get(name)) for name in ("cpu", "memory"))
        needed = max(memory or 0, whole_number(self.get("reserved_memory")) or 0)
        sold = () if cpu is None else memories(cpu, windows=task.get("windows") is True)
        fitting = [amount for amount in sold if amount >= needed]
        return Attribute(fitting[0] if fitting else NULL, self.place)

    @attribute(NUMBER, nullable=True)
    def sold_cpu(self) -> Attribute:
        """The fewest CPU units, not below its own, that are sold with its memory, if any are."""
        task = cast("Task", self)
        cpu, memory = (whole_number(self.get(name)) for name in ("cpu", "memory"))
        needed = max(cpu or 0, whole_number(self.get("reserved_cpu")) or 0)
        windows = task.get("windows") is True
        fitting = [u for u in SIZES if u >= needed and memory in memories(u, windows=windows)]
        return Attribute(fitting[0] if fitting else NULL, self.place)

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
