"""The law of unknowns: a variable that gets a value settles verdicts and never reverses one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fglint.configuration.session import LoadOptions
from fglint.finding import Verdict
from fglint.policy.bundle import rules_directory
from fglint.policy.check import judge
from fglint.policy.examples import deploy
from fglint.policy.loader import load_rules, read_examples
from fglint.policy.rule import Example, Rule
from fglint.source import Files
from fglint.syntax.nodes import Block

Key = tuple[str, str, int]  # address, subject, index of the assert

FILES = Files()
TEXTS = st.sampled_from(
    [
        *("", "app", "latest", "FARGATE", "EC2", "HTTP", "HTTPS", "TCP", "forward", "0.0.0.0/0"),
        *(
            "10.0.0.0/16",
            "vpc-0a",
            "subnet-0a",
            "sg-0a",
            "igw-0a",
            "nat-0a",
            "eu-west-1",
            "awslogs",
        ),
        "arn:aws:iam::123456789012:role/app",
        "arn:aws:acm:eu-west-1:123456789012:certificate/0a",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/app/0a",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1",
        "nginx:1.27",
    ]
)
NUMBERS = st.sampled_from([0, 1, 2, 80, 256, 443, 512, 1024, 8080, 100000])


def values_of(type_: str) -> st.SearchStrategy[object]:
    """Values of a variable's declared type."""
    match type_:
        case "number":
            return NUMBERS
        case "bool":
            return st.booleans()
        case "list(string)" | "set(string)":
            return st.lists(TEXTS, max_size=3, unique=True)
        case "string":
            return TEXTS
        case "map(string)":
            return st.dictionaries(st.sampled_from(["a", "b"]), TEXTS, max_size=2)
        case "list(number)":
            return st.lists(NUMBERS, max_size=2)
        case _:
            return st.none()  # left open


def open_variables(example: Example) -> dict[str, str]:
    """The variables of an example that have no value, with their types."""
    return dict(_open(example.block))


def _open(block: Block) -> Iterator[tuple[str, str]]:
    for variable in block.body.blocks_of("variable"):
        arguments = variable.body.attributes
        if "default" not in arguments and "validation" not in {
            b.type for b in variable.body.blocks
        }:
            node = arguments["type"].expression if "type" in arguments else None
            text = block.body.source.text[node.start : node.end] if node is not None else "string"
            yield variable.label(0), "".join(text.split())


@cache
def cases() -> dict[str, tuple[Rule, Example]]:
    """All examples of bundled rules in which a variable has no value."""
    found: dict[str, tuple[Rule, Example]] = {}
    for rule in load_rules([rules_directory()]).rules.values():
        for example in read_examples(rule, FILES):
            if open_variables(example):
                found[f"{rule.name}: {example.title}"] = rule, example
    return found


def settled(rule: Rule, example: Example, variables: dict[str, object]) -> dict[Key, Verdict]:
    """What each assert that is no judgement says of each subject; the worst where it says more."""
    given = tuple(("var", f"{name}={_text(value)}") for name, value in variables.items())
    deployment, _ = deploy(rule, example, FILES, LoadOptions(variables=given))
    outcome = judge(deployment, [rule], {rule.name: example.options})
    found: dict[Key, Verdict] = {}
    for judgement in outcome.judgements:
        for answer in judgement.answers:
            if answer.statement is None or answer.statement.judgement:
                continue
            if answer.statement.for_each is not None:
                continue  # which elements there are hangs on the values
            index = rule.asserts.index(answer.statement)
            found[judgement.subject.address, judgement.subject.subject, index] = answer.verdict
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize("name", sorted(cases()))
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_a_value_reverses_no_verdict(name: str, data: st.DataObject) -> None:
    rule, example = cases()[name]
    before = settled(rule, example, {})
    variables = {
        variable: data.draw(values_of(type_), label=variable)
        for variable, type_ in open_variables(example).items()
    }
    variables = {key: value for key, value in variables.items() if value is not None}
    after = settled(rule, example, variables)
    reversed_ = {
        key: (before[key], after[key])
        for key in before.keys() & after.keys()
        if {before[key], after[key]} == {Verdict.PASS, Verdict.FAIL}
    }
    assert {} == reversed_, variables
