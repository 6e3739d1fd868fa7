"""Findings: what reports print about the infrastructure. Never trouble with the input."""

from __future__ import annotations

import hashlib
from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING, Literal

from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.diagnostic import Diagnostic
    from fglint.source import Range


UNDECIDED = "cannot be decided"  # how reports begin the message of an unknown verdict


class Verdict(Enum):
    """What a rule says of a subject."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Severity(Enum):
    """How bad a finding is; the order is from worst to least."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for critical, 4 for info."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Related:
    """A further place that explains a finding; `address` is the resource there, if it is one."""

    message: str
    range: Range
    address: str = ""


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding does not count."""

    kind: Literal["comment", "config", "baseline"]
    reason: str | None = None
    until: str | None = None  # YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class Edit:
    """A text that takes the place of a part of a file."""

    range: Range
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits of the user's files after which the finding is gone, or why there are none.

    Safe edits change nothing that works; unsafe ones may change behaviour or replace resources;
    what is manual is for the reader to write. `refusal` says why no text can be changed. `targets`
    are the addresses that the edits are made for, `affects` all those that they change. `snippet`
    is Terraform's language to add, where that is all or what the edits add.
    """

    safety: Literal["safe", "unsafe", "manual"]
    edits: tuple[Edit, ...] = ()
    refusal: str = ""
    targets: frozenset[str] = frozenset()
    affects: frozenset[str] = frozenset()
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One failed or undecided verdict of a rule about a subject.

    `message` says what is, `remedy` what to do; `because` is the cause of an unknown and what
    would settle it. `values` are the references in the failed condition with their values as
    text, secrets redacted. `range` is the one primary place, as narrow as possible. `flow` is a
    path that shows the defect, from its start on: internet, listener, target group, service.

    `secret` are the places whose text is a secret or holds one: reports print no literal there.
    `message`, `values` and all other texts hold no secret.
    """

    rule: str
    verdict: Verdict
    severity: Severity
    message: str
    remedy: str
    address: str
    subject: str
    range: Range
    because: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    related: tuple[Related, ...] = ()
    suppressed: Suppression | None = None
    flow: tuple[Related, ...] = ()
    secret: tuple[Range, ...] = ()
    fix: Fix | None = None

    @property
    def text(self) -> str:
        """What is, then the remedy, unless the message says it already."""
        if not self.remedy or self.remedy in self.message:
            return _sentence(self.message)
        return f"{_sentence(self.message)} {_sentence(self.remedy)}"

    @property
    def snippet(self) -> str:
        """What to add to the configuration, as Terraform writes it; empty where nothing is."""
        return "" if self.fix is None else self.fix.snippet

    @property
    def cause(self) -> str:
        """What is not decided and why; what would settle it is part of the why."""
        text = _sentence(f"{UNDECIDED}: {self.message}")
        return f"{text} Cause: {_sentence(self.because)}" if self.because else text

    @property
    def fingerprint(self) -> str:
        """Stable under edits elsewhere: rule, address, subject and severity, no line numbers."""
        key = "\0".join((self.rule, self.address, self.subject, self.severity.value))
        return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:32]

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Path, line, column, rule, address."""
        line, column = self.range.begin
        return self.range.path, line, column, self.rule, self.address


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?", ":", "…", "`")) else f"{text}."


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What reports say about a rule. Texts are Markdown, the summary is one sentence.

    `severities` are those that its asserts use beside `severity`; the first of `references` is
    the page to read. `precision` is SARIF's.
    """

    name: str
    kind: str
    folder: str
    summary: str
    severity: Severity
    rationale: str = ""
    remedy: str = ""
    references: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    precision: Literal["very-high", "high", "medium", "low"] = "high"


CRITERIA: dict[str, tuple[str, ...]] = {
    "secrets": ("plaintext-secret",),
    "load_balancer": ("missing-load-balancer", "broken-load-balancer-chain"),
    "tls": ("listener-without-tls",),
    "private_network": ("task-in-public-subnet", "missing-egress-path"),
    "execution_role": ("missing-execution-role", "insufficient-execution-role"),
}


@dataclass(frozen=True, slots=True)
class ServiceScore:
    """The production criteria of one service or run target."""

    service: str
    criteria: dict[str, Verdict]
    criteria_suppressed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactTaken:
    """A fact of the settings that settled what would be unknown.

    `place` is where it stands, `about` what it is about, `words` what it states, and `reason` who
    says so.
    """

    place: str
    about: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class RootReport:
    """All that one root module's check found, suppressed findings included.

    `rules` counts the verdicts of every rule that ran. `secret` are further places whose text
    holds a secret, whether or not a finding points there.
    """

    path: str  # as given, relative to the working directory, forward slashes
    scorecard: tuple[ServiceScore, ...]
    rules: dict[str, dict[Verdict, int]]
    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]
    files: int
    resources: int
    services: int
    broken_rules: tuple[str, ...] = ()  # rules that erred: status 2
    not_here: tuple[str, ...] = ()  # modules whose source is not downloaded, by address
    unset_variables: tuple[str, ...] = ()  # required variables without a value, as var.NAME
    secret: tuple[Range, ...] = ()
    facts: tuple[FactTaken, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one run over its roots.

    `diagnostics` are those of no root; `rules` describes every rule that ran, in any order.
    """

    roots: tuple[RootReport, ...]
    diagnostics: tuple[Diagnostic, ...] = field(default=())
    rules: tuple[RuleInfo, ...] = ()
