"""Rule files: what is wrong with one is said at its place, and the others load."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.policy.loader import load_rules
from fglint.policy.schema import check_rule

FRAME = """rule "task" "odd-task" {{
  summary  = "A task is even."
  severity = "{severity}"
  remedy   = "Make it even."
  {more}
  assert {{
    condition     = {condition}
    error_message = "{message}"
  }}
}}
"""


def written(
    tmp_path: Path,
    condition: str = "task.cpu == 256",
    severity: str = "high",
    message: str = "It is odd.",
    more: str = "",
) -> Path:
    text = FRAME.format(condition=condition, severity=severity, message=message, more=more)
    (tmp_path / "odd-task.hcl").write_text(text)
    return tmp_path


def complaints(directory: Path) -> list[str]:
    loaded = load_rules([directory])
    found = list(loaded.diagnostics)
    for rule in loaded.rules.values():
        found.extend(check_rule(rule))
    return [f"{each.range and each.range.begin[:2]} {each.detail}" for each in found]


def test_good_rule_has_no_complaints(tmp_path: Path) -> None:
    assert [] == complaints(written(tmp_path))


@pytest.mark.parametrize(
    ("condition", "complaint"),
    [
        ("task.cpus == 1", '(7, 26) task has no attribute "cpus"; did you mean "cpu"?'),
        (
            "tsk.cpu == 1",
            '(7, 21) there is no "tsk" here, only local, option, task; did you mean "task"?',
        ),
        (
            "try(task.cpu, 1) == 1",
            "(7, 21) rules do not have try(): they read no files and no clock",
        ),
        (
            'contians(["a"], "a")',
            '(7, 21) there is no function contians(); did you mean "contains"?',
        ),
        ("local.x == 1", '(7, 27) local has no attribute "x"'),
        (
            "task.containers.name == 1",
            '(7, 21) a list has no attribute "name"; read it of its elements: [*].name',
        ),
        (
            "alltrue([for c in task.containers : c.nam != null])",
            '(7, 59) container has no attribute "nam"; did you mean "name"?',
        ),
        (
            "alltrue(task.containers[*].nam != null)",
            '(7, 48) container has no attribute "nam"; did you mean "name"?',
        ),
    ],
)
def test_expressions_are_checked_against_the_model(
    tmp_path: Path, condition: str, complaint: str
) -> None:
    assert [complaint] == complaints(written(tmp_path, condition))


def test_messages_are_checked_against_the_model(tmp_path: Path) -> None:
    (complaint,) = complaints(written(tmp_path, message="It is ${task.cppu}."))
    assert 'task has no attribute "cppu"; did you mean "cpu"?' in complaint


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ("sumary = 1", '(5, 3) a rule has no argument "sumary"; did you mean "summary"?'),
        ('asert "x" {}', '(5, 3) a rule has no block "asert"; did you mean "assert"?'),
        ("references = 1", '(5, 16) "references" must be a list of strings'),
        ("default = var.x", '(5, 13) "default" must be a constant: there is no "var" here'),
        (
            'fix {\n safety = "safe"\n }',
            "(5, 3) a fix stands in the assert that it repairs",
        ),
    ],
)
def test_form_is_checked(tmp_path: Path, more: str, complaint: str) -> None:
    assert [complaint] == complaints(written(tmp_path, more=more))


def test_severity_outside_the_valid_set_names_the_set(tmp_path: Path) -> None:
    (complaint,) = complaints(written(tmp_path, severity="hight"))
    assert complaint.startswith('(3, 14) "hight" is no severity; did you mean "high"? (there are ')


def test_kind_that_does_not_exist_is_named(tmp_path: Path) -> None:
    path = written(tmp_path) / "odd-task.hcl"
    path.write_text(path.read_text().replace('"task"', '"tusk"', 1))
    (complaint,) = complaints(tmp_path)
    assert '(1, 6) there is no kind "tusk"; did you mean "task"?' == complaint


def test_second_rule_of_one_name_is_refused(tmp_path: Path) -> None:
    text = (written(tmp_path) / "odd-task.hcl").read_text()
    (tmp_path / "other.hcl").write_text(text)
    (complaint,) = complaints(tmp_path)
    assert 'a rule named "odd-task" stands in' in complaint


def test_syntax_error_leaves_other_files(tmp_path: Path) -> None:
    (tmp_path / "broken.hcl").write_text('rule "task" "x" {\n  summary = \n}\n')
    loaded = load_rules([written(tmp_path)])
    assert ["odd-task"] == list(loaded.rules)
    assert loaded.diagnostics


def test_examples_are_not_parsed_by_a_check(tmp_path: Path) -> None:
    path = written(tmp_path) / "odd-task.hcl"
    text = path.read_text()
    path.write_text(text[: text.rindex("}")] + '\n  pass "broken" {\n    resource = = \n  }\n}\n')
    loaded = load_rules([tmp_path])
    assert loaded.diagnostics == ()


@pytest.mark.parametrize(
    ("condition", "complaint"),
    [
        ("task.cpu", "a condition is true or false, and this is a number"),
        ("task.containers", "a condition is true or false, and this is a list"),
        ('"yes"', "a condition is true or false, and this is a string"),
        ("task.execution_role", "a condition is true or false, and this is a role"),
    ],
)
def test_a_condition_is_true_or_false(tmp_path: Path, condition: str, complaint: str) -> None:
    assert [f"(7, 21) {complaint}"] == complaints(written(tmp_path, condition))


def test_place_of_a_finding_is_an_attribute(tmp_path: Path) -> None:
    path = written(tmp_path) / "odd-task.hcl"
    path.write_text(
        path.read_text().replace("    error_message", '    at = "cpu"\n    error_message')
    )
    assert ["(8, 10) at names an attribute, such as task.address"] == complaints(tmp_path)


def test_every_mistake_of_a_rule_is_named(tmp_path: Path) -> None:
    option = """
  option "limit" {
    type        = numbr
    default     = 1
    description = "x"
  }
  option "names" {
    type        = list(string)
    default     = 1
    description = "x"
  }
  sumary = "x"
  asert {}
"""
    found = complaints(written(tmp_path, severity="hig", more=option))
    assert [
        '(3, 14) "hig" is no severity; did you mean "high"? (there are critical, high, medium, '
        "low, info)",
        "(7, 19) an option's type is string, number or bool, or list(…) or map(…) of these; did "
        'you mean "number"?',
        '(13, 19) "default" does not fit the type list(string): list of string required',
        '(16, 3) a rule has no argument "sumary"; did you mean "summary"?',
        '(17, 3) a rule has no block "asert"; did you mean "assert"?',
    ] == found


def test_kind_that_is_only_met_on_the_way_judges_nothing(tmp_path: Path) -> None:
    path = written(tmp_path) / "odd-task.hcl"
    path.write_text(path.read_text().replace('"task"', '"mount"', 1).replace("task.", "mount."))
    (complaint,) = complaints(tmp_path)
    assert complaint == (
        "(1, 6) rules do not judge a mount by itself: judge what it is an attribute of"
    )
