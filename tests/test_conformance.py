"""fglint evaluates as Terraform does, answer by recorded answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import recorded
from recorded import Answer

from fglint.commands import deep
from fglint.evaluation.refinement import as_terraform

Ask = Callable[[list[str]], list[Any]]


@pytest.fixture(scope="module")
def command() -> ModuleType:
    return recorded.conformance()


@pytest.fixture(scope="module")
def prelude(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = recorded.loads((recorded.FIXTURES / "prelude.json").read_text("utf-8"))
    return recorded.write(files, tmp_path_factory.mktemp("prelude"))


@pytest.fixture(scope="module")
def ask(command: ModuleType, prelude: Path) -> Ask:
    def ask(expressions: list[str]) -> list[Any]:
        configuration = command.load_prelude(prelude)
        return [recorded.loads(command.answer(configuration, text)) for text in expressions]

    return ask


def miss(row: Any, answer: Any) -> str:
    """What is wrong with the answer to an expression; empty for nothing."""
    if "error" in row:
        return "" if "error" in answer else f"an error expected ({row['error']}), got {answer}"
    if "error" in answer:
        return f"unexpected error: {answer['error']}"
    special = row.get("result_special"), answer.get("special")
    if special != (None, None):
        return "" if special[0] == special[1] else f"{special[0]} expected, got {answer}"
    types = row.get("type"), answer.get("type")
    if None not in types and types[0] != types[1] and row.get("result_json") != "null":
        return f"the type {types[0]} expected, got {types[1]}"
    value = recorded.loads(row.get("result_json", "null"))
    expected = Answer.of(value, row.get("unknown", False), row.get("sensitive", False))
    actual = Answer.of(
        answer.get("value"), answer.get("unknown", False), answer.get("sensitive", False)
    )
    return recorded.difference(expected, actual)


def misses_of(ask: Ask, *, refined: bool = False) -> dict[str, str]:
    rows = recorded.rows("expressions.jsonl") + recorded.rows("expressions-unknown.jsonl")
    rows = [row for row in rows if not refined or row["group"] != "unknown.calls"]
    allowed = defaultdict(list)
    for row in recorded.rows("allowed.jsonl"):
        allowed[row["expr"]].append(row)
    answers = ask([row["expr"] for row in rows])
    return {
        row["expr"]: found
        for row, answer in zip(rows, answers, strict=True)
        if (found := miss(row, answer))
        and all(miss(other, answer) for other in allowed[row["expr"]])
    }


def test_every_expression_has_terraforms_value(ask: Ask) -> None:
    def work() -> dict[str, str]:
        with as_terraform():
            return misses_of(ask)

    assert {} == deep.call(work)


def test_refined_values_are_terraforms_or_follow_from_them(ask: Ask) -> None:
    assert {} == deep.call(lambda: misses_of(ask, refined=True))


def test_without_refinement_nothing_is_known_that_terraform_does_not_know(ask: Ask) -> None:
    rows = [row for row in recorded.rows("expressions.jsonl") if row.get("unknown") is True]

    def work() -> list[Any]:
        with as_terraform():
            return ask([row["expr"] for row in rows])

    answers = zip(rows, deep.call(work), strict=True)
    known = [row["expr"] for row, answer in answers if answer.get("unknown") is not True]
    # Terraform 1.12 does not look at a right operand that cannot matter any more.
    assert [] == [text for text in known if " && " not in text and " || " not in text]


@pytest.mark.parametrize("name", ["modules.jsonl", "modules-fuzz.jsonl"])
def test_every_module_has_terraforms_plan(
    name: str, command: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    misses: list[str] = []
    for module in recorded.rows(name):
        directory = recorded.write(module["files"], tmp_path / module["name"])
        with monkeypatch.context() as patch:
            for variable, text in module["env"].items():
                patch.setenv(variable, text)

            def work(directory: Path = directory, arguments: list[str] = module["args"]) -> str:
                with as_terraform():
                    return str(command.plan([str(directory), *arguments]))

            plan = recorded.loads(deep.call(work))
        misses += [f"{module['name']}: {found}" for found in differences(module, plan, directory)]
    assert [] == misses


def differences(module: Any, plan: Any, directory: Path) -> list[str]:
    if plan["ok"] != module["ok"]:
        return [f"accepted by Terraform: {module['ok']}; {plan['diagnostics']}"]
    found = _compared("output", module["outputs"], plan["outputs"], "value", directory)
    expected, actual = module["resources"], plan["resources"]
    found += [f"{address} missing" for address in expected.keys() - actual.keys()]
    found += [f"{address} not expected" for address in actual.keys() - expected.keys()]
    for address in expected.keys() & actual.keys():
        one, other = ({"": each} for each in (expected[address], actual[address]))
        found += _compared(address, one, other, "values", directory)
    return found


def _compared(what: str, expected: Any, actual: Any, member: str, directory: Path) -> list[str]:
    found = [f"{what} {name} missing" for name in expected.keys() ^ actual.keys()]
    for name in expected.keys() & actual.keys():
        one, other = (
            Answer.of(each[member], each["unknown"], each["sensitive"])
            for each in (recorded.with_place(expected[name], directory), actual[name])
        )
        if difference := recorded.difference(one, other):
            found.append(f"{what} {name}{difference}")
    return found
