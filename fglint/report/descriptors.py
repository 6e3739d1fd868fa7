"""What code scanning is told of rules: one descriptor for each severity that a rule uses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fglint.finding import CRITERIA, Finding, Report, RuleInfo, Severity
from fglint.records import dataclass
from fglint.report.text import one_line

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
# The bounds of GitHub: above 9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low.
_SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
}
_PROBLEM_SEVERITY = {"error": "error", "warning": "warning", "note": "recommendation"}
_WORDS = re.compile(r"[^\W_]+")
_LONGEST = 1024  # characters of a description

# Rules whose defect lets somebody in or out; the defects of the others break or cost something.
_SECURITY = {
    "administrator-role", "automatic-public-ip", "broad-trust-policy", "debugging-left-on",
    "default-security-group", "default-vpc", "desync-monitor-only", "disallowed-registry",
    "ecr-without-customer-key",
    "http-without-redirect", "implicit-internet-facing", "invalid-headers-kept",
    "kept-capabilities", "listener-without-tls", "long-lived-access-key", "missing-access-logs",
    "missing-flow-logs", "missing-web-acl", "mutable-ecr-tags", "mutable-image",
    "open-load-balancer-port", "open-task-egress", "open-task-ingress", "outdated-tls-policy",
    "overpowered-execution-role", "plaintext-backend", "plaintext-secret", "privilege-escalation",
    "public-ecr-repository", "root-container", "secret-in-code", "secret-in-logs",
    "shared-task-and-execution-role", "task-in-public-subnet", "unaudited-exec",
    "unencrypted-efs", "unencrypted-log-group", "unencrypted-parameter", "unguarded-trust-policy",
    "unmarked-secret-variable", "unrotated-secret", "unscanned-ecr-images",
    "weak-certificate-key", "wildcard-action", "wildcard-resource", "writable-root-filesystem",
}  # fmt: skip
_SECURITY_FOLDER = "security"  # for users' rules

# Common Weakness Enumeration, cwe.mitre.org.
_WEAKNESSES = {
    "plaintext-secret": ("cwe-312", "cwe-526"),
    "secret-in-code": ("cwe-798",),
    "secret-in-logs": ("cwe-532",),
    "unencrypted-parameter": ("cwe-312",),
    "listener-without-tls": ("cwe-319",),
    "http-without-redirect": ("cwe-319",),
    "plaintext-backend": ("cwe-319",),
    "outdated-tls-policy": ("cwe-326",),
    "weak-certificate-key": ("cwe-326",),
    "root-container": ("cwe-250",),
    "administrator-role": ("cwe-250",),
    "privilege-escalation": ("cwe-269",),
}

UNPARSED = RuleInfo(
    "unparsed-file",
    "file",
    "input",
    "Part of the configuration could not be read, so it was not checked.",
    Severity.HIGH,
    rationale="What fglint cannot read it cannot check: a defect there stays unseen.",
    remedy="Correct the error that the message names.",
)
OMITTED = RuleInfo(
    "omitted-results",
    "file",
    "input",
    "More was found than code scanning shows.",
    Severity.INFO,
    rationale="Code scanning shows 5,000 results; the worst are in this report.",
    remedy="Run fglint for the whole list, or check fewer root modules in one run.",
)


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A rule at one severity."""

    rule: RuleInfo
    severity: Severity

    @property
    def id(self) -> str:
        """The rule's name; at another severity than its own, "NAME/SEVERITY"."""
        return descriptor_id(self.rule, self.severity)

    @property
    def name(self) -> str | None:
        """The id in Pascal case, as SARIF wants names; None where that is the id itself."""
        name = "".join(part.capitalize() for part in _WORDS.findall(self.id))
        return None if name.lower() == self.id else name

    @property
    def level(self) -> str:
        """SARIF's level."""
        return LEVELS[self.severity]

    @property
    def short(self) -> str:
        """The summary, on one line."""
        return one_line(self.rule.summary)[:_LONGEST] or self.rule.name

    @property
    def full(self) -> str:
        """Summary and rationale, cut to what code scanning takes."""
        text = one_line(f"{self.rule.summary} {self.rule.rationale}") or self.rule.name
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

    @property
    def properties(self) -> dict[str, object]:
        """Tags, precision, and how bad it is: for security rules on GitHub's scale."""
        secure = self.rule.name in _SECURITY or self.rule.folder == _SECURITY_FOLDER
        properties: dict[str, object] = {
            "precision": self.rule.precision,
            "tags": list(dict.fromkeys(self._tags(secure))),
        }
        if secure and self.severity in _SECURITY_SEVERITY:
            properties["security-severity"] = _SECURITY_SEVERITY[self.severity]
        else:
            properties["problem.severity"] = _PROBLEM_SEVERITY[self.level]
        return properties

    def _tags(self, secure: bool) -> Iterable[str]:
        if secure:
            yield "security"
        if self.rule.folder and self.rule.folder != _SECURITY_FOLDER:
            yield self.rule.folder
        yield from (name for name, rules in CRITERIA.items() if self.rule.name in rules)
        yield from (f"external/cwe/{cwe}" for cwe in _WEAKNESSES.get(self.rule.name, ()))


def descriptor_id(rule: RuleInfo, severity: Severity) -> str:
    """The id of a rule at a severity."""
    return rule.name if severity is rule.severity else f"{rule.name}/{severity.value}"


def help_text(rule: RuleInfo) -> str:
    """What a rule is about and what to do, in plain words. Never empty."""
    parts = (rule.rationale or rule.summary, rule.remedy, *rule.references)
    return "\n\n".join(part.strip() for part in parts if part.strip()) or rule.name


def help_markdown(rule: RuleInfo) -> str:
    """The page of a rule: why, what to do, where to read on. Markdown."""
    parts = [rule.rationale.strip() or rule.summary.strip() or rule.name]
    if rule.remedy.strip():
        parts.append(f"**What to do.** {rule.remedy.strip()}")
    if rule.references:
        parts.append("\n".join(f"* <{reference}>" for reference in rule.references))
    if rule.same_as:
        same = ", ".join(f"`{identifier}`" for identifier in rule.same_as)
        parts.append(f"The same in other tools: {same}.")
    parts.append(f"`fglint explain {rule.name}` shows examples.")
    return "\n\n".join(parts)


def descriptors(report: Report, findings: Iterable[Finding]) -> dict[str, Descriptor]:
    """All descriptors of the rules that ran and of these findings, by id, sorted."""
    rules = {rule.name: rule for rule in (UNPARSED, OMITTED, *report.rules)}
    found: dict[str, Descriptor] = {}

    def add(rule: RuleInfo, severity: Severity) -> None:
        descriptor = Descriptor(rule, severity)
        found.setdefault(descriptor.id, descriptor)

    for rule in rules.values():
        for severity in (rule.severity, *rule.severities):
            add(rule, severity)
    for finding in findings:
        rule = rules.setdefault(finding.rule, _undescribed(finding))
        add(rule, finding.severity)
    return dict(sorted(found.items()))


def _undescribed(finding: Finding) -> RuleInfo:
    """What can be said of a rule that the report does not describe."""
    return RuleInfo(finding.rule, "", "", finding.rule, finding.severity, remedy=finding.remedy)
