"""`fglint baseline`: writes the findings of today, so that only new ones count from now on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from fglint.commands import deep, flags
from fglint.commands.status import INCOMPLETE

DEFAULT = "fglint-baseline.json"


@click.command("baseline", cls=flags.VariablesCommand, short_help="Write a baseline.")
@click.argument("paths", nargs=-1, type=flags.PATH)
@flags.rule_flags
@flags.load_flags
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> int:
    """Write the findings of root modules to a baseline; findings in it do not count.

    The file is that of --baseline, or of the settings, or fglint-baseline.json in the working
    directory. It replaces the entries of the roots that are checked, and keeps those of others.
    """
    return deep.call(lambda: _write(ctx))


def _write(ctx: click.Context) -> int:
    from collections import Counter
    from dataclasses import replace

    from fglint import baseline, output
    from fglint.finding import Verdict
    from fglint.lint import Lint
    from fglint.misuse import spelled
    from fglint.report.text import counted
    from fglint.roots import Search
    from fglint.suppression import Suppressions

    paths: tuple[Path, ...] = ctx.params["paths"] or (Path(),)
    asked = flags.RuleFlags.of(ctx)
    load = flags.load_options(ctx)
    here = paths[0] if paths[0].is_dir() else paths[0].parent
    overall = asked.plans(load).settings(here)
    target = overall.baseline or Path(DEFAULT)
    # nothing is known while a baseline is made
    plans = replace(asked, baseline=None, no_baseline=True).plans(load)
    roots = Search(overall.exclude).roots(paths)
    for root in roots:
        plans(root.directory)
    found = Lint(plans, Suppressions(plans.folders, date.today())).check(roots)
    counting = {Verdict.FAIL, Verdict.UNKNOWN} if overall.unknown == "fail" else {Verdict.FAIL}
    checked = {baseline.root_name(Path(report.path), target) for report in found}
    entries = baseline.kept(target, checked) if target.exists() else Counter[baseline.Entry]()
    for report in found:
        name = baseline.root_name(Path(report.path), target)
        entries.update(
            baseline.entry_of(finding, name)
            for finding in report.findings
            if finding.suppressed is None and finding.verdict in counting
        )
    output.write(target, baseline.render(entries))
    click.echo(f"{counted(entries.total(), 'finding')} in {spelled(target)}", err=True)
    incomplete = any(d.severity == "error" for report in found for d in report.diagnostics)
    return INCOMPLETE if incomplete else 0
