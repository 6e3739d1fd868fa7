#!/usr/bin/env python3
"""Puts the output of commands into README.md: what it shows is what fglint prints.

    readme.py            writes it
    readme.py --check    says whether it is out of date (status 1)

Each ```console block begins with a line `$ fglint …`, whose output follows.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
README = TOP / "README.md"
BLOCK = re.compile(r"^```console\n\$ (fglint .+)\n(?:.*\n)*?```$", re.MULTILINE)


def render(text: str) -> str:
    """The README with the output of today."""
    return BLOCK.sub(lambda block: f"```console\n$ {block[1]}\n{output(block[1])}```", text)


def output(command: str) -> str:
    """What a command prints in a copy of what it reads, so that it writes nothing here."""
    with tempfile.TemporaryDirectory() as directory:
        for name in ("reference", "tests"):
            os.symlink(TOP / name, Path(directory) / name)
        environment = {**os.environ, "PYTHONPATH": str(TOP), "NO_COLOR": "1"}
        arguments = [sys.executable, "-m", *shlex.split(command)]
        ran = subprocess.run(
            arguments,
            cwd=directory,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    return ran.stdout


def main() -> int:
    """Writes the README, or compares it."""
    before = README.read_text(encoding="utf-8")
    after = render(before)
    if "--check" in sys.argv[1:]:
        if before != after:
            print("README.md is out of date; run tools/readme.py", file=sys.stderr)
        return int(before != after)
    README.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
