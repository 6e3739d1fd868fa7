"""The wheel: it carries the rules and the reference stacks, and works outside the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of what stands in the checkout, built from a source distribution."""
    source = tmp_path_factory.mktemp("source")
    for name in ("fglint", "rules", "reference", "tests", "tools", "docs"):
        shutil.copytree(TOP / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (
        "pyproject.toml",
        "hatch_build.py",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "Makefile",
    ):
        shutil.copy2(TOP / name, source / name)
    shutil.copy2(TOP / ".pre-commit-hooks.yaml", source)
    run(sys.executable, "-m", "build", "-q", cwd=source)
    (built,) = (source / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, installed from the wheel in a fresh environment."""
    environment = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", environment)
    run(environment / "bin" / "pip", "install", "-q", wheel)
    return environment / "bin" / "fglint"


def run(*command: object, cwd: Path | None = None, status: int = 0) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert status == ran.returncode, ran.stdout + ran.stderr
    return ran.stdout


def test_wheel_holds_what_the_package_needs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        f"fglint/{folder}/{path.relative_to(TOP / top).as_posix()}"
        for folder, top in (("_rules", "rules"), ("_reference", "reference"))
        for path in (TOP / top).rglob("*")
        if path.is_file()
    }
    assert set() == {*expected, "fglint/py.typed", "fglint/cli.py"} - names
    assert not any(name.startswith(("tests/", "tools/", "docs/")) for name in names)


def test_reference_stack_is_copied_and_passes(installed: Path, tmp_path: Path) -> None:
    run(installed, "reference", "nat", "infra", cwd=tmp_path)
    out = run(installed, "check", "infra", cwd=tmp_path)
    assert "Checked 1 service" in out
    assert "rule" in out


def test_installed_rules_are_those_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    out = run(installed, "rules", cwd=tmp_path)
    names = {path.stem for path in (TOP / "rules").glob("*/*.hcl")}
    assert names == {line.split()[0] for line in out.splitlines() if line.startswith("  ")}


def test_commands_run_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('locals {\n  a = "b"\n}\n')
    assert '"b"' == run(installed, "eval", "local.a", cwd=tmp_path).splitlines()[0]
    assert "digraph" in run(installed, "graph", "--format", "dot", cwd=tmp_path)
    run(installed, "check", "--output-format", "sarif", cwd=tmp_path)
    run(installed, "config", cwd=tmp_path)
    run(installed, "test", cwd=tmp_path)
