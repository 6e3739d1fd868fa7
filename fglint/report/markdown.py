"""A comment for a pull request, and the summary of a job: Markdown as GitHub and GitLab read it."""

from __future__ import annotations

from fglint.finding import Report
from fglint.report.options import Options


def render(report: Report, options: Options) -> str:
    """The comment."""
    return ""


def summary(report: Report, options: Options) -> str:
    """The summary of a job."""
    return render(report, options)
