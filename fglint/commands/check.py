"""`fglint check`: checks root modules and prints the report."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fglint.commands import deep, flags
from fglint.commands.status import FINDINGS, INCOMPLETE, INTERRUPTED, USAGE
from fglint.misuse import Misuse
from fglint.report import FORMATS

if TYPE_CHECKING:
    from fglint.diagnostic import Diagnostic
    from fglint.finding import Report, RootReport
    from fglint.plans import Plans
    from fglint.roots import Root

PATIENCE = 2.0  # seconds until a terminal is told how far the work is
FORMAT = click.Choice(["text", *FORMATS])


def report_files(
    ctx: click.Context, param: click.Parameter, given: tuple[str, ...]
) -> tuple[tuple[str, Path], ...]:
    """The format and the path of each FORMAT=PATH."""
    found: list[tuple[str, Path]] = []
    for text in given:
        name, equals, path = text.partition("=")
        if not equals or not path:
            raise click.BadParameter(f'"{text}" is not of the form FORMAT=PATH', ctx, param)
        if name not in FORMATS:
            close = get_close_matches(name, FORMATS, 1)
            meant = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(FORMATS)}"
            raise click.BadParameter(f'"{name}" is no format; {meant}', ctx, param)
        found.append((name, Path(path)))
    _distinct(path for _, path in found)
    return tuple(found)


def _distinct(paths: Iterable[Path]) -> None:
    """Misuse when two reports go to one file: the later would replace the earlier."""
    seen: set[str] = set()
    for path in paths:
        whole = os.path.realpath(path)
        if whole in seen and not (path.exists() and not path.is_file()):
            raise Misuse(f"--report names {path} twice; give each report a file of its own")
        seen.add(whole)


def report_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The formats that complete a report, to be followed by its path."""
    return [f"{name}=" for name in FORMATS if name.startswith(incomplete)]


@click.command("check", cls=flags.VariablesCommand, short_help="Check root modules.")
@click.argument("paths", nargs=-1, type=flags.PATH)
@click.option(
    "-f",
    "--output-format",
    type=FORMAT,
    default="full",
    envvar="FGLINT_OUTPUT_FORMAT",
    help="The format of the report on the standard output.",
)
@click.option(
    "--report",
    "reports",
    callback=report_files,
    multiple=True,
    metavar="FORMAT=PATH",
    shell_complete=report_names,
    help="A further report, to a file; may be given several times.",
)
@flags.rule_flags
@flags.load_flags
@click.option("--fix", is_flag=True, help="Change the files where that is safe; see docs/fixes.md.")
@click.option("--unsafe-fixes", is_flag=True, help="Make fixes that may change behaviour, too.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and write nothing.")
@click.option("--show-suppressed", is_flag=True, help="Show findings that do not count, too.")
@click.option(
    "--expect-services",
    type=click.IntRange(min=0),
    metavar="N",
    help="Give status 3 when fewer Fargate services are found.",
)
@click.option(
    "--stdin-filename",
    type=flags.PATH,
    metavar="FILE",
    help="With the path -, the file whose text stands on the standard input.",
)
@click.option("--statistics", is_flag=True, help="Count the verdicts of each rule.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes.")
@flags.color_flag
@click.option("-q", "--quiet", count=True, help="Print findings and errors only; -qq: nothing.")
@click.option("-v", "--verbose", count=True, help="Tell what is read.")
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> int:  # Any: click checks the types of flags
    """Check root modules: directories, or files that belong to some.

    Without PATHS, the working directory. A directory without Terraform files is searched for root
    modules below it.
    """
    if given["watch"]:
        return _watch(ctx)
    return deep.call(lambda: _check(ctx, set()))


def _watch(ctx: click.Context) -> int:
    """Checks until it is interrupted; the status of the last check."""
    from fglint.commands.watch import watch

    given = ctx.params
    if given["fix"] or given["diff"] or Path("-") in given["paths"]:
        raise Misuse("--watch goes with no --fix, no --diff and no path -")
    statuses: list[int] = []

    def told(text: str) -> None:
        if given["quiet"] < 2:
            click.echo(text, err=True)

    try:
        paths = given["paths"] or (Path(),)
        deep.call(lambda: watch(lambda read: statuses.append(_check(ctx, read)), told, paths))
    except KeyboardInterrupt:
        click.echo(err=True)  # behind the ^C of the terminal
    return statuses[-1] if statuses else INTERRUPTED


def _check(ctx: click.Context, read: set[Path]) -> int:
    """One check; adds the files and directories that it read."""
    from datetime import date

    from fglint.commands import reports
    from fglint.configuration.reader import Memory
    from fglint.finding import Report
    from fglint.lint import Lint
    from fglint.roots import Search
    from fglint.suppression import Suppressions

    given, rule_flags = ctx.params, flags.RuleFlags.of(ctx)
    if given["unsafe_fixes"] and not (given["fix"] or given["diff"]):
        raise Misuse("--unsafe-fixes goes with --fix or --diff")
    paths, overlay = _paths(given["paths"], given["stdin_filename"])
    plans = rule_flags.plans(flags.load_options(ctx))
    overall = plans.settings(paths[0] if paths[0].is_dir() else paths[0].parent)
    search = Search(overall.exclude)
    roots = search.roots(paths)
    for root in roots:
        plans(root.directory)  # what is wrong with settings is said before the work begins

    memory = Memory()

    def check(texts: dict[str, str]) -> tuple[Lint, list[RootReport]]:
        changed = {Path(os.path.abspath(path)): text for path, text in texts.items()}
        suppressions = Suppressions(plans.folders, date.today())
        lint = Lint(plans, suppressions, overlay={**overlay, **changed}, memory=memory)
        return lint, _settled(lint.check(_told(roots, plans, given["verbose"])))

    lint, found = check({})
    if given["fix"] or given["diff"]:
        changed, found = _fixed(given, found, lambda texts: check(texts)[1], bool(overlay))
        if given["diff"]:
            return FINDINGS if changed else _status(Report(tuple(found)), plans)
        if changed:
            lint, found = check({})
    diagnostics = [
        *plans.diagnostics,
        *lint.suppressions.report(_complete(plans, paths)),
        *reports.unused_facts(plans.facts(_complete(plans, paths)), lint.facts_taken),
        *(diagnostic for baseline in plans.baselines for diagnostic in baseline.report()),
        *reports.expectation(found, given["expect_services"]),
        *(() if any(root.services for root in found) else reports.elsewhere(search.below(roots))),
    ]
    report = Report(tuple(found), tuple(diagnostics), tuple(lint.rules.values()))
    written = reports.write(report, reports.Wanted.of(given, overall))
    read.update(lint.read, plans.read, (root.directory for root in roots))
    read.update([path.parent for path in lint.read])
    if given["statistics"]:
        reports.print_statistics(found)
    if given["verbose"]:
        reports.print_bugs(lint.bugs)
    return _status(report, plans) if written else USAGE


def _fixed(
    given: dict[str, Any],  # Any: click checks the types of flags
    found: list[RootReport],
    check: Callable[[dict[str, str]], list[RootReport]],
    is_standard_input: bool,
) -> tuple[bool, list[RootReport]]:
    """Makes fixes or prints them; whether there are any, and the reports after them."""
    from fglint.commands import fixes
    from fglint.fix import fix

    if is_standard_input and not given["diff"]:
        raise Misuse("--fix changes files; with the path - there is --diff")
    protection = fixes.protection(Path.cwd())
    done = fix(found, check, unsafe=given["unsafe_fixes"], protection=protection)
    if given["diff"]:
        fixes.print_diff(done, found)
    else:
        fixes.write(done, Path.cwd())
    fixes.tell(done, would=given["diff"], quiet=given["quiet"])
    return bool(done.texts), done.reports


def _paths(given: tuple[Path, ...], stdin: Path | None) -> tuple[tuple[Path, ...], dict[Path, str]]:
    """The paths to check, and the text of the file that stands on the standard input."""
    if Path("-") not in given:
        if stdin is not None:
            raise Misuse("--stdin-filename goes with the path -")
        return given or (Path(),), {}
    if stdin is None or len(given) > 1:
        raise Misuse("the path - stands alone and needs --stdin-filename FILE")
    text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    path = stdin if stdin.exists() else stdin.parent  # a file that is not saved yet
    return (path,), {Path(os.path.abspath(stdin)): text}


def _settled(found: list[RootReport]) -> list[RootReport]:
    """The reports without errors for --var that one root lacks and another declares."""
    summary = "Value for undeclared variable"
    undeclared = [{d.detail for d in root.diagnostics if d.summary == summary} for root in found]
    everywhere = set.intersection(*undeclared) if undeclared else set()

    def counts(diagnostic: Diagnostic) -> bool:
        given = diagnostic.summary == summary and diagnostic.range is None
        return not given or diagnostic.detail in everywhere

    return [replace(root, diagnostics=tuple(filter(counts, root.diagnostics))) for root in found]


def _told(roots: Sequence[Root], plans: Plans, verbose: int) -> Iterator[Root]:
    """The roots, while who waits is told which of them is being checked."""
    started = time.monotonic()
    shows = sys.stderr.isatty() and not verbose
    shown = False
    for number, root in enumerate(roots, 1):
        path = os.path.relpath(root.directory).replace(os.sep, "/")
        if verbose:
            place = plans.settings(root.directory).path
            source = "default settings" if place is None else os.path.relpath(place)
            click.echo(f"checking {path} with {source}", err=True)
        elif shows and time.monotonic() - started > PATIENCE:
            click.echo(f"\r\x1b[Kchecking {number} of {len(roots)}: {path}", err=True, nl=False)
            shown = True
        yield root
    if shown:
        click.echo("\r\x1b[K", err=True, nl=False)


def _complete(plans: Plans, paths: Sequence[Path]) -> set[Path]:
    """The settings files all of whose roots were asked for."""
    whole = [path.resolve() for path in paths if path.is_dir()]
    return {
        path
        for path in plans.files
        if any(path.resolve().is_relative_to(directory) for directory in whole)
    }


def _status(report: Report, plans: Plans) -> int:
    """2 for a broken rule, 3 for an incomplete check, 1 for findings: in this order."""
    if plans.diagnostics or any(root.broken_rules for root in report.roots):
        return USAGE
    diagnostics = [*report.diagnostics, *(d for root in report.roots for d in root.diagnostics)]
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        return INCOMPLETE
    return FINDINGS if any(_fails(root, plans) for root in report.roots) else 0


def _fails(root: RootReport, plans: Plans) -> bool:
    """Whether a finding counts that is as severe as the settings of its root say, or more so."""
    from fglint.finding import Verdict

    settings = plans.settings(Path(root.path))
    least = settings.fail_on
    if least is None:
        return False
    counting = {Verdict.FAIL, Verdict.UNKNOWN} if settings.unknown == "fail" else {Verdict.FAIL}
    return any(
        finding.suppressed is None
        and finding.verdict in counting
        and finding.severity.rank <= least.rank
        for finding in root.findings
    )
