"""Validates SARIF files with Microsoft's validator, by its general rules and those of GitHub.

    npm install --prefix DIR @microsoft/sarif-multitool
    python tools/validate_sarif.py DIR FILE…

Prints each error and warning; status 1 when there is any. The validator's own status says nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"


def problems(program: Path, file: Path) -> list[str]:
    """What the validator finds in a file, notes left out."""
    with tempfile.TemporaryDirectory() as directory:
        found = Path(directory) / "found.sarif"
        subprocess.run(
            [
                program, "validate", file, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning",
                "--quiet", "true", "-o", found, "--log", "ForceOverwrite",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        log = json.loads(found.read_text(encoding="utf-8-sig"))
    return [
        f"{file}: {result.get('level', 'warning')} {result['ruleId']}: "
        f"{', '.join(result['message'].get('arguments', ()))}"
        for run in log["runs"]
        for result in run.get("results", ())
    ]


def main(arguments: list[str]) -> int:
    """Validates the files that the command line names."""
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    program = Path(arguments[0], PROGRAM)
    if not program.exists():
        print(f"{program}: there is no such file; install the validator first", file=sys.stderr)
        return 2
    if not os.access(program, os.X_OK):
        program.chmod(0o755)  # the package leaves that to an install script
    found = [problem for name in arguments[1:] for problem in problems(program, Path(name))]
    print(*found, sep="\n")
    print(f"{len(arguments) - 1} files, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
