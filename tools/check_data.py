#!/usr/bin/env python3
"""Compares what fglint knows of AWS with botocore's service models, and reports drift.

    check_data.py          says what differs, and what to do; status 1 where something does

Needs botocore, which `pip install -e .[dev]` brings; a newer one knows more. What is compared
stands in tools/data_*.py, with the reasons for differences that are right.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP), str(TOP / "tools")]

from data_actions import ACTIONS  # noqa: E402
from data_comparison import Comparison, Maker, bundled_rules  # noqa: E402
from data_enumerations import ENUMERATIONS  # noqa: E402
from data_members import ARGUMENTS, container_members  # noqa: E402
from data_ranges import RANGES  # noqa: E402
from data_tables import TABLES  # noqa: E402
from service_models import ModelError, Models, installed  # noqa: E402

from fglint.policy.rule import RuleSet  # noqa: E402

COMPARISONS = (container_members, *ARGUMENTS, *ENUMERATIONS, *TABLES, *ACTIONS, *RANGES)


def drift(comparison: Comparison) -> Iterator[str]:
    """What differs without a reason, and reasons for what does not differ; one line each."""
    ours, theirs, known = comparison.ours, comparison.theirs, comparison.known
    if not theirs:
        yield "? nothing of it was found in the service models: adapt the pattern"
        return
    gained = frozenset() if comparison.partly else theirs - ours
    lost = ours - theirs
    for value in sorted(gained - set(known)):
        yield f"+ {value}: {comparison.gain}"
    for value in sorted(lost - set(known)):
        yield f"- {value}: {comparison.loss}"
    for value in sorted(set(known) - gained - lost):
        yield f"! {value} is no difference any more: take out its reason"


def report(makers: tuple[Maker, ...], models: Models, rules: RuleSet) -> Iterator[str]:
    """The lines of the report: for each thing that drifted its name, its place, and how."""
    for make in makers:
        try:
            comparison = make(models, rules)
        except (ModelError, LookupError) as error:
            yield f"{error.args[0]}: adapt the pattern in tools/data_*.py"
            continue
        lines = list(drift(comparison))
        if lines:
            yield f"{comparison.about} ({comparison.place}):"
            yield from (f"  {line}" for line in lines)


def main() -> int:
    """Prints the report."""
    try:
        models = installed()
    except ImportError:
        print("check_data.py: there is no botocore; pip install -e '.[dev]'", file=sys.stderr)
        return 2
    lines = list(report(COMPARISONS, models, bundled_rules()))
    for line in lines:
        print(line)
    verdict = "differ" if lines else "agree"
    print(f"{len(COMPARISONS)} comparisons with botocore {models.version}: they {verdict}")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
