"""The way that leads to what a finding is about: from clients, or from the network of a task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from fglint.finding import Related
from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.model.hop import Hop
from fglint.model.trace import Trace, trace
from fglint.policy.steps import STEPS, place_of, sentence
from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.policy.check import Answer

# What is wrong there shows only by what leads there: a way of two places, or of more.
_ON_THE_WAY = frozenset(
    {
        "listener", "certificate", "rule", "target_group", "security_groups", "container_port",
        "subnet", "route",
    }
)  # fmt: skip


@dataclass(eq=False)
class Flows:
    """The ways of one deployment; the trace of a service is made when a finding needs it."""

    deployment: Deployment
    _traces: dict[Entity, Trace] = field(default_factory=dict)

    def of(self, rule: str, subject: Entity, answer: Answer) -> tuple[Related, ...]:
        """The places on the way, in its order; none where there is no way to tell."""
        if rule not in STEPS:
            return ()
        for hops in self._paths():
            judged = [hop for hop in hops if subject in hop.subjects]
            if judged:
                hop = place_of(rule, answer, judged)
                found = self._places(hops, hop) if hop.step in _ON_THE_WAY else []
                return tuple(found) if len(found) > 1 else ()
        return ()

    def _paths(self) -> Iterator[tuple[Hop, ...]]:
        for service in self.deployment.services:
            if service.runs_on_fargate is not False:
                if service not in self._traces:
                    self._traces[service] = trace(service)
                yield self._traces[service].traffic
                yield self._traces[service].start

    def _places(self, hops: Sequence[Hop], last: Hop) -> list[Related]:
        """Of each step before a hop the nearest one: those before it lead elsewhere."""
        way = [last]
        for hop in reversed(hops[: hops.index(last)]):
            if all(hop.step != other.step for other in way):
                way.insert(0, hop)
        found: dict[tuple[str, int], Related] = {}
        for hop in way:
            if hop.place is not None:
                place = self.deployment.configuration.surface(hop.address, hop.place)
                step = Related(sentence(hop.words), place, hop.address)
                found.setdefault((place.path, place.start), step)
        return list(found.values())
