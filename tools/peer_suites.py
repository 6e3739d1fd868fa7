#!/usr/bin/env python3
"""Compares fglint with other tools on their own tests. A command for development.

    peer_suites.py [--checkov DIR] [--trivy DIR] [--tfsec DIR] [--kics DIR] [--check ID] [-v]

Each DIR is a checkout of the tool (for trivy: of trivy-checks). Every resource of which a test
says that it passes or fails is put into a service on Fargate, since it stands there alone, and
judged by the rules that name the check in `same_as`. Printed are the verdicts that differ, and
counts. A case is not judged where no rule finds anything to judge. What differs, and is not
explained in tools/peer_verdicts.toml, gives status 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import coverage
import peer_cases
from peer_cases import Case, Declared, declared
from peer_deployment import place

from fglint.configuration.loader import load
from fglint.finding import Verdict
from fglint.model.deployment import Deployment
from fglint.policy.check import judge, worst
from fglint.policy.rule import Rule
from fglint.source import Files

_HERE = Path(os.path.abspath("peer"))


@dataclass(frozen=True)
class Compared:
    """A case and fglint's verdict of it."""

    case: Case
    verdict: Verdict
    rules: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.verdict.value == self.case.expected

    @property
    def judged(self) -> bool:
        """Whether fglint says pass or fail."""
        return self.verdict in (Verdict.PASS, Verdict.FAIL)


class _Case(Files):
    """The files of a case in one directory that is not there; nothing else is read."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__(overlay={_HERE / name: t for name, t in texts.items()}, boundary=_HERE)

    def names(self, directory: Path) -> list[str]:
        """The names of the files."""
        is_here = Path(os.path.abspath(directory)) == _HERE
        return sorted(path.name for path in self.overlay) if is_here else []


def compare(case: Case, rules: Iterable[Rule]) -> Compared:
    """Judges a case: the worst verdict of its targets."""
    mapped = list(rules)
    verdicts, failing = [], set[str]()
    for address in case.targets:
        verdict, names = _judge(case, address, mapped)
        verdicts.append(verdict)
        failing |= names
    return Compared(case, worst(verdicts), tuple(sorted(failing)))


def _judge(case: Case, address: str, rules: list[Rule]) -> tuple[Verdict, set[str]]:
    everything = "\n".join(case.files.values())
    found = [each for each in declared(everything) if each.address == address]
    target = found[0] if found else Declared(address, address.split(".")[-2], "", 0, 0)
    egress = any("egress" in rule.name for rule in rules)
    placed = place(target, everything, egress)
    configuration = load(_HERE, _Case({**case.files, **placed.files}))
    deployment = Deployment(configuration)
    outcome = judge(deployment, rules)
    verdicts, names = [], set[str]()
    for judgement in outcome.judgements:
        subject = judgement.subject
        if _is_at(subject.address, placed.shown):
            verdicts.append(judgement.verdict)
            if judgement.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
                names.add(judgement.rule.name)
    return worst(verdicts), names


def _is_at(address: str, shown: Iterable[str]) -> bool:
    return any(
        address == one or (address.startswith(one) and address[len(one)] in " [.:(")
        for one in shown
    )


def cases(arguments: argparse.Namespace, checks: list[coverage.Check]) -> Iterator[Case]:
    """The cases of all suites that were given."""
    types = _types(checks)
    if arguments.checkov:
        yield from peer_cases.checkov(arguments.checkov)
    if arguments.trivy:
        yield from peer_cases.trivy(arguments.trivy, types)
    if arguments.tfsec:
        yield from peer_cases.tfsec(arguments.tfsec, types)
    if arguments.kics:
        yield from peer_cases.kics(arguments.kics, [c.id for c in checks if c.tool == "kics"])


def _types(checks: list[coverage.Check]) -> dict[str, list[str]]:
    """The types of resources that checks of trivy and tfsec judge, by what they look at."""
    listed = tomllib.loads(coverage.CHECKS.read_text(encoding="utf-8"))["subject"]
    types = {subject["about"]: subject.get("types", []) for subject in listed}
    return {check.id: types[check.about] for check in checks if check.tool in ("trivy", "tfsec")}


def main() -> int:
    """Compares, prints, and says whether anything differs unexplained."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    for tool in ("checkov", "trivy", "tfsec", "kics"):
        parser.add_argument(f"--{tool}", type=Path, metavar="DIR")
    parser.add_argument("--check", help="only this check")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every case")
    arguments = parser.parse_args()
    checks = coverage.checks()
    mapped = {(check.tool, check.id): check for check in checks if check.rules}
    results = []
    for case in cases(arguments, checks):
        check = mapped.get((case.tool, case.check))
        if check is not None and arguments.check in (None, case.check):
            results.append(compare(case, check.rules))
    _print(results, arguments.verbose)
    unexplained = {r.case.check for r in results if r.judged and not r.agrees} - _explained()
    for check_id in sorted(unexplained):
        print(f"{check_id}: differs, and tools/peer_verdicts.toml does not say why")
    return int(bool(unexplained))


def _explained() -> set[str]:
    if not coverage.VERDICTS.exists():
        return set()
    text = coverage.VERDICTS.read_text(encoding="utf-8")
    return {each["check"] for each in tomllib.loads(text)["disagreement"]}


def _print(results: list[Compared], verbose: bool) -> None:
    for result in results:
        if verbose or (result.judged and not result.agrees):
            case = result.case
            names = f" ({', '.join(result.rules)})" if result.rules else ""
            print(
                f"{case.tool} {case.check} {case.name} {' '.join(case.targets)}: "
                f"{case.expected}, fglint {result.verdict.value}{names}"
            )
    for tool in dict.fromkeys(result.case.tool for result in results):
        every = [result for result in results if result.case.tool == tool]
        counts = Counter(
            ("agree" if result.agrees else "disagree") if result.judged else result.verdict.value
            for result in every
        )
        texts = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        print(f"{tool}: cases {len(every)}, {texts}")


if __name__ == "__main__":
    sys.exit(main())
