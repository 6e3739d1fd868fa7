"""Reports: texts made of a `Report` and `Options` alone, one module a format."""

from __future__ import annotations

from importlib import import_module

from fglint.finding import Report
from fglint.report.options import Options, without_surrogates

__all__ = ["FORMATS", "Options", "job_summary", "render"]

FORMATS: dict[str, str] = {
    "full": "text for people: source frames, causes, scorecard",
    "concise": "one line a finding",
    "json": "one object for programs; docs/reports.md describes it",
    "sarif": "SARIF 2.1.0 for code scanning",
    "github": "workflow commands that annotate a pull request on GitHub",
    "gitlab": "code quality report of GitLab",
    "junit": "JUnit XML for test report viewers",
    "markdown": "a comment for a pull request, with scorecard",
}


def render(name: str, report: Report, options: Options | None = None) -> str:
    """The report in one of FORMATS, ending with a line break; encodable as UTF-8.

    Only the module of that format is imported.
    """
    if name not in FORMATS:
        raise ValueError(f"{name} is no report format; there are {', '.join(FORMATS)}")
    module = import_module(f"fglint.report.{name}")
    text: str = module.render(report, options or Options())
    return without_surrogates(text)


def job_summary(report: Report, options: Options | None = None) -> str:
    """The Markdown that a job on GitHub appends to the file that GITHUB_STEP_SUMMARY names."""
    from fglint.report.markdown import summary

    return without_surrogates(summary(report, options or Options()))
