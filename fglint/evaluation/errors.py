"""Errors of evaluation, with what Terraform says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fglint.diagnostic import Diagnostic
    from fglint.source import Range


class EvaluationError(Exception):
    """An expression has no value: `summary` is Terraform's, `detail` says what and what to do.

    `can` and `try` catch it. `range` is filled in by the innermost expression that knows it.
    """

    def __init__(self, summary: str, detail: str = "", range: Range | None = None) -> None:
        super().__init__(f"{summary}: {detail}" if detail else summary)
        self.summary = summary
        self.detail = detail
        self.range = range


class StaticError(EvaluationError):
    """A reference to what is not declared: wrong whatever the values are; nothing catches it."""


class BeyondLimit(EvaluationError):
    """A value that is too large, or takes too long: fglint's limit, not an error of Terraform.

    `try` and `can` do not know whether Terraform would fail.
    """

    def __init__(self, why: str) -> None:
        super().__init__("Limit reached", f"The value cannot be computed here: {why}.")


class Reported(EvaluationError):
    """An error of something that this value depends on, already reported as `diagnostic`."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.summary, diagnostic.detail, diagnostic.range)
        self.diagnostic = diagnostic
