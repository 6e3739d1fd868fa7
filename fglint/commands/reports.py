"""Reports of a check: where each goes, and what is said beside them."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from fglint import output, report
from fglint.bug import trace
from fglint.diagnostic import Diagnostic
from fglint.finding import Report, RootReport, Verdict
from fglint.misuse import spelled
from fglint.records import dataclass
from fglint.report import Options
from fglint.report.text import listing
from fglint.settings import Fact, Settings, repository_root

JOB_SUMMARY = "GITHUB_STEP_SUMMARY"
STRUCTURED = ("json", "sarif", "gitlab", "junit")  # one document: nothing can be appended to it


@dataclass(frozen=True, slots=True)
class Wanted:
    """The reports that a command line asks for."""

    options: Options
    format: str
    files: tuple[tuple[str, Path], ...]
    silent: bool

    @classmethod
    def of(cls, given: Mapping[str, Any], settings: Settings) -> Wanted:
        """From the values of flags; Any: click has checked their types."""
        name = "full" if given["output_format"] == "text" else given["output_format"]
        options = Options(
            color=wants_color(given["color"]),
            width=shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100,
            unknown=settings.unknown,
            show_suppressed=given["show_suppressed"],
            quiet=given["quiet"] > 0,
        )
        options = _placed(options, given["paths"])
        return cls(options, name, given["reports"], given["quiet"] > 1)


def wants_color(asked: str) -> bool:
    """Whether the standard output is coloured: by the flag, the usual variables, a guess."""
    if asked != "auto":
        return asked == "always"
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR", os.environ.get("CLICOLOR_FORCE", ""))
    if forced:
        return forced != "0"
    if os.environ.get("CLICOLOR") == "0":
        return False
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _placed(options: Options, paths: Sequence[Path]) -> Options:
    """The options with where the working directory and the first path's repository lie."""
    here = Path.cwd()
    top = repository_root((here / paths[0]).resolve() if paths else here) or here
    above = os.path.commonpath([here, top])
    directory, repository = (path.relative_to(above).as_posix() for path in (here, top))
    return replace(
        options,
        directory="" if directory == "." else directory,
        repository="" if repository == "." else repository,
    )


def write(found: Report, wanted: Wanted) -> bool:
    """Whether all reports could be written; those to files first, then the standard output."""
    failures = [
        failure
        for name, path in wanted.files
        for failure in _to_file(name, path, found, wanted.options)
    ]
    summary = os.environ.get(JOB_SUMMARY)
    if summary and wanted.format == "github" and not _summarized(wanted, summary):
        failures += _to_file("markdown", Path(summary), found, wanted.options)
    if not wanted.silent:
        options = wanted.options
        click.echo(report.render(wanted.format, found, options), nl=False, color=options.color)
    for failure in failures:
        click.echo(f"fglint: {failure}", err=True)
    return not failures


def _summarized(wanted: Wanted, summary: str) -> bool:
    return any(os.path.abspath(path) == os.path.abspath(summary) for _, path in wanted.files)


def _to_file(name: str, path: Path, found: Report, options: Options) -> Iterator[str]:
    """Writes one report; says what went wrong."""
    options = replace(options, color=False, width=Options().width)
    summary = os.environ.get(JOB_SUMMARY)
    is_summary = bool(summary) and os.path.abspath(path) == os.path.abspath(str(summary))
    if name == "markdown" and is_summary:
        text = report.job_summary(found, options)
    else:
        text = report.render(name, found, options)
    foreign = _is_foreign(path)
    if foreign and name in STRUCTURED:
        yield f"{spelled(path)} exists and is no report of fglint; remove it or name another file"
        return
    try:
        output.write(path, text, append=is_summary or foreign)
    except output.WriteError as error:
        yield str(error)


def _is_foreign(path: Path) -> bool:
    """Whether a file exists that fglint did not write: it would be a loss."""
    try:
        if not path.is_file():
            return False
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False  # writing says what is wrong
    return bool(text.strip()) and text.strip() != "[]" and "fglint" not in text


def expectation(found: Sequence[RootReport], expected: int | None) -> Iterator[Diagnostic]:
    """What is wrong when fewer services were found than a check is told to expect."""
    services = sum(root.services for root in found)
    if expected is not None and services < expected:
        yield Diagnostic(
            "error",
            "Fewer services than expected",
            f"{services} of {expected} expected Fargate services were found; a check that sees "
            "nothing must not pass. Give the paths of all root modules, or a smaller number.",
        )


def elsewhere(roots: Sequence[Path]) -> Iterator[Diagnostic]:
    """Where services may be, when the checked roots have none."""
    if roots:
        shown = [os.path.relpath(root).replace(os.sep, "/") for root in roots]
        yield Diagnostic(
            "info",
            "Root modules below",
            f"The root module calls none of {listing(shown, 3)}; to check them, run: fglint check "
            f"{' '.join(map(shlex.quote, shown[:3]))}",
        )


def unused_facts(stated: Iterable[Fact], taken: Collection[Fact]) -> Iterator[Diagnostic]:
    """The facts that settled nothing."""
    for fact in stated:
        if fact not in taken:
            text = (
                f"{fact.place}: it settles nothing about {fact.of}; name things as the causes of "
                "undecided verdicts name them, or take the entry out."
            )
            yield Diagnostic("warning", "Unused fact", text)


def print_statistics(found: Iterable[RootReport]) -> None:
    """Prints how often each rule gave each verdict, on the standard error."""
    totals: dict[str, dict[Verdict, int]] = {}
    for root in found:
        for rule, counts in root.rules.items():
            into = totals.setdefault(rule, dict.fromkeys(Verdict, 0))
            for verdict, count in counts.items():
                into[verdict] += count
    width = max([4, *map(len, totals)])
    click.echo(f"{'rule':{width}}  {'fail':>6} {'unknown':>8} {'pass':>6} {'n/a':>6}", err=True)
    for rule, counts in sorted(totals.items(), key=lambda each: _most_first(*each)):
        fail, unknown = counts[Verdict.FAIL], counts[Verdict.UNKNOWN]
        passed, rest = counts[Verdict.PASS], counts[Verdict.NOT_APPLICABLE]
        click.echo(f"{rule:{width}}  {fail:>6} {unknown:>8} {passed:>6} {rest:>6}", err=True)


def _most_first(rule: str, counts: Mapping[Verdict, int]) -> tuple[int, int, str]:
    return -counts[Verdict.FAIL], -counts[Verdict.UNKNOWN], rule


def print_bugs(bugs: Iterable[Exception]) -> None:
    """Prints the traces of what nothing foresaw, on the standard error."""
    for error in bugs:
        click.echo(trace(error), err=True)
