"""Runs the examples of rules: small configurations and the verdicts that the rule must give.

An example builds on a stack where it names one: its blocks override those of the same address, as
Terraform's override files do, others are added, and `removed { from = ADDRESS }` takes one away.
Ranges in an example are those of the rule file, so that a comment `# fails` marks the line at
which a finding must stand.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from fglint.configuration.loader import load
from fglint.configuration.session import LoadOptions
from fglint.evaluation.values import NULL
from fglint.finding import Finding, Verdict
from fglint.model.deployment import Deployment
from fglint.model.entity import Attribute, Entity
from fglint.policy.check import Judgement, Outcome, judge, worst
from fglint.policy.loader import STACKS, read_examples
from fglint.policy.mistakes import RuleError, did_you_mean
from fglint.policy.rule import Example, Rule
from fglint.records import dataclass
from fglint.source import Files, SourceFile
from fglint.syntax import parse
from fglint.syntax.nodes import Block, Literal

_MARK = re.compile(r"#\s*fails\b")
_FILES = {"stack": "a_stack.tf", "added": "b_example.tf", "overriding": "c_override.tf"}
_OWN_BLOCKS = ("removed", "options")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one example: no problems means that the rule does what it says."""

    rule: Rule
    example: Example
    problems: tuple[str, ...]
    failed: frozenset[int] = frozenset()  # the rule's asserts, by index, that were false


def run(rule: Rule, files: Files | None = None) -> Iterator[Result]:
    """Runs all examples of a rule; RuleError where one is malformed."""
    files = files or Files()
    for example in read_examples(rule, files):
        yield run_example(rule, example, files)


def run_example(rule: Rule, example: Example, files: Files) -> Result:
    """Runs one example."""
    deployment, errors = deploy(rule, example, files)
    outcome = judge(deployment, [rule], {rule.name: example.options})
    problems = [*errors, *_problems(rule, example, outcome)]
    problems.extend(_probe(deployment, rule, example))
    failed = {
        rule.asserts.index(answer.statement)
        for judgement in outcome.judgements
        for answer in judgement.answers
        if answer.verdict is Verdict.FAIL and answer.statement is not None
    }
    return Result(rule, example, tuple(problems), frozenset(failed))


def _problems(rule: Rule, example: Example, outcome: Outcome) -> Iterator[str]:
    for diagnostic in outcome.diagnostics:
        yield f"{diagnostic.range}: {diagnostic.detail}"
    verdict = _verdict(outcome.judgements)
    if verdict is not example.verdict:
        yield f"expected {example.verdict.value}, got {verdict.value}{_reasons(outcome)}"
    if example.verdict is Verdict.FAIL:
        expected = _marked_lines(example)
        failing = [f for f in outcome.findings if f.verdict is Verdict.FAIL]
        found = sorted({f.range.begin.line for f in failing if f.range.path == rule.source.path})
        if expected != found and expected != sorted({*found, *_overridden(example, failing)}):
            yield f"expected findings at lines {expected}, got {_places(failing)}"


def _overridden(example: Example, findings: list[Finding]) -> Iterator[int]:
    """The lines of blocks that override what findings stand at: in the stack is its own block."""
    lines = {_address(each): each.header().begin.line for each in example.block.body.blocks}
    for finding in findings:
        address = finding.address.partition("[")[0]
        if finding.range.path != example.range.path and address in lines:
            yield lines[address]


def _verdict(judgements: tuple[Judgement, ...]) -> Verdict:
    return worst([one.verdict for one in judgements])


def _reasons(outcome: Outcome) -> str:
    texts = [f"\n    {f.range}: {f.because or f.message}" for f in outcome.findings]
    return "".join(texts)


def _places(findings: list[Finding]) -> str:
    return ", ".join(f"{f.range} ({f.message})" for f in findings) or "none"


def _marked_lines(example: Example) -> list[int]:
    source = example.block.body.source
    first, last = example.range.begin.line, source.position(example.block.end).line
    return [n for n in range(first, last + 1) if _MARK.search(source.line(n))]


# ---- the configuration of an example ----------------------------------------------------------


def deploy(
    rule: Rule, example: Example, files: Files, options: LoadOptions | None = None
) -> tuple[Deployment, list[str]]:
    """The deployment that an example describes, and what is wrong with its Terraform."""
    source = example.block.body.source
    stack = _stack(rule, example, files)
    blocks = [each for each in example.block.body.blocks if each.type not in _OWN_BLOCKS]
    known = {_address(each) for each in stack.blocks}
    overriding = [each for each in blocks if _address(each) in known and each.type != "locals"]
    added = [each for each in blocks if each not in overriding]
    directory = rule.path.parent / ".example"
    texts = {
        "stack": stack.text,
        "added": _only(source, added),
        "overriding": _only(source, overriding),
    }
    shown = {"stack": stack.path, "added": source.path, "overriding": source.path}
    virtual = _VirtualFiles(directory, {_FILES[role]: (shown[role], texts[role]) for role in texts})
    configuration = load(directory, virtual, options)
    errors = [
        f"{each.range or source.path}: {each.summary}: {each.detail}"
        for each in configuration.diagnostics
        if each.severity == "error"
    ]
    return Deployment(configuration), errors


class _VirtualFiles(Files):
    """The files of one directory that is not there, shown as other files; nothing else is read."""

    def __init__(self, directory: Path, texts: dict[str, tuple[str, str]]) -> None:
        self._here = Path(os.path.abspath(directory))
        overlay = {self._here / name: text for name, (_, text) in texts.items() if text}
        super().__init__(overlay=overlay, boundary=self._here)
        self._shown = {self._here / name: path for name, (path, _) in texts.items()}

    def display(self, path: Path) -> str:
        """The rule file or stack that a path stands for."""
        return self._shown.get(path) or super().display(path)

    def names(self, directory: Path) -> list[str]:
        """The names of the files."""
        is_here = Path(os.path.abspath(directory)) == self._here
        return sorted(path.name for path in self.overlay) if is_here else []


@dataclass(frozen=True, slots=True)
class _Stack:
    path: str
    text: str
    blocks: tuple[Block, ...]


def _stack(rule: Rule, example: Example, files: Files) -> _Stack:
    if not example.stack:
        return _Stack("", "", ())
    path = _stack_path(rule, example)
    if not files.exists(path):
        raise RuleError(_no_stack(example.stack), example.range)
    source = files.source(path)
    parsed = parse(source)
    removed = set(_removed(example))
    kept = tuple(block for block in parsed.body.blocks if _address(block) not in removed)
    missing = removed - {_address(block) for block in parsed.body.blocks}
    if missing:
        raise RuleError(f"{min(missing)} is not in {source.path}", example.range)
    return _Stack(source.path, _only(source, kept), kept)


def _no_stack(name: str) -> str:
    from fglint.policy.bundle import rules_directory

    names = [f"fglint:{path.stem}" for path in (rules_directory() / STACKS).glob("*.tf")]
    return f'there is no stack "{name}"{did_you_mean(name, names)}'


def _stack_path(rule: Rule, example: Example) -> Path:
    name = example.stack
    if name.startswith("fglint:"):
        from fglint.policy.bundle import rules_directory

        return rules_directory() / STACKS / f"{name.removeprefix('fglint:')}.tf"
    return rule.path.parent / name


def _removed(example: Example) -> Iterator[str]:
    for block in example.block.body.blocks_of("removed"):
        attribute = block.body.attributes.get("from")
        if attribute is None:
            raise RuleError("removed names an address: from = ADDRESS", block.header())
        node = attribute.expression
        yield block.body.source.text[node.start : node.end]


def _address(block: Block) -> str:
    labels = [label.value for label in block.labels]
    match block.type:
        case "resource":
            return ".".join(labels)
        case "variable":
            return ".".join(["var", *labels])
        case "provider":
            alias = block.body.attributes.get("alias")
            suffix = ""
            if alias is not None and isinstance(alias.expression, Literal):
                suffix = f".{alias.expression.value}"
            return ".".join([block.type, *labels]) + suffix
        case _:
            return ".".join([block.type, *labels])


def _only(source: SourceFile, blocks: list[Block] | tuple[Block, ...]) -> str:
    """The text of a file in which all but these blocks is blank, so that places stay."""
    if not blocks:
        return ""
    pieces: list[str] = []
    at = 0
    for block in sorted(blocks, key=lambda each: each.start):
        pieces.append(_blank(source.text[at : block.start]))
        pieces.append(source.text[block.start : block.end])
        at = block.end
    return "".join(pieces) + "\n"


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


# ---- null and unknown attributes --------------------------------------------------------------


def _probe(deployment: Deployment, rule: Rule, example: Example) -> Iterator[str]:
    """Makes each nullable attribute of the subject null once: no rule may err on that."""
    for subject in deployment.subjects(rule.kind):
        for name in _nullable(subject, rule):
            before = subject.read(name)
            subject.cache[name] = Attribute(NULL, before.place)
            outcome = judge(deployment, [rule], {rule.name: example.options})
            subject.cache[name] = before
            for diagnostic in outcome.diagnostics:
                guard = f"guard it: {rule.kind}.{name} == null || …"
                yield f"where {rule.kind}.{name} is null ({guard}): {diagnostic.detail}"


def _nullable(subject: Entity, rule: Rule) -> list[str]:
    text = rule.source.text
    return [
        name
        for name, schema in type(subject).schema().items()
        if schema.nullable and f"{rule.kind}.{name}" in text
    ]
