"""The pre-commit hooks, run by pre-commit itself from a clone of this checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import RULE, task

TOP = Path(__file__).parent.parent
PRE_COMMIT = (sys.executable, "-m", "pre_commit")
HOOKS = TOP / ".pre-commit-hooks.yaml"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
    pytest.mark.skipif(not (TOP / ".git").exists(), reason="this is no checkout"),
]


def git(directory: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    command = ["git", "-C", str(directory), *identity, "-c", "core.hooksPath=", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A repository with what stands in the checkout, committed or not, as pre-commit clones it."""
    clone = tmp_path_factory.mktemp("hooks") / "fglint"
    names = git(TOP, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for name in names:
        if (TOP / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, clone / name)
    git(clone, "init", "-q")
    git(clone, "add", "-A")
    git(clone, "commit", "-q", "-m", "state")
    yield clone


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, hooks: Path) -> Path:
    """A user's repository with two roots, one of which calls a module that reads a template."""
    top = tmp_path_factory.mktemp("user")
    files = {
        "prod/main.tf": 'module "app" {\n  source = "../modules/app"\n}\n',
        "modules/app/main.tf": task().replace(
            '"web"', 'trimspace(file("${path.module}/name.tpl"))'
        ),
        "modules/app/name.tpl": "web\n",
        "stage/main.tf": task(container="shop-web"),
        "README.md": "# Ours\n",
        "policies/names/unprefixed-container.hcl": RULE,
        "fglint.toml": 'select = ["unprefixed-container"]\nrule-directories = ["policies"]\n',
        ".pre-commit-config.yaml": (
            f"repos:\n  - repo: {hooks}\n    rev: {git(hooks, 'rev-parse', 'HEAD').strip()}\n"
            "    hooks:\n      - id: fglint\n      - id: fglint-all\n        stages: [manual]\n"
        ),
    }
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(top, "init", "-q")
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "state")
    return top


def run(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE")
    }
    environment["PRE_COMMIT_HOME"] = str(repository.parent / "pre-commit-home")
    return subprocess.run(
        [*PRE_COMMIT, "run", "--color", "never", *arguments],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_manifest_is_valid() -> None:
    ran = subprocess.run([*PRE_COMMIT, "validate-manifest", str(HOOKS)], capture_output=True)
    assert 0 == ran.returncode


@pytest.mark.parametrize(
    ("changed", "finds"),
    [
        pytest.param("stage/main.tf", False, id="a root"),
        pytest.param("modules/app/main.tf", True, id="a child module"),
        pytest.param("modules/app/name.tpl", True, id="a template"),
        pytest.param("fglint.toml", True, id="the settings"),
        pytest.param("README.md", False, id="another file"),
    ],
)
def test_changed_file_stands_for_its_roots(repository: Path, changed: str, finds: bool) -> None:
    ran = run(repository, "fglint", "--files", changed)
    assert finds is (ran.returncode == 1), ran.stdout + ran.stderr
    assert finds is ("unprefixed-container" in ran.stdout)


def test_all_files_are_one_check(repository: Path) -> None:
    ran = run(repository, "fglint", "--all-files")
    assert 1 == ran.returncode, ran.stdout + ran.stderr
    assert 1 == ran.stdout.count("[unprefixed-container]")


def test_whole_repository(repository: Path) -> None:
    ran = run(repository, "fglint-all", "--hook-stage", "manual")
    assert 1 == ran.returncode, ran.stdout + ran.stderr
    assert 1 == ran.stdout.count("[unprefixed-container]")


def test_thousands_of_files(repository: Path) -> None:
    many = repository / "many"
    many.mkdir()
    names = [f"many/a_file_with_a_rather_long_name_{number:05}.tf" for number in range(3000)]
    for name in names:
        (repository / name).write_text("")
    (many / "main.tf").write_text(task())
    git(repository, "add", "-A")
    ran = run(repository, "fglint", "--files", "many/main.tf", *names)
    assert 1 == ran.returncode, ran.stdout + ran.stderr
    assert 1 <= ran.stdout.count("[unprefixed-container]") <= 2
