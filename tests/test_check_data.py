"""tools/check_data.py: what it says of differences, by made-up service models."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

TOP = Path(__file__).parent.parent
sys.path.insert(0, str(TOP / "tools"))

from check_data import COMPARISONS, report  # noqa: E402 - found by the line before
from data_comparison import Comparison, bundled_rules, listed, numbers  # noqa: E402
from data_enumerations import Enumeration  # noqa: E402
from data_members import Arguments  # noqa: E402
from data_ranges import Range  # noqa: E402
from service_models import ModelError, Models  # noqa: E402

RULES = bundled_rules()
ECS: dict[str, Any] = {
    "shapes": {
        "LaunchType": {"type": "string", "enum": ["EC2", "FARGATE", "EXTERNAL", "LUNAR"]},
        "Days": {
            "type": "integer",
            "documentation": "<p>Possible values are: 1,\n3, and <code>5</code>. Others fail.</p>",
        },
        "Check": {
            "type": "structure",
            "members": {
                "interval": {
                    "shape": "Integer",
                    "documentation": "<p>You may specify between 5 and 1,300 seconds.</p>",
                },
            },
        },
        "CreateRequest": {
            "type": "structure",
            "members": {
                "logGroupName": {"shape": "String"},
                "kmsKeyId": {"shape": "String"},
                "moonPhase": {"shape": "String"},
            },
        },
    },
    "operations": {"Create": {}},
}


def models() -> Models:
    def load(name: str) -> Mapping[str, Any]:
        return {"ecs": ECS}[name]

    return Models(load)


def said(comparison: Comparison) -> list[str]:
    return [line.strip() for line in report((lambda *_: comparison,), models(), RULES)]


def compared(ours: str, theirs: str, known: str = "", **more: Any) -> list[str]:
    reasons = dict.fromkeys(known.split(), "it is right")
    sets = frozenset(ours.split()), frozenset(theirs.split())
    return said(Comparison("moons", "sky.py", *sets, reasons, **more))[1:]


def test_what_agrees_says_nothing() -> None:
    assert [] == said(Comparison("moons", "sky.py", frozenset("ab"), frozenset("ab")))


def test_the_place_comes_first() -> None:
    assert "moons (sky.py):" == said(Comparison("moons", "sky.py", frozenset(), frozenset("a")))[0]


@pytest.mark.parametrize(
    ("ours", "theirs", "known", "lines"),
    [
        ("a", "a b", "", ["+ b: add it, or state why not"]),
        ("a b", "a", "", ["- b: AWS no longer names it: take it out, or state why not"]),
        ("a c", "b a", "b c", []),
        ("a", "a", "b", ["! b is no difference any more: take out its reason"]),
        ("a", "", "", ["? nothing of it was found in the service models: adapt the pattern"]),
    ],
)
def test_differences(ours: str, theirs: str, known: str, lines: list[str]) -> None:
    assert lines == compared(ours, theirs, known)


def test_of_what_concerns_it_partly_only_its_own_part_counts() -> None:
    assert [] == compared("a", "a b c", partly=True)
    assert ["- d: gone"] == compared("a d", "a b c", partly=True, loss="gone")


def test_an_enumeration_with_a_new_value() -> None:
    known = Enumeration("ecs", "LaunchType", "launch.py", "EC2 FARGATE EXTERNAL")
    assert [
        "LaunchType of ecs (launch.py):",
        "  + LUNAR: see whether it matters there, then list it here",
    ] == list(report((known,), models(), RULES))


def test_an_enumeration_in_a_rule() -> None:
    known = Enumeration("ecs", "LaunchType", "missing-fargate-compatibility", "EC2 FARGATE")
    assert [
        "LaunchType of ecs (missing-fargate-compatibility):",
        "  + LUNAR: add it, or state why not",
        "  - MANAGED_INSTANCES: AWS no longer names it: take it out, or state why not",
    ] == list(report((known,), models(), RULES))


def test_a_range_that_the_rule_does_not_have() -> None:
    bounds = Range("invalid-health-check", "ecs", "Check.interval", r"between (\d+) and ([\d,]+)")
    assert [
        "range of Check.interval of ecs (rule invalid-health-check):",
        "  + 1300: change the rule's condition",
    ] == list(report((bounds,), models(), RULES))


def test_a_member_without_an_argument() -> None:
    names = Arguments(
        "ecs", "CreateRequest", "aws_cloudwatch_log_group", {"logGroupName": "name"}, {}
    )
    (_, line) = report((names,), models(), RULES)
    assert line.startswith("  + moon_phase: see whether aws_cloudwatch_log_group has an argument")


def test_a_sentence_that_is_gone_is_drift() -> None:
    bounds = Range("invalid-health-check", "ecs", "Check.interval", r"at least (\d+)")
    (line,) = report((bounds,), models(), RULES)
    assert 'the documentation of Check.interval of ecs has no "at least (\\d+)"' in line


def test_a_shape_that_is_gone_is_drift() -> None:
    (line,) = report((Enumeration("ecs", "Moon", "sky.py", "a"),), models(), RULES)
    assert line.startswith("ecs has no shape Moon: adapt")


def test_documentation_is_read_without_markup() -> None:
    assert {"1", "3", "5"} == models().tokens("ecs", "Days", r"values are: ([^.]+)\.")


def test_a_member_that_is_not_there() -> None:
    with pytest.raises(ModelError, match="Check of ecs has no member timeout"):
        models().documentation("ecs", "Check.timeout")


def test_what_stands_in_rules() -> None:
    assert "awsfirelens" in listed(RULES, "unsupported-log-driver", "awslogs")
    assert {"5", "300"} <= numbers(RULES, "invalid-health-check")
    with pytest.raises(LookupError, match="rule invalid-health-check has no list with moon"):
        listed(RULES, "invalid-health-check", "moon")


def test_each_place_is_a_file_or_a_rule() -> None:
    places = [each.place for each in COMPARISONS if isinstance(each, Enumeration)]
    assert places
    assert [] == [p for p in places if p not in RULES.rules and not (TOP / p).is_file()]
