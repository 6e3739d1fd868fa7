"""Judges subjects: each rule over all entities of its kind, with four verdicts and their causes.

An assert gives one verdict for the subject, or one for each element of its for_each. A subject's
verdict is the worst of them: fail, then unknown, then pass. Where there is none, a rule whose
`when` says that it applies passes, and any other is not applicable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property

from fglint.configuration.scopes import ModuleCall
from fglint.diagnostic import Diagnostic
from fglint.evaluation.convert import convert
from fglint.evaluation.elements import elements_of
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import origins_of
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import BOOL
from fglint.evaluation.values import Null, Presence, Union, Unknown, Value, plain
from fglint.finding import CRITERIA, Finding, Verdict
from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.policy import evidence, fixing
from fglint.policy.assumptions import defaults_judged
from fglint.policy.flow import Flows
from fglint.policy.rule import Assert, Rule
from fglint.policy.scope import Each, RuleContext, SubjectScope
from fglint.policy.supersession import Found, not_superseded, part_of
from fglint.policy.wording import causes, message
from fglint.records import dataclass
from fglint.source import Range

SCORED = frozenset(name for names in CRITERIA.values() for name in names)
_ORDER = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one assert says of a subject, or of one element of its for_each."""

    verdict: Verdict
    origins: tuple[Origin, ...] = ()
    statement: Assert | None = None
    scope: SubjectScope | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A rule's verdict of a subject and the answers that led to it."""

    rule: Rule
    subject: Entity
    verdict: Verdict
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What rules say of a deployment.

    `broken` holds the names of rules that erred and `diagnostics` how; what they said of other
    subjects stands.
    """

    judgements: tuple[Judgement, ...]
    findings: tuple[Finding, ...]
    counts: dict[str, dict[Verdict, int]]
    broken: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict that counts: fail, then unknown, then pass, then not applicable."""
    return min(verdicts, key=_ORDER.index, default=Verdict.NOT_APPLICABLE)


def judge(
    deployment: Deployment,
    rules: Sequence[Rule],
    options: Mapping[str, Mapping[str, Value]] | None = None,
    concerns: Callable[[Entity], bool] | None = None,
) -> Outcome:
    """The verdicts of all rules over a deployment, and the findings of what fails or is unknown.

    `options` are the values that settings give to rules' options, by rule and option name.
    `concerns` tells which subjects are judged; None for all.
    """
    judge = _Judge(deployment, concerns)
    for rule in rules:
        judge.run(rule, (options or {}).get(rule.name, {}))
    return judge.outcome()


@dataclass
class _Judge:
    deployment: Deployment
    concerns: Callable[[Entity], bool] | None = None
    judgements: list[Judgement] = field(default_factory=list)
    findings: list[Found] = field(default_factory=list)
    counts: dict[str, dict[Verdict, int]] = field(default_factory=dict)
    broken: dict[str, Diagnostic] = field(default_factory=dict)

    @cached_property
    def flows(self) -> Flows:
        """The ways to what is found."""
        return Flows(self.deployment)

    def run(self, rule: Rule, options: Mapping[str, Value]) -> None:
        """Judges all subjects of a rule."""
        context = RuleContext(self.deployment)
        values = option_values(rule, options)
        counts = self.counts[rule.name] = dict.fromkeys(Verdict, 0)
        for subject in self.deployment.subjects(rule.kind):
            if self.concerns is not None and not self.concerns(subject):
                continue
            scope = SubjectScope(rule, subject, values, context)
            try:
                judgement = self._settled(judge_subject(scope))
                findings = list(_findings(judgement, self.flows))
            except EvaluationError as error:
                self._broke(rule, subject, error)
                continue
            counts[judgement.verdict] += 1
            self.judgements.append(judgement)
            self.findings.extend(findings)

    def _settled(self, judgement: Judgement) -> Judgement:
        """What a stand-in does not say may be in its module: only what the call writes can fail.

        The rules of the scorecard read what modules document; the others read of a stand-in's
        resources what no documentation tells, too: lifecycles, waits, companions. Of what may not
        run on Fargate nothing fails.
        """
        if judgement.verdict is not Verdict.FAIL:
            return judgement
        doubt = judgement.subject.off_fargate
        if doubt is not None:
            origins = doubt.origins
            answers = tuple(_doubted(answer, origins) for answer in judgement.answers)
        elif judgement.rule.name in SCORED:
            return judgement
        else:
            answers = tuple(map(self._settled_answer, judgement.answers))
        verdict = worst([answer.verdict for answer in answers])
        return replace(judgement, answers=answers, verdict=verdict)

    def _settled_answer(self, answer: Answer) -> Answer:
        statement, scope = answer.statement, answer.scope
        if answer.verdict is not Verdict.FAIL or statement is None or scope is None:
            return answer
        configuration = self.deployment.configuration
        found = evidence.gather(statement, scope)
        read = (scope.subject, *found.entities)
        calls = dict.fromkeys(configuration.stand_in_at(entity.address) for entity in read)
        doubts = [call for call in calls if call is not None and not _writes(call, found.range)]
        if not doubts:
            return answer
        origins = tuple(Origin("module", call.address, because=call.because) for call in doubts)
        return Answer(Verdict.UNKNOWN, origins, statement, scope)

    def _broke(self, rule: Rule, subject: Entity, error: EvaluationError) -> None:
        text = f"{error.summary}: {error.detail}" if error.detail else error.summary
        detail = f"{rule.name} cannot judge {subject}: {text}"
        at = error.range or rule.range
        self.broken.setdefault(rule.name, Diagnostic("error", "Error in rule", detail, at))

    def outcome(self) -> Outcome:
        """All that was found, findings in their order."""
        supersedes = {one.rule.name: one.rule.supersedes for one in self.judgements}
        kept = not_superseded(self.findings, supersedes)
        surfaced = (evidence.surfaced(each, self.deployment.configuration) for each in kept)
        findings = sorted(_distinct(surfaced), key=_sort_key)
        return Outcome(
            tuple(self.judgements),
            tuple(findings),
            self.counts,
            tuple(self.broken),
            tuple(self.broken.values()),
        )


def _distinct(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, each once: two subjects may say the very same of one place."""
    seen: set[tuple[object, ...]] = set()
    for one in findings:
        about = (one.rule, one.address, one.subject, one.range)
        key = (*about, one.verdict, one.severity, one.message)
        if key not in seen:
            seen.add(key)
            yield one


def _doubted(answer: Answer, origins: tuple[Origin, ...]) -> Answer:
    if answer.verdict is not Verdict.FAIL:
        return answer
    return Answer(Verdict.UNKNOWN, origins, answer.statement, answer.scope)


def _writes(call: ModuleCall, at: Range) -> bool:
    """Whether a place is in the arguments of a call."""
    body = call.declaration.block.body
    return at.source is body.source and body.start <= at.start and at.end <= body.end


def _sort_key(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.sort_key


def option_values(rule: Rule, given: Mapping[str, Value]) -> dict[str, Value]:
    """The values of a rule's options by the names that its conditions read."""
    return {o.attribute: given.get(o.name, o.default) for o in rule.options}


# ---- one subject ------------------------------------------------------------------------------


def judge_subject(scope: SubjectScope) -> Judgement:
    """The verdict of one rule of one subject; EvaluationError where the rule errs."""
    rule = scope.rule
    applies = True
    doubts: tuple[Origin, ...] = ()
    if rule.when is not None:
        verdict, doubts = _decide(rule.compiler.evaluate(rule.when.node, scope))
        if verdict is Verdict.FAIL:
            return Judgement(rule, scope.subject, Verdict.NOT_APPLICABLE, ())
        applies = verdict is Verdict.PASS
    answers: list[Answer] = []
    for statement in rule.asserts:
        for answer in _answers(statement, scope):
            if not applies and answer.verdict is not Verdict.PASS:
                answer = Answer(Verdict.UNKNOWN, doubts, statement, answer.scope)
            answers.append(answer)
    verdict = worst([answer.verdict for answer in answers])
    if not answers and rule.when is not None and applies:
        verdict = Verdict.PASS  # it applies, and there is nothing that could be wrong
    return Judgement(rule, scope.subject, verdict, tuple(answers))


def _answers(statement: Assert, scope: SubjectScope) -> Iterator[Answer]:
    evaluate = scope.rule.compiler.evaluate
    if statement.for_each is None:
        verdict, origins = _decide(evaluate(statement.condition.node, scope))
        yield Answer(verdict, origins, statement, scope)
        return
    collection = evaluate(statement.for_each.node, scope)
    if isinstance(plain(collection), Null):
        return
    for key, value, presence in elements_of(collection):
        inner = scope.at(Each(key, value))
        verdict, origins = _decide(evaluate(statement.condition.node, inner))
        if presence is not Presence.ONE and verdict is Verdict.FAIL:
            verdict, origins = Verdict.UNKNOWN, origins_of(collection)
        yield Answer(verdict, origins, statement, inner)


def _decide(condition: Value) -> tuple[Verdict, tuple[Origin, ...]]:
    """Pass, fail or unknown, and why it is unknown."""
    bare = plain(condition)
    if isinstance(bare, Null):
        raise EvaluationError("Invalid condition", "it is null; compare with null first")
    if not isinstance(bare, bool):
        bare = plain(convert(bare, BOOL))
    if isinstance(bare, Unknown):
        if isinstance(bare.content, Union):
            leaves = {_decide(leaf)[0] for leaf in bare.content.leaves}
            if len(leaves) == 1:
                return leaves.pop(), bare.origins
        return Verdict.UNKNOWN, bare.origins
    return (Verdict.PASS if bare else Verdict.FAIL), ()


# ---- findings ---------------------------------------------------------------------------------


def _findings(judgement: Judgement, flows: Flows) -> Iterator[Found]:
    unknown: dict[tuple[Origin, ...], None] = {}
    for answer in judgement.answers:
        if answer.verdict is Verdict.FAIL:
            found = _found(judgement, answer)
            flow = flows.of(judgement.rule.name, judgement.subject, answer)
            yield found._replace(finding=replace(found.finding, flow=flow)) if flow else found
        elif answer.verdict is Verdict.UNKNOWN and answer.origins not in unknown:
            unknown[answer.origins] = None
            yield _found(judgement, answer)


def finding_of(judgement: Judgement, answer: Answer) -> Finding:
    """What is said of an answer that is fail or unknown."""
    return _found(judgement, answer).finding


def _found(judgement: Judgement, answer: Answer) -> Found:
    rule, subject = judgement.rule, judgement.subject
    statement, scope = answer.statement, answer.scope
    assert statement is not None and scope is not None
    failed = answer.verdict is Verdict.FAIL
    found = evidence.gather(statement, scope)
    if failed:
        text = message(rule, statement.error_message.node, scope)
        provisos = _provisos(statement, scope, found.range)
        text = f"{text.rstrip('.')} ({', '.join(provisos)})." if provisos else text
        own = statement.remedy
        remedy = rule.remedy if own is None else message(rule, own.node, scope)
    else:
        text, remedy = rule.summary, ""
    finding = Finding(
        rule=rule.name,
        verdict=answer.verdict,
        severity=statement.severity or rule.severity,
        message=text,
        remedy=remedy,
        address=found.address,
        subject=subject.subject,
        range=found.range,
        because=None if failed else causes(answer.origins),
        values=found.values if failed else (),
        related=found.related(answer.origins),
        secret=(found.range,) if subject.confidential and found.range != subject.header else (),
        fix=fixing.fix_of(statement, scope) if failed else None,
    )
    return Found(finding, part_of(scope), frozenset(each.address for each in found.entities))


def _provisos(statement: Assert, scope: SubjectScope, at: Range) -> list[str]:
    """What a failure depends on beside what is written."""
    context = scope.context
    defaults: list[str] = []
    if isinstance(context, RuleContext) and context.deployment is not None:
        defaults = defaults_judged(statement, scope, at, context.deployment.configuration)
    *others, last = defaults or [""]
    names = f"s of {', '.join(others)} and {last}" if others else f" of {last}"
    found = [f"with the default{names}"] if defaults else []
    return [*found, "if it is created"] if scope.subject.maybe else found
