"""The life of a task as a path: from clients to its container, and from its subnet to its start.

A trace tells what stands at each hop and which entities are judged there; what is right and what
is wrong is the rules' to say. Where no rule judges a hop, its own fact counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from fglint.evaluation.values import Value
from fglint.model import inbound, startup
from fglint.model.entity import Entity
from fglint.model.hop import Hop
from fglint.model.service import Service
from fglint.records import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """The two paths of a service or run target; `headline` says what runs what."""

    service: Service
    headline: tuple[Value, ...]
    traffic: tuple[Hop, ...]
    start: tuple[Hop, ...]

    @property
    def hops(self) -> Iterator[Hop]:
        """All hops in their order."""
        yield from self.traffic
        yield from self.start


def trace(service: Service) -> Trace:
    """The paths of one service or run target."""
    return Trace(
        service,
        _headline(service),
        tuple(inbound.hops(service)),
        tuple(startup.hops(service)),
    )


def _headline(service: Service) -> tuple[Value, ...]:
    task, cause = service.task_link
    what: Value = "a task definition that is not named"
    if isinstance(task, Entity):
        what = task
    elif cause is not None:
        what = cause
    where = service.read("fargate").value
    runs = {True: " on Fargate", False: ", not on Fargate"}
    return ("runs ", what, runs.get(where is True, "") if isinstance(where, bool) else "")
