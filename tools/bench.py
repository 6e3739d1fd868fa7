#!/usr/bin/env python3
"""Measures whole processes against their budgets; status 1 when one is over.

    bench.py [--runs 7]

Measured is the installed fglint, which has an index of the rules that a checkout lacks. Each
process is new; the median of the runs counts. Bytecode is compiled by a first run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).resolve().parent.parent
REFERENCE = TOP / "reference" / "nat"
FGLINT = (sys.executable, "-P", "-m", "fglint")  # -P: not that of the working directory
BIG = 3000  # lines of the big root


class Case(NamedTuple):
    """A command line, where it runs, and the seconds it may take."""

    name: str
    arguments: tuple[str, ...]
    directory: Path
    budget: float


@contextmanager
def cases() -> Iterator[list[Case]]:
    """All cases, with the roots that they check."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        lines = big_root(directory / "infra")
        stack = sum(path.read_text().count("\n") for path in REFERENCE.glob("*.tf"))
        yield [
            Case("--version", ("--version",), TOP, 0.12),
            Case(f"check, {stack} lines", ("check", "reference/nat"), TOP, 0.35),
            Case(f"hook, {lines} lines", ("check", "infra/service_0.tf"), directory, 0.6),
        ]


def big_root(directory: Path) -> int:
    """Writes a root with the reference stack's network and many services; gives its lines."""
    directory.mkdir()
    (directory.parent / ".git").mkdir()
    files = {path.name: path.read_text() for path in REFERENCE.iterdir()}
    service = files.pop("service.tf")
    lines = sum(text.count("\n") for name, text in files.items() if name.endswith(".tf"))
    number = 0
    while lines < BIG or number == 0:
        own = service if number == 0 else service.replace('" "app" {', f'" "app_{number}" {{')
        for name in ("main", "cpu", "requests"):
            own = own if number == 0 else own.replace(f'" "{name}" {{', f'" "{name}_{number}" {{')
        files[f"service_{number}.tf"] = own
        lines += own.count("\n")
        number += 1
    for name, text in files.items():
        (directory / name).write_text(text)
    return lines


def seconds(case: Case, runs: int) -> float:
    """The median time of a case's process."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    times: list[float] = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(
            [*FGLINT, *case.arguments],
            cwd=case.directory,
            env=environment,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])  # the first one compiles


def main() -> int:
    """Prints a line for each case."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--runs", type=int, default=7)
    runs: int = parser.parse_args().runs
    over = False
    with cases() as found:
        for case in found:
            taken = seconds(case, runs)
            over |= taken > case.budget
            verdict = "over" if taken > case.budget else "ok"
            print(f"{case.name:24} {taken:.3f} s of {case.budget:.2f} s  {verdict}")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
