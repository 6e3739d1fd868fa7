"""fglint: policy and lint checks for ECS/Fargate infrastructure in Terraform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from fglint.finding import Finding, Report, Severity, Verdict

__version__ = "0.1.0"
__all__ = ["Finding", "Report", "Severity", "Verdict", "__version__", "check"]


def check(*paths: str | PathLike[str], variables: Mapping[str, str] | None = None) -> Report:
    """The report of what `fglint check` finds in these paths, the working directory without any.

    `variables` are values for input variables, as --var takes them. Settings files count.
    Raises `fglint.misuse.Misuse` for paths and settings that cannot be used.
    """
    from datetime import date
    from pathlib import Path

    from fglint.configuration.session import LoadOptions
    from fglint.finding import Report
    from fglint.lint import Lint
    from fglint.plans import Plans
    from fglint.roots import Search
    from fglint.suppression import Suppressions

    given = tuple(Path(path) for path in paths) or (Path(),)
    plans = Plans(
        LoadOptions(variables=tuple(("var", f"{k}={v}") for k, v in (variables or {}).items()))
    )
    roots = Search(plans.settings(given[0]).exclude).roots(given)
    for root in roots:
        plans(root.directory)
    lint = Lint(plans, Suppressions(plans.folders, date.today()))
    found = tuple(lint.check(roots))
    diagnostics = (*plans.diagnostics, *lint.suppressions.report())
    return Report(found, diagnostics, tuple(lint.rules.values()))


def __getattr__(name: str) -> object:
    """What the package offers, imported when it is asked for: `fglint --version` needs none."""
    if name in ("Finding", "Report", "Severity", "Verdict"):
        from fglint import finding

        return getattr(finding, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
