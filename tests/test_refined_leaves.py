"""What a check knows beyond Terraform, leaf by leaf: listed refinements, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import recorded

from fglint.commands import deep

ARCHITECTURE = Path(__file__).parent.parent / "docs" / "architecture.md"


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, Path]]:
    """Every root module with a recorded plan, and its directory."""
    place = tmp_path_factory.mktemp("modules")
    found = [
        (row, recorded.write(row["files"], place / row["name"]))
        for name in ("modules.jsonl", "modules-fuzz.jsonl")
        for row in recorded.rows(name)
    ]
    fixtures = recorded.ROOT / "fixtures"
    return found + [(row, fixtures / row["name"]) for row in recorded.rows("projects.jsonl")]


@pytest.fixture(scope="module")
def leaves(modules: list[tuple[Any, Path]]) -> list[tuple[str, Any]]:
    """The comparison of each leaf, as a check knows it."""
    command, comparison = recorded.conformance(), recorded.comparison()
    with pytest.MonkeyPatch.context() as patch:
        return list(_compared(modules, command, comparison, patch))


def _compared(
    modules: list[tuple[Any, Path]],
    command: ModuleType,
    comparison: ModuleType,
    patch: pytest.MonkeyPatch,
) -> Iterator[tuple[str, Any]]:
    for row, directory in modules:
        for variable, text in row["env"].items():
            patch.setenv(variable, text)

        def work(directory: Path = directory, arguments: list[str] = row["args"]) -> str:
            given = [str(directory), *arguments]
            return str(command.plan(given, plan_only=False, read=command.stand_in))

        plan = recorded.loads(deep.call(work))
        for variable in row["env"]:
            patch.delenv(variable)
        expected = recorded.with_place({**row, "files": {}, "diagnostics": []}, directory)
        for leaf in comparison.compare(expected, plan, refined=True):
            yield row["name"], leaf


def test_what_terraform_knows_a_check_knows_equally(leaves: list[tuple[str, Any]]) -> None:
    assert [] == [f"{name}: {leaf}" for name, leaf in leaves if leaf.kind in ("wrong", "unread")]


def test_what_terraform_does_not_know_is_known_by_a_listed_refinement_only(
    leaves: list[tuple[str, Any]],
) -> None:
    listed = {(row["module"], row["leaf"]) for row in recorded.rows("refined.jsonl")}
    assert listed == {(name, leaf.path) for name, leaf in leaves if leaf.kind == "refined"}


def test_most_leaves_are_compared(leaves: list[tuple[str, Any]]) -> None:
    assert len([leaf for _, leaf in leaves if leaf.kind == "equal"]) > 9_000
    assert len([leaf for _, leaf in leaves if leaf.kind == "unknown"]) > 4_000


def test_each_refinement_is_documented() -> None:
    section = ARCHITECTURE.read_text("utf-8").partition("### Refinements")[2].partition("\n## ")[0]
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE))
    assert {row["because"] for row in recorded.rows("refined.jsonl")} <= documented
