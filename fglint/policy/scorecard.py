"""The production criteria of each service, decided by the rules that `finding.CRITERIA` names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fglint.finding import CRITERIA, Finding, ServiceScore, Verdict
from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.model.service import Service
from fglint.policy.check import Judgement, worst

# What is judged by the task definition: not known where that lies outside the configuration.
_OF_TASKS = ("secrets", "execution_role")


def score(
    deployment: Deployment, judgements: Sequence[Judgement], findings: Sequence[Finding]
) -> tuple[ServiceScore, ...]:
    """One row for each service and run target that runs, or may run, on Fargate."""
    by_part = _by_part(judgements)
    rows = [
        _row(service, by_part, findings)
        for service in deployment.services
        if service.runs_on_fargate is not False
    ]
    return tuple(sorted(rows, key=lambda row: row.service))


def _by_part(judgements: Sequence[Judgement]) -> dict[int, list[Judgement]]:
    """The judgements that decide criteria, by the `id()` of each entity that they are part of."""
    deciding = {rule for rules in CRITERIA.values() for rule in rules}
    found: dict[int, list[Judgement]] = {}
    for judgement in judgements:
        if judgement.rule.name in deciding:
            for part in _upwards(judgement.subject):
                found.setdefault(id(part), []).append(judgement)
    return found


def _row(
    service: Service, by_part: dict[int, list[Judgement]], findings: Sequence[Finding]
) -> ServiceScore:
    about = [*by_part.get(id(service), ()), *by_part.get(id(service.task), ())]
    criteria = {
        name: worst([one.verdict for one in about if one.rule.name in rules])
        for name, rules in CRITERIA.items()
    }
    if service.task is None and service.task_link[1] is not None:
        for name in _OF_TASKS:
            criteria[name] = worst([criteria[name], Verdict.UNKNOWN])
    suppressed = tuple(
        name
        for name, rules in CRITERIA.items()
        if criteria[name] is Verdict.FAIL and _all_suppressed(service, about, rules, findings)
    )
    shown = service.deployment.configuration.shown(service.address)
    return ServiceScore(shown, criteria, suppressed)


def _upwards(subject: Entity | None) -> Iterator[Entity]:
    while subject is not None:
        yield subject
        subject = subject.part_of


def _all_suppressed(
    service: Service, about: Sequence[Judgement], rules: Sequence[str], findings: Sequence[Finding]
) -> bool:
    shown = service.deployment.configuration.shown
    failing = {
        (one.rule.name, shown(one.subject.address), one.subject.subject)
        for one in about
        if one.rule.name in rules and one.verdict is Verdict.FAIL
    }
    counted = [
        one
        for one in findings
        if (one.rule, one.address, one.subject) in failing and one.verdict is Verdict.FAIL
    ]
    return bool(counted) and all(one.suppressed is not None for one in counted)
