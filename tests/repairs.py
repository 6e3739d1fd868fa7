"""Repairs small configurations by the fixes of bundled rules."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from fglint.configuration.loader import load
from fglint.finding import RootReport
from fglint.fix import Fixing, Texts, fix
from fglint.model.deployment import Deployment
from fglint.policy.bundle import rules_directory
from fglint.policy.check import judge
from fglint.policy.loader import load_rules
from fglint.source import Files

RULES = load_rules([rules_directory()]).rules
TERRAFORM = shutil.which("terraform")


def repaired(directory: Path, texts: Texts, *names: str) -> Fixing:
    """What the fixes of rules come to over files, unsafe ones, too."""
    for path, text in texts.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(text.encode())
    rules = [RULES[name] for name in names]

    def check(changed: Texts) -> list[RootReport]:
        overlay = {directory / path: text for path, text in changed.items()}
        configuration = load(directory, Files(directory, overlay=overlay))
        outcome = judge(Deployment(configuration), rules)
        found = (*configuration.diagnostics, *outcome.diagnostics)
        return [RootReport(".", (), outcome.counts, outcome.findings, found, 0, 0, 0)]

    return fix(check({}), check, unsafe=True)


def formatted(text: str) -> str:
    """The text as terraform fmt leaves it; as it is where there is none."""
    if TERRAFORM is None:
        return text
    done = subprocess.run(
        [TERRAFORM, "fmt", "-"], input=text, capture_output=True, text=True, check=True
    )
    return done.stdout


def reasons(done: Fixing) -> list[str]:
    """Why fixes were not made."""
    return [each.reason for each in done.refused]
