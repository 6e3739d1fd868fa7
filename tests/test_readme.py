"""The README: its commands, outputs, settings and snippets are right."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

from fglint.comments import ignore_comments
from fglint.finding import Severity
from fglint.settings import load
from fglint.source import SourceFile
from fglint.syntax import parse

TOP = Path(__file__).parent.parent
TEXT = (TOP / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


CONSOLE = [re.match(r"\$ fglint (.*)\n", block) for block in blocks("console")]
COMMANDS = [match[1] for match in CONSOLE if match]
STATUSES = {
    "check reference/nat": 0,
    "check tests/fixtures/projects/article --select plaintext-secret,listener-without-tls": 1,
    "reference nat infra": 0,
    "check tests/fixtures/projects/article --select secrets --output-format concise": 1,
}


def test_outputs_are_those_of_today() -> None:
    ran = subprocess.run([sys.executable, str(TOP / "tools" / "readme.py"), "--check"])
    assert 0 == ran.returncode


def test_every_output_has_a_status() -> None:
    assert set(COMMANDS) == STATUSES.keys()


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_give_their_statuses(
    fglint: Run, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("reference", "tests"):
        (tmp_path / name).symlink_to(TOP / name)
    monkeypatch.chdir(tmp_path)
    assert STATUSES[command] == fglint(*shlex.split(command)).status


def test_settings_are_settings(tmp_path: Path) -> None:
    (block,) = blocks("toml")
    (tmp_path / "fglint.toml").write_text(block)
    found = load(tmp_path / "fglint.toml")
    assert Severity.HIGH is found.fail_on
    assert "module.demo" == found.ignored_findings[0].address


def test_comment_is_one() -> None:
    (block,) = blocks("terraform")
    comments, wrong = ignore_comments(parse(SourceFile("main.tf", block)))
    assert [] == wrong
    assert [("task-in-public-subnet",)] == [comment.rules for comment in comments]


def test_hook_exists() -> None:
    hooks = (TOP / ".pre-commit-hooks.yaml").read_text()
    named = re.findall(r"- id: (\S+)", "".join(blocks("yaml")))
    assert ["fglint"] == named
    assert all(f"- id: {name}\n" in hooks for name in named)


def test_linked_files_exist() -> None:
    links = re.findall(r"\]\(([^):]+)\)", TEXT)
    assert [] == [link for link in links if not (TOP / link).exists()]


def test_ci_runs_the_second_command() -> None:
    first, second = blocks("sh")
    assert "fglint check reference/nat" in first
    assert ".venv/bin/python -m pytest -n auto\n" == second
    assert "README.md" in (TOP / ".ci" / "run").read_text()


FILES = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE")


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[], Path]:
    """Copies what a build needs."""

    def copy() -> Path:
        target = tmp_path / "checkout"
        target.mkdir()
        for name in (*FILES, "fglint", "rules", "reference"):
            source = TOP / name
            ignored = shutil.ignore_patterns("__pycache__")
            if source.is_dir():
                shutil.copytree(source, target / name, ignore=ignored)
            else:
                shutil.copy2(source, target / name)
        return target

    return copy


@pytest.mark.slow
def test_first_command_works_on_a_fresh_machine(copy: Callable[[], Path]) -> None:
    command = blocks("sh")[0].replace("python3", shlex.quote(sys.executable))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(
        ["sh", "-c", command], cwd=copy(), env=environment, capture_output=True, text=True
    )
    assert 0 == ran.returncode, ran.stdout + ran.stderr
    assert "Checked 1 service" in ran.stdout


def test_pages_of_rules_and_model_are_those_of_today(fglint: Run) -> None:
    ran = fglint("docs", TOP / "docs", "--check")
    assert (0, "") == (ran.status, ran.err)
