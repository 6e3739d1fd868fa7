#!/usr/bin/env python3
"""Compares fglint with other tools on their own tests. A command for development.

    peer_suites.py [--checkov REPOSITORY] [--trivy REPOSITORY] [--tfsec REPOSITORY]
                   [--kics REPOSITORY] [--check ID] [--record] [-v]

Each REPOSITORY is a clone, bare or not, of the tool (for trivy: of trivy-checks). Each block of
which a test says that it passes or fails is put into a service on Fargate, since it stands there
alone, and judged by the rules that name the check in `same_as`. Printed are the verdicts that
differ, with -v also what is not judged, and counts. `--record` writes them for docs/coverage.md.
What differs, and is not explained in tools/peer_verdicts.toml, gives status 1.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import coverage
import peer_cases
import peer_figures
from coverage import Check
from peer_cases import Case, declared, isolated
from peer_checkov import checkov
from peer_deployment import PROVIDER, place

from fglint.configuration.loader import Configuration, load
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.values import plain
from fglint.finding import Verdict
from fglint.model.deployment import Deployment
from fglint.policy.check import Answer, Judgement, judge, worst
from fglint.policy.rule import Assert, Rule
from fglint.source import Files, SourceFile
from fglint.syntax import parse_expression

# Where in its repository a tool keeps its checks and their tests.
SUITES = {
    "checkov": ("checkov/terraform/checks", "tests/terraform"),
    "trivy": ("checks/cloud/aws",),
    "tfsec": ("docs/checks/aws",),
    "kics": ("assets/queries/terraform/aws", "assets/queries/common"),
}
_HERE = Path(os.path.abspath("peer"))
_MISSING = re.compile(r"(\S+) is not declared in this module")
# An empty document would say that nothing is allowed.
_NEVER_EMPTY = ("aws_iam_policy_document",)


@dataclass(frozen=True)
class Compared:
    """A case and what fglint says of it; `messages` are those of its findings.

    `elsewhere` tells that no entity of the deployment stands where the case's blocks do, `refused`
    that Terraform or AWS takes no such configuration.
    """

    case: Case
    verdict: Verdict
    elsewhere: bool = False
    refused: bool = False
    messages: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """One of peer_figures.OUTCOMES: agree, disagree, or why the case is not judged."""
        if self.refused:
            return "refused"
        if self.verdict in (Verdict.PASS, Verdict.FAIL):
            return "agree" if self.verdict.value == self.case.expected else "disagree"
        if self.verdict is Verdict.NOT_APPLICABLE:
            return "elsewhere" if self.elsewhere else "not applicable"
        return "unknown"

    @property
    def differs(self) -> bool:
        """Whether the tools say something else: a silence where the other fails is that, too."""
        silent = self.outcome == "not applicable" and self.case.expected == "fail"
        return silent or self.outcome == "disagree"


class _Case(Files):
    """The files of a case in one directory that is not there; nothing else is read."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__(overlay={_HERE / name: t for name, t in texts.items()}, boundary=_HERE)

    def names(self, directory: Path) -> list[str]:
        """The names of the files."""
        is_here = Path(os.path.abspath(directory)) == _HERE
        return sorted(path.name for path in self.overlay) if is_here else []


# ---- one case ---------------------------------------------------------------------------------


def compare(case: Case, check: Check) -> Compared:
    """What fglint says of a case: the worst verdict of its targets."""
    found = [_judge(case, address, check) for address in case.targets]
    return Compared(
        case,
        worst([each.verdict for each in found]),
        elsewhere=all(each.elsewhere for each in found),
        refused=all(peer_figures.is_refused(case, address) for address in case.targets),
        messages=tuple(dict.fromkeys(message for each in found for message in each.messages)),
    )


def _judge(case: Case, address: str, check: Check) -> Compared:
    files = isolated(case.files, address)
    blocks = [block for text in files.values() for block in declared(text)]
    (target,) = (block for block in blocks if block.address == address)
    placed = place(target, blocks, check)
    if not any('provider "aws"' in text for text in files.values()):
        files["fglint_provider.tf"] = PROVIDER
    deployment = Deployment(_completed({**files, **placed.files}))
    outcome = judge(deployment, check.rules, check.options)
    shown = [each for each in outcome.judgements if _is_at(each.subject.address, placed.shown)]
    verdict = worst([_verdict(each, check) for each in shown])
    messages = [
        f"{finding.rule}: {finding.because or finding.message}"
        for finding in outcome.findings
        if _is_at(finding.address, placed.shown) and finding.verdict is verdict
    ]
    return Compared(case, verdict, elsewhere=not shown, messages=tuple(messages))


def _completed(files: Mapping[str, str]) -> Configuration:
    """The configuration, with empty blocks for what a fragment refers to and does not declare."""
    configuration = load(_HERE, _Case(files))
    found = [_MISSING.match(diagnostic.detail) for diagnostic in configuration.diagnostics]
    missing = sorted({each[1] for each in found if each})
    text = "".join(_declaration(each) for each in missing)
    return load(_HERE, _Case({**files, "fglint_missing.tf": text})) if text else configuration


def _declaration(address: str) -> str:
    kind, _, rest = address.partition(".")
    match kind:
        case "var":
            return f'variable "{rest}" {{}}\n'
        case "local":
            return f'variable "fglint_{rest}" {{}}\nlocals {{ {rest} = var.fglint_{rest} }}\n'
        case "data":
            type_, _, name = rest.partition(".")
            return "" if type_ in _NEVER_EMPTY else f'data "{type_}" "{name}" {{}}\n'
        case "module":
            return ""
    return f'resource "{kind}" "{rest}" {{}}\n'


def _verdict(judgement: Judgement, check: Check) -> Verdict:
    """The verdict of those answers that are about what the check looks at.

    Where the rule says something, but nothing of that, nothing is wrong with it.
    """
    about = [a.verdict for a in judgement.answers if _is_about(a, check, judgement.rule)]
    return worst(about) if about or not judgement.answers else Verdict.PASS


def _is_about(answer: Answer, check: Check, rule: Rule) -> bool:
    if answer.statement is None or answer.scope is None:
        return False
    if not re.search(check.asserts, condition_of(answer.statement)):
        return False
    condition, _ = parse_expression(SourceFile("where", check.where or "true"))
    try:
        return plain(rule.compiler.evaluate(condition, answer.scope)) is not False
    except EvaluationError:  # another rule's words
        return True


def condition_of(statement: Assert) -> str:
    """The text of an assert's condition, after that of its for_each."""
    parts = [each for each in (statement.for_each, statement.condition) if each is not None]
    return "\n".join(part.source.text[part.node.start : part.node.end] for part in parts)


def _is_at(address: str, shown: Iterable[str]) -> bool:
    return any(
        address == one or (address.startswith(one) and address[len(one)] in " [.:(")
        for one in shown
    )


# ---- all cases --------------------------------------------------------------------------------


def unpacked(tool: str, repository: Path, to: Path) -> Path:
    """The directory with a tool's checks and tests, from the newest commit of its repository."""
    git = ["git", "-C", str(repository), "archive", "HEAD", *SUITES[tool]]
    done = subprocess.run(git, check=False, capture_output=True)
    if done.returncode:
        sys.exit(f"{repository} does not give the tests of {tool}: {done.stderr.decode().strip()}")
    directory = to / tool
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tar:
        tar.extractall(directory, filter="data")
    return directory


def version(repository: Path) -> str:
    """The newest commit of a repository and its day."""
    git = ["git", "-C", str(repository), "log", "-1", "--format=%h of %cs", "--abbrev=7", "HEAD"]
    return subprocess.run(git, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def cases(tool: str, directory: Path, checks: Iterable[Check]) -> Iterator[Case]:
    """The cases of a tool's suite that its checks in the list have."""
    own = {check.id: check.types for check in checks if check.tool == tool}
    match tool:
        case "checkov":
            found = checkov(directory)
        case "trivy":
            found = peer_cases.trivy(directory, own)
        case "tfsec":
            found = peer_cases.tfsec(directory, own)
        case _:
            found = peer_cases.kics(directory, own)
    return (case for case in found if case.check in own)


def main(arguments: list[str] | None = None) -> int:
    """Compares, prints, and says whether anything differs unexplained."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    for tool in SUITES:
        parser.add_argument(f"--{tool}", type=Path, metavar="REPOSITORY")
    parser.add_argument("--check", help="only this check")
    parser.add_argument("--record", action="store_true", help="write the counts")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what is not judged")
    options = parser.parse_args(arguments)
    mapped = {(check.tool, check.id): check for check in coverage.checks() if check.rules}
    given = {tool: path for tool in SUITES if (path := getattr(options, tool))}
    results: dict[str, list[Compared]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for tool, repository in given.items():
            directory = unpacked(tool, repository, Path(temporary))
            results[tool] = [
                compare(case, mapped[tool, case.check])
                for case in cases(tool, directory, mapped.values())
                if options.check in (None, case.check)
            ]
    for tool, compared in results.items():
        _print(tool, compared, options.verbose)
        if options.record:
            seen = {result.case.check for result in compared}
            without = [id_ for of, id_ in mapped if of == tool and id_ not in seen]
            peer_figures.record(tool, version(given[tool]), compared, without)
    unexplained = peer_figures.unexplained(each for found in results.values() for each in found)
    for text in unexplained:
        print(f"{text}: differs, and tools/peer_verdicts.toml does not say why")
    return int(bool(unexplained))


def _print(tool: str, results: list[Compared], verbose: bool) -> None:
    for result in results:
        if result.differs or (verbose and result.outcome != "agree"):
            case = result.case
            print(
                f"{tool} {case.check} {case.name} {' '.join(case.targets)}: {case.expected}, "
                f"fglint {result.verdict.value} ({result.outcome})"
            )
            for message in result.messages:
                print(f"    {message}")
    counts = peer_figures.counts(results)
    print(f"{tool}: {', '.join(f'{count} {name}' for name, count in counts.items())}")


if __name__ == "__main__":
    sys.exit(main())
