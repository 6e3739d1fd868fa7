"""The bundled rules: they load, agree with the model, and give their examples' verdicts."""

from __future__ import annotations

from functools import cache

import pytest

from fglint.finding import Verdict
from fglint.policy.bundle import rules_directory
from fglint.policy.examples import Result, run
from fglint.policy.loader import load_rules
from fglint.policy.rule import RuleSet
from fglint.policy.schema import check_rule


@cache
def loaded() -> RuleSet:
    return load_rules([rules_directory()])


@cache
def results(name: str) -> tuple[Result, ...]:
    return tuple(run(loaded().rules[name]))


NAMES = sorted(loaded().rules)


def test_all_rule_files_load() -> None:
    assert [] == [f"{each.range}: {each.detail}" for each in loaded().diagnostics]


@pytest.mark.parametrize("name", NAMES)
def test_rule_agrees_with_the_model(name: str) -> None:
    assert [] == [f"{each.range}: {each.detail}" for each in check_rule(loaded().rules[name])]


@pytest.mark.parametrize("name", NAMES)
def test_examples_get_their_verdicts(name: str) -> None:
    problems = [
        f"{result.example.range}: {result.example.title!r}: {problem}"
        for result in results(name)
        for problem in result.problems
    ]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("name", NAMES)
def test_rule_has_examples_that_pass_and_fail(name: str) -> None:
    verdicts = {result.example.verdict for result in results(name)}
    assert {Verdict.PASS, Verdict.FAIL} <= verdicts


@pytest.mark.parametrize("name", NAMES)
def test_every_assert_is_false_in_an_example(name: str) -> None:
    statements = loaded().rules[name].asserts
    failed = {index for result in results(name) for index in result.failed}
    never = [
        str(statements[index].range) for index in range(len(statements)) if index not in failed
    ]
    assert [] == never


@pytest.mark.parametrize("name", NAMES)
def test_superseded_rules_exist(name: str) -> None:
    assert set(loaded().rules[name].supersedes) <= set(loaded().rules)


@pytest.mark.parametrize("name", NAMES)
def test_file_is_named_after_its_rule(name: str) -> None:
    assert f"{name}.hcl" == loaded().rules[name].path.name
