"""What rules say of each hop of a trace.

Each answer of a rule counts for one hop: that of its subject and of what its condition reads. A
hop has the worst verdict of its answers; where no rule has judged it, its own fact decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fglint.diagnostic import Diagnostic
from fglint.evaluation.values import Unknown, Value
from fglint.finding import Finding, Verdict
from fglint.graph import Ways
from fglint.model.deployment import Deployment
from fglint.model.hop import Hop
from fglint.model.trace import Trace, trace
from fglint.policy import evidence
from fglint.policy.check import Answer, Judgement, finding_of, judge, worst
from fglint.policy.rule import Rule
from fglint.policy.steps import RULES, STEPS, place_of, sentence
from fglint.policy.wording import because, causes
from fglint.records import dataclass
from fglint.source import Range

__all__ = ["RULES", "JudgedHop", "JudgedTrace", "Traces", "traces"]


@dataclass(frozen=True, slots=True)
class JudgedHop:
    """A hop with its verdict.

    `findings` are what rules say against it, `because` is the cause of an unknown, and `via` the
    locals, variables, outputs and resources on the way here.
    """

    step: str
    text: str
    address: str
    range: Range | None
    verdict: Verdict
    because: str | None = None
    findings: tuple[Finding, ...] = ()
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedTrace:
    """The two paths of a service or run target."""

    service: str
    subject: str
    headline: str
    range: Range | None
    traffic: tuple[JudgedHop, ...]
    start: tuple[JudgedHop, ...]

    @property
    def hops(self) -> tuple[JudgedHop, ...]:
        """All hops in their order."""
        return (*self.traffic, *self.start)

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all hops."""
        return worst([hop.verdict for hop in self.hops])


@dataclass(frozen=True, slots=True)
class Traces:
    """The traces of services, and how rules erred on the way."""

    traces: tuple[JudgedTrace, ...]
    diagnostics: tuple[Diagnostic, ...]


def traces(
    deployment: Deployment,
    rules: Sequence[Rule],
    options: Mapping[str, Mapping[str, Value]],
    addresses: Iterable[str] | None = None,
) -> Traces:
    """The traces of all services and run targets that may run on Fargate, or of some of them."""
    wanted = None if addresses is None else set(addresses)
    tracer = _Tracer(deployment, rules, options)
    found = [
        tracer.judged(trace(service))
        for service in deployment.services
        if (service.runs_on_fargate is not False if wanted is None else service.address in wanted)
    ]
    return Traces(tuple(found), tracer.diagnostics)


class _Tracer:
    """The judgements of all rules that decide steps, and the graph for the ways between hops."""

    def __init__(
        self,
        deployment: Deployment,
        rules: Sequence[Rule],
        options: Mapping[str, Mapping[str, Value]],
    ) -> None:
        self.deployment = deployment
        self.rules = [rule for rule in rules if rule.name in STEPS]
        outcome = judge(deployment, self.rules, options)
        self.diagnostics = outcome.diagnostics
        self._judgements = {(one.rule.name, one.subject): one for one in outcome.judgements}
        self._ways: Ways | None = None

    def judged(self, found: Trace) -> JudgedTrace:
        """A trace with the verdicts of its hops."""
        service = found.service
        answers = self._answers(tuple(found.hops))
        paths = [
            tuple(self._hop(hop, answers.get(id(hop), ())) for hop in hops)
            for hops in (found.traffic, found.start)
        ]
        headline = sentence(found.headline)
        return JudgedTrace(
            service.address, service.subject, headline, service.header, paths[0], paths[1]
        )

    # ---- which answer is for which hop --------------------------------------------------------

    def _answers(self, hops: Sequence[Hop]) -> dict[int, list[tuple[Judgement, Answer]]]:
        found: dict[int, list[tuple[Judgement, Answer]]] = {}
        for rule in self.rules:
            subjects = dict.fromkeys(subject for hop in hops for subject in hop.subjects)
            for subject in subjects:
                judgement = self._judgements.get((rule.name, subject))
                for answer in () if judgement is None else judgement.answers:
                    assert judgement is not None
                    hop = place_of(rule.name, answer, [h for h in hops if subject in h.subjects])
                    found.setdefault(id(hop), []).append((judgement, answer))
        return found

    # ---- one hop ------------------------------------------------------------------------------

    def _hop(self, hop: Hop, answers: Sequence[tuple[Judgement, Answer]]) -> JudgedHop:
        verdict = worst([answer.verdict for _, answer in answers])
        cause: str | None = None
        if verdict is Verdict.NOT_APPLICABLE and hop.fact is not None:
            verdict = Verdict.PASS if hop.fact is True else Verdict.FAIL
            if isinstance(hop.fact, Unknown):
                verdict, cause = Verdict.UNKNOWN, because(hop.fact)
        findings = dict.fromkeys(
            evidence.surfaced(finding_of(judgement, answer), self.deployment.configuration)
            for judgement, answer in answers
            if answer.verdict in (Verdict.FAIL, Verdict.UNKNOWN)
        )
        if verdict is Verdict.UNKNOWN and cause is None:
            doubtful = [answer for _, answer in answers if answer.verdict is Verdict.UNKNOWN]
            cause = causes(origin for answer in doubtful for origin in answer.origins)
        return JudgedHop(
            hop.step,
            sentence(hop.words),
            hop.address,
            hop.place,
            verdict,
            cause,
            tuple(findings),
            self._via(hop),
        )

    def _via(self, hop: Hop) -> tuple[str, ...]:
        if not hop.source or hop.source == hop.address:
            return ()
        if self._ways is None:
            self._ways = Ways(self.deployment.graph)
        return self._ways.between(hop.source, hop.address)
