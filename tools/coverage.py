#!/usr/bin/env python3
"""Writes docs/coverage.md: which rules cover the checks of other tools.

    coverage.py            writes it
    coverage.py --check    says whether it is out of date (status 1)

The checks stand in tools/peer_checks.toml, by what they look at. Rules name those that they cover
in `same_as`; for what none covers, the file has a reason. How far verdicts agree was measured by
tools/peer_suites.py; tools/peer_verdicts.toml says why they differ.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP), str(TOP / "tools")]

import peer_figures  # noqa: E402 - found by the line before

from fglint.evaluation.values import Value  # noqa: E402 - found by the line before
from fglint.policy.loader import load_rules  # noqa: E402 - found by the line before
from fglint.policy.rule import Rule  # noqa: E402

PAGE = TOP / "docs" / "coverage.md"
CHECKS = TOP / "tools" / "peer_checks.toml"

TOOLS = {
    "checkov": "checkov",
    "trivy": "trivy",
    "kics": "KICS",
    "tfsec": "tfsec",
    "terrascan": "terrascan",
    "cdk-nag": "cdk-nag",
    "security-hub": "AWS Security Hub",
    "control-tower": "AWS Control Tower",
}
_COMPARED = ("types", "asserts", "where", "on", "options")  # read by tools/peer_suites.py
INTRODUCTION = """\
# Coverage of the checks of other tools

Made by `tools/coverage.py` from the rules; do not edit.

Every check of these tools that touches a deployment on Fargate, with the rules that cover it, or
why none does. A rule names the checks that it covers in `same_as`, by which `fglint explain` finds
it: `fglint explain CKV_AWS_97`. Rules in *italics* run when they are selected, the others by
default. Other tools judge one resource; fglint judges what belongs to a deployment, and leaves
alone what does not."""

MEASURED = """\
Each example that a tool's tests pass or fail by one of its checks, put into a service on Fargate,
since it stands there alone, and judged by the rules that cover the check; measured by
`tools/peer_suites.py`, which takes clones of the tools. Where a rule looks at more than the check,
only what both look at is compared. Not judged are examples with a value that nobody gives
(unknown), those that the rule does not apply to (not applicable), those of what is no part of a
deployment on Fargate, such as users, functions and Classic Load Balancers (elsewhere), and those
that Terraform or AWS would refuse (refused). terrascan, cdk-nag and the controls of AWS bring no
examples in Terraform."""
DIFFERING = """\
Every verdict that differs, and every example that a tool fails and a rule does not apply to:"""
REFUSED = "What Terraform or AWS would refuse, whatever a tool says of it:"


class CoverageError(Exception):
    """A check without rule or reason, or with both, or listed twice."""


@dataclass(frozen=True)
class Check:
    """One check of another tool; `count` is how many ids it stands for.

    How its verdicts are compared, tools/peer_checks.toml says: `types` are those of the blocks that
    it looks at, `asserts` is a regular expression for the conditions that look at the same, `where`
    a condition of its own, "" for none; `options` are those of rules, `on` is "tasks" for groups.
    """

    tool: str
    id: str
    about: str
    rules: tuple[Rule, ...]
    remark: str
    types: tuple[str, ...] = ()
    asserts: str = ""
    where: str = ""
    on: str = ""
    options: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many ids it stands for: a range "A to B" for all between."""
        ends = [int(number) for number in re.findall(r"_(\d+)\b", self.id)]
        return ends[1] - ends[0] + 1 if " to " in self.id else 1

    @property
    def covered(self) -> bool:
        """Whether some rule covers it."""
        return bool(self.rules)

    @property
    def by_default(self) -> bool:
        """Whether a rule that runs by default covers it."""
        return any(rule.default for rule in self.rules)


def checks() -> list[Check]:
    """All checks of the list with their rules; CoverageError where the list is not sound."""
    loaded = load_rules([TOP / "rules"])
    by_id: dict[str, list[Rule]] = {}
    for rule in loaded.rules.values():
        for other in rule.same_as:
            by_id.setdefault(other, []).append(rule)
    found: list[Check] = []
    for subject in tomllib.loads(CHECKS.read_text(encoding="utf-8"))["subject"]:
        found.extend(_checks(subject, by_id, loaded.rules))
    ids = [(check.tool, check.id) for check in found]
    for twice in sorted({each for each in ids if ids.count(each) > 1}):
        raise CoverageError(f"{twice[1]} of {twice[0]} is listed twice")
    return found


def _checks(
    subject: Mapping[str, object], by_id: Mapping[str, list[Rule]], rules: Mapping[str, Rule]
) -> Iterator[Check]:
    about, reason = str(subject["about"]), str(subject.get("reason", ""))
    unknown = set(subject) - {"about", "note", "reason", "rules", *TOOLS, *_COMPARED}
    if unknown:
        raise CoverageError(f'"{about}" has no {", ".join(sorted(unknown))}')
    given = [rules[name] for name in _texts(subject.get("rules", []))]
    for tool in TOOLS:
        for id_ in _texts(subject.get(tool, [])):
            covering = sorted(by_id.get(id_, given), key=lambda rule: (not rule.default, rule.name))
            if bool(covering) == bool(reason):
                missing = "both a rule and a reason" if reason else "neither a rule nor a reason"
                raise CoverageError(f"{id_} of {tool} has {missing}")
            remark = reason or str(subject.get("note", ""))
            compared: dict[str, Any] = {key: subject[key] for key in _COMPARED if key in subject}
            yield Check(tool, id_, about, tuple(covering), remark, **compared)


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


# ---- the page ---------------------------------------------------------------------------------


def page() -> str:
    """The text of docs/coverage.md."""
    found = checks()
    parts = [INTRODUCTION, _totals(found)]
    parts += _measured()
    for tool, title in TOOLS.items():
        rows = [check for check in found if check.tool == tool]
        parts += [f"## {title}", _table(rows)]
    return "\n\n".join(parts) + "\n"


def _totals(found: Iterable[Check]) -> str:
    every = list(found)
    rows = [(title, _counts(c for c in every if c.tool == tool)) for tool, title in TOOLS.items()]
    head = ["tool", "checks", "covered", "of these by default", "deliberately not"]
    return _markdown(head, [[title, *counts] for title, counts in [*rows, ("all", _counts(every))]])


def _counts(found: Iterable[Check]) -> list[int]:
    every = list(found)
    total = sum(check.count for check in every)
    covered = sum(check.count for check in every if check.covered)
    by_default = sum(check.count for check in every if check.by_default)
    return [total, covered, by_default, total - covered]


def _table(found: Iterable[Check]) -> str:
    rows = [
        (f"`{check.id}`", check.about, ", ".join(map(_link, check.rules)) or "none", check.remark)
        for check in found
    ]
    return _markdown(["check", "looks at", "rule", "remark"], rows)


def _link(rule: Rule) -> str:
    link = f"[{rule.name}](rules/{rule.name}.md)"
    return link if rule.default else f"*{link}*"


def _markdown(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    columns = list(head)
    lines: list[Iterable[object]] = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


# ---- on the tools' own tests ------------------------------------------------------------------


def _measured() -> Iterator[str]:
    """What was measured on the tools' own tests, and why verdicts differ."""
    yield "## On their own tests"
    yield MEASURED
    rows = [[TOOLS[tool], *_figures(each)] for tool, each in peer_figures.figures().items()]
    head = ["tool", "at commit", "cases", "judged", "agree", "disagree", "share"]
    yield _markdown([*head, *peer_figures.NOT_JUDGED], rows)
    without = [f"`{id_}`" for each in peer_figures.figures().values() for id_ in each["without"]]
    yield f"Covered, but without an example there: {', '.join(without)}."
    yield DIFFERING
    differences = [
        (difference, reason)
        for reason in peer_figures.reasons()
        for difference in peer_figures.recorded()
        if difference.key in reason.keys
    ]
    yield _markdown(
        ["check", "cases", "there", "fglint", "right", "why"],
        [
            [f"`{d.check}`", d.cases, d.expected, d.verdict.replace("_", " "), r.right, r.why]
            for d, r in differences
        ],
    )
    yield REFUSED
    yield "\n".join(f"* {refusal.what}" for refusal in peer_figures.refusals())


def _figures(figures: Mapping[str, Any]) -> list[object]:
    agree, disagree = figures["agree"], figures["disagree"]
    judged = agree + disagree
    share = f"{100 * agree / judged:.1f} %"
    rest = [figures[name] for name in peer_figures.NOT_JUDGED]
    return [figures["version"], figures["cases"], judged, agree, disagree, share, *rest]


def main() -> int:
    """Writes the page, or compares it."""
    text = page()
    if "--check" in sys.argv[1:]:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        if not current:
            print("docs/coverage.md is out of date; run tools/coverage.py", file=sys.stderr)
        return int(not current)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
