"""Trouble with the input: what could not be read or evaluated. Never a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.source import Range

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One statement about the input that is not about the infrastructure.

    An "error" means that the root could not be checked whole (exit status 3).
    """

    severity: Severity
    summary: str
    detail: str = ""
    range: Range | None = None
