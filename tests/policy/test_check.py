"""Judging subjects: the four verdicts, their causes, places and words."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.finding import Finding, Severity, Verdict
from fglint.model.deployment import Deployment
from fglint.policy.check import Outcome, judge
from fglint.policy.loader import load_rules
from fglint.source import Files

TASK = """
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  cpu                      = %s
  memory                   = 1024
  container_definitions    = jsonencode([
    { name = "one", image = "one:1" },
    { name = "two", image = "two:1" },
  ])
}
"""


def rule(body: str, kind: str = "task", name: str = "odd-task") -> str:
    return f"""
rule "{kind}" "{name}" {{
  summary  = "A task is even."
  severity = "high"
  remedy   = "Make it even."
{body}
}}
"""


def judged(tmp_path: Path, terraform: str, *rules: str) -> Outcome:
    root, directory = tmp_path / "root", tmp_path / "policies" / "task"
    root.mkdir()
    directory.mkdir(parents=True)
    (root / "main.tf").write_text(terraform)
    for number, text in enumerate(rules):
        (directory / f"{number}.hcl").write_text(text)
    loaded = load_rules([directory])
    assert loaded.diagnostics == ()
    return judge(Deployment(load(root, Files(root))), list(loaded.rules.values()))


def only(outcome: Outcome) -> Finding:
    (finding,) = outcome.findings
    return finding


def assertion(condition: str, more: str = "") -> str:
    return f"""
  assert {{
    condition     = {condition}
    error_message = "cpu is ${{task.cpu}}."
    at            = task.cpu
    {more}
  }}
"""


@pytest.mark.parametrize(
    ("cpu", "expected"),
    [
        ("256", Verdict.PASS),
        ("512", Verdict.FAIL),
        ("var.cpu", Verdict.UNKNOWN),
    ],
)
def test_condition_decides_the_verdict(tmp_path: Path, cpu: str, expected: Verdict) -> None:
    terraform = TASK % cpu + 'variable "cpu" { type = number }'
    outcome = judged(tmp_path, terraform, rule(assertion("task.cpu == 256")))
    assert [expected] == [one.verdict for one in outcome.judgements]
    assert outcome.counts["odd-task"][expected] == 1


def test_failure_says_what_where_and_which_values(tmp_path: Path) -> None:
    finding = only(judged(tmp_path, TASK % "512", rule(assertion("task.cpu == 256"))))
    assert finding.message == "cpu is 512."
    assert finding.remedy == "Make it even."
    assert finding.address == "aws_ecs_task_definition.app"
    assert finding.range.text == "512"
    assert finding.values == (("task.cpu", "512"),)


def test_unknown_names_the_cause_and_what_settles_it(tmp_path: Path) -> None:
    terraform = TASK % "var.cpu" + 'variable "cpu" { type = number }'
    finding = only(judged(tmp_path, terraform, rule(assertion("task.cpu == 256"))))
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.because == "var.cpu has no value; give one with --var or --var-file"


def test_own_severity_of_an_assert_counts(tmp_path: Path) -> None:
    body = assertion("task.cpu == 256", 'severity = "low"')
    assert only(judged(tmp_path, TASK % "512", rule(body))).severity is Severity.LOW


def test_when_false_is_not_applicable(tmp_path: Path) -> None:
    body = "  when = task.cpu == 1024\n" + assertion("task.cpu == 256")
    outcome = judged(tmp_path, TASK % "512", rule(body))
    assert [Verdict.NOT_APPLICABLE] == [one.verdict for one in outcome.judgements]
    assert outcome.findings == ()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [("task.memory == 1024", Verdict.PASS), ("task.memory == 1", Verdict.UNKNOWN)],
)
def test_when_unknown_leaves_a_pass_and_doubts_a_failure(
    tmp_path: Path, condition: str, expected: Verdict
) -> None:
    terraform = TASK % "var.cpu" + 'variable "cpu" { type = number }'
    body = "  when = task.cpu == 256\n" + assertion(condition)
    outcome = judged(tmp_path, terraform, rule(body))
    assert [expected] == [one.verdict for one in outcome.judgements]


def elements(collection: str, condition: str) -> str:
    return rule(
        f"""
  assert {{
    for_each      = {collection}
    condition     = {condition}
    error_message = "It is ${{each.key}}: ${{each.value}}."
  }}
"""
    )


def test_each_failing_element_is_a_finding(tmp_path: Path) -> None:
    outcome = judged(tmp_path, TASK % "1", elements('["a", "b", "c"]', 'each.value == "b"'))
    assert ["It is 0: a.", "It is 2: c."] == [one.message for one in outcome.findings]
    assert outcome.counts["odd-task"][Verdict.FAIL] == 1


def test_the_very_same_is_found_once(tmp_path: Path) -> None:
    same = """
  assert {
    for_each      = ["a", "b"]
    condition     = false
    error_message = "It is odd."
  }
"""
    outcome = judged(tmp_path, TASK % "1", rule(same))
    assert ["It is odd."] == [one.message for one in outcome.findings]


@pytest.mark.parametrize("collection", ["[]", "null"])
def test_no_elements_are_no_verdict(tmp_path: Path, collection: str) -> None:
    outcome = judged(tmp_path, TASK % "1", elements(collection, "false"))
    assert [Verdict.NOT_APPLICABLE] == [one.verdict for one in outcome.judgements]


MAYBE = """
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = jsonencode(concat(
    [{ name = "one", image = "one" }],
    [for name in ["two", "three"] : { name = name, image = name } if var.sidecar],
  ))
}
variable "sidecar" { type = bool }
"""


@pytest.mark.parametrize(
    ("bad", "expected"),
    [("four", Verdict.PASS), ("two", Verdict.UNKNOWN), ("one", Verdict.FAIL)],
)
def test_element_that_may_not_be_there_cannot_fail(
    tmp_path: Path, bad: str, expected: Verdict
) -> None:
    body = elements("task.containers", f'each.value.name != "{bad}"')
    outcome = judged(tmp_path, MAYBE, body)
    assert [expected] == [one.verdict for one in outcome.judgements]


def test_subject_that_may_not_exist_is_judged_as_if_it_did(tmp_path: Path) -> None:
    terraform = (TASK % "512").replace("{\n", "{\n  count = var.create ? 1 : 0\n", 1)
    terraform += 'variable "create" { type = bool }'
    finding = only(judged(tmp_path, terraform, rule(assertion("task.cpu == 256"))))
    assert finding.message == "cpu is 512 (if it is created)."
    assert finding.address == "aws_ecs_task_definition.app[*]"


def test_branches_that_agree_decide(tmp_path: Path) -> None:
    terraform = TASK % "var.big ? 512 : 1024" + 'variable "big" { type = bool }'
    outcome = judged(tmp_path, terraform, rule(assertion("task.cpu == 256")))
    assert [Verdict.FAIL] == [one.verdict for one in outcome.judgements]


def test_rule_that_errs_is_named_and_others_run(tmp_path: Path) -> None:
    broken = rule(assertion("task.network_mode > 1"), name="broken")
    fine = rule(assertion("task.cpu == 256"))
    outcome = judged(tmp_path, TASK % "512", broken, fine)
    assert outcome.broken == ("broken",)
    assert ["odd-task"] == [one.rule for one in outcome.findings]
    (diagnostic,) = outcome.diagnostics
    assert diagnostic.range is not None and diagnostic.range.path.endswith("0.hcl")


def test_locals_and_options_are_read(tmp_path: Path) -> None:
    body = """
  option "allowed-cpu" {
    type        = number
    default     = 512
    description = "What is even."
  }
  locals {
    doubled = local.cpu * 2
    cpu     = task.cpu
  }
""" + assertion("local.doubled == option.allowed_cpu * 2")
    outcome = judged(tmp_path, TASK % "512", rule(body))
    assert [Verdict.PASS] == [one.verdict for one in outcome.judgements]


def test_superseding_finding_hides_the_other_but_not_its_verdict(tmp_path: Path) -> None:
    one = rule(assertion("task.cpu == 256") + '  supersedes = ["lesser"]\n')
    other = rule(assertion("task.cpu == 1024"), name="lesser")
    outcome = judged(tmp_path, TASK % "512", one, other)
    assert ["odd-task"] == [finding.rule for finding in outcome.findings]
    assert outcome.counts["lesser"][Verdict.FAIL] == 1


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("", Verdict.NOT_APPLICABLE),
        ("  when = task.cpu > 0\n", Verdict.PASS),
        ("  when = task.cpu < 0\n", Verdict.NOT_APPLICABLE),
    ],
)
def test_rule_that_applies_and_has_nothing_to_judge_passes(
    tmp_path: Path, when: str, expected: Verdict
) -> None:
    body = f"""{when}
  assert {{
    for_each      = []
    condition     = false
    error_message = "Never."
  }}
"""
    (judgement,) = judged(tmp_path, TASK % "512", rule(body)).judgements
    assert judgement.verdict is expected


@pytest.mark.parametrize(
    ("launch_type", "compatible", "verdict"),
    [
        ("var.launch_type", "EC2", Verdict.UNKNOWN),
        ("var.launch_type", "FARGATE", Verdict.FAIL),
        ('"FARGATE"', "EC2", Verdict.FAIL),
    ],
)
def test_nothing_fails_of_a_task_for_instances_that_may_not_run_on_fargate(
    tmp_path: Path, launch_type: str, compatible: str, verdict: Verdict
) -> None:
    service = f"""
variable "launch_type" {{}}

resource "aws_ecs_service" "app" {{
  name            = "app"
  launch_type     = {launch_type}
  task_definition = aws_ecs_task_definition.app.arn
}}
"""
    outcome = judged(
        tmp_path,
        TASK.replace('["FARGATE"]', f'["{compatible}"]') % 512 + service,
        rule(assertion("task.cpu == 256")),
        rule(assertion('container.name == "other"'), "container", "other-container"),
    )
    assert {verdict} == {each.verdict for each in outcome.judgements}
    cause = "var.launch_type has no value; give one with --var or --var-file"
    expected = {cause} if verdict is Verdict.UNKNOWN else {None}
    assert expected == {each.because for each in outcome.findings}
