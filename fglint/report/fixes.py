"""Which findings of a report have a fix to try, and its edits as reports may show them."""

from __future__ import annotations

from typing import Literal

from fglint.finding import Edit, Finding, Report
from fglint.fix import fixable
from fglint.report.redaction import Masks

Safety = Literal["safe", "unsafe"]


class Fixes:
    """The fixes that `--fix`, and those that only `--unsafe-fixes` makes.

    They are not tried here: the few that turn out not to help are refused when they are.
    """

    def __init__(self, report: Report) -> None:
        self._safety: dict[int, Safety] = {}
        self._masks = Masks(report)
        self._report = report  # keeps the findings, whose identities are the keys
        for finding in fixable(report.roots, unsafe=True):
            self._safety[id(finding)] = "unsafe"
        for finding in fixable(report.roots, unsafe=False):
            self._safety[id(finding)] = "safe"

    def safety(self, finding: Finding) -> Safety | None:
        """How safe the fix of a finding is; None when there is none to try."""
        return self._safety.get(id(finding))

    def count(self, safety: Safety) -> int:
        """How many findings have such a fix."""
        return sum(each == safety for each in self._safety.values())

    def edits(self, finding: Finding) -> tuple[Edit, ...]:
        """The edits to show; none where there is no fix to try, or a text holds a secret."""
        if finding.fix is None or self.safety(finding) is None:
            return ()
        edits = finding.fix.edits
        return () if any(self._masks.hold(edit.text) for edit in edits) else edits
