"""Validates SARIF files by the schema and by Microsoft's validator, with GitHub's rules too.

    npm install --prefix DIR @microsoft/sarif-multitool
    python tools/validate_sarif.py DIR FILE…

Prints each error and warning; status 1 when there is any. The validator's own status says nothing,
and it is silent about some files that the schema refuses.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlparse

PACKAGE = "node_modules/@microsoft/sarif-multitool-linux"
BATCH = 50  # files of one call: starting the validator costs more than a file


def schema_problems(schema: Path, file: Path) -> Iterator[str]:
    """What the schema refuses."""
    import jsonschema

    validator = jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8-sig")))
    for error in validator.iter_errors(json.loads(file.read_text(encoding="utf-8"))):
        place = "/".join(map(str, error.absolute_path))
        yield f"{file}: schema: {place}: {error.message[:200]}"


def rule_problems(program: Path, files: Sequence[Path]) -> Iterator[str]:
    """What the validator finds, notes left out."""
    with tempfile.TemporaryDirectory() as directory:
        found = Path(directory) / "found.sarif"
        subprocess.run(
            [
                program, "validate", *files, "--rule-kind", "Sarif;Ghas",
                "--level", "Error;Warning", "--quiet", "true", "-o", found,
                "--log", "ForceOverwrite",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        log = json.loads(found.read_text(encoding="utf-8-sig"))
    for run in log["runs"]:
        for result in run.get("results", ()):
            uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            file = os.path.relpath(unquote(urlparse(uri).path))
            text = ", ".join(result["message"].get("arguments", ()))
            yield f"{file}: {result.get('level', 'warning')} {result['ruleId']}: {text}"


def main(arguments: list[str]) -> int:
    """Validates the files that the command line names."""
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    package = Path(arguments[0], PACKAGE)
    program = package / "Sarif.Multitool"
    if not program.exists():
        print(f"{program}: there is no such file; install the validator first", file=sys.stderr)
        return 2
    if not os.access(program, os.X_OK):
        program.chmod(0o755)  # the package leaves that to an install script
    files = [Path(name) for name in arguments[1:]]
    problems = [p for file in files for p in schema_problems(package / "sarif-2.1.0.json", file)]
    for start in range(0, len(files), BATCH):
        problems += rule_problems(program, files[start : start + BATCH])
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{len(files)} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
