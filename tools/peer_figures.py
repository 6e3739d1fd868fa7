"""What was measured on the tests of other tools, and why verdicts differ.

tools/peer_figures.json holds the counts, as tools/peer_suites.py writes them;
tools/peer_verdicts.toml the reasons.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peer_cases import Case, isolated

if TYPE_CHECKING:
    from peer_suites import Compared

_TOP = Path(__file__).parent
FIGURES = _TOP / "peer_figures.json"
VERDICTS = _TOP / "peer_verdicts.toml"
NOT_JUDGED = ("unknown", "not applicable", "elsewhere", "refused")
OUTCOMES = ("agree", "disagree", *NOT_JUDGED)


@dataclass(frozen=True)
class Difference:
    """How verdicts of cases of one check differ, and of how many cases."""

    check: str
    expected: str
    verdict: str
    cases: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """What a reason is given for."""
        return self.check, self.expected, self.verdict


@dataclass(frozen=True)
class Reason:
    """Why verdicts differ, and whose is right: "fglint", the other "tool", or "both"."""

    checks: tuple[str, ...]
    expected: str
    verdict: str
    right: str
    why: str

    @property
    def keys(self) -> Iterator[tuple[str, str, str]]:
        """The differences that it explains."""
        return ((check, self.expected, self.verdict) for check in self.checks)


@dataclass(frozen=True)
class Refusal:
    """What Terraform or AWS refuses: no verdict matters of examples whose text fits a pattern."""

    pattern: str
    what: str


def reasons() -> list[Reason]:
    """Why verdicts differ."""
    return [Reason(tuple(each.pop("checks")), **each) for each in _verdicts()["difference"]]


@cache
def refusals() -> list[Refusal]:
    """What is no configuration."""
    return [Refusal(**each) for each in _verdicts()["refused"]]


# Any: decoded TOML, whose shape the records give.
def _verdicts() -> dict[str, Any]:
    return tomllib.loads(VERDICTS.read_text(encoding="utf-8"))


def is_refused(case: Case, address: str) -> bool:
    """Whether a block of a case, or one that belongs to it, is refused by Terraform or AWS."""
    texts = isolated(case.files, address).values()
    return any(re.search(each.pattern, text) for each in refusals() for text in texts)


def figures() -> dict[str, Any]:
    """What was measured, by tool. Any: decoded JSON."""
    loaded: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return loaded


def recorded() -> list[Difference]:
    """The differences that were measured."""
    return [Difference(**each) for tool in figures().values() for each in tool["differences"]]


def counts(results: Iterable[Compared]) -> dict[str, int]:
    """How many cases there are, and of how many there is each outcome."""
    found = Counter(result.outcome for result in results)
    return {"cases": found.total(), **{name: found[name] for name in OUTCOMES}}


def differences(results: Iterable[Compared]) -> list[Difference]:
    """The differences of results, by check."""
    found = Counter(
        (each.case.check, each.case.expected, each.verdict.value)
        for each in results
        if each.differs
    )
    return [Difference(*key, count) for key, count in sorted(found.items())]


def record(tool: str, version: str, results: list[Compared], without: list[str]) -> None:
    """Writes the figures of one tool, and which checks are without an example in its tests."""
    every = figures() if FIGURES.exists() else {}
    every[tool] = {
        "version": version,
        **counts(results),
        "without": without,
        "differences": [vars(each) for each in differences(results)],
    }
    FIGURES.write_text(json.dumps(every, indent=1) + "\n", encoding="utf-8")


def unexplained(results: Iterable[Compared]) -> list[str]:
    """The differences of results without a reason, as texts."""
    given = {key for reason in reasons() for key in reason.keys}
    return [
        f"{each.check} ({each.expected}, fglint {each.verdict})"
        for each in differences(results)
        if each.key not in given
    ]
