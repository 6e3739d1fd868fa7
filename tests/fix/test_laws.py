"""What all fixes keep: other rules, other text, line ends, tabs, comments."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repairs import formatted, reasons, repaired

from fglint.finding import Verdict

INDENTS = st.sampled_from(["  ", "\t", "    "])
ENDS = st.sampled_from(["\n", "\r\n"])
NAMES = (
    "missing-circuit-breaker", "untagged-tasks", "ambiguous-launch-type", "network-mode-not-awsvpc",
    "implicit-log-mode", "kept-capabilities", "writable-root-filesystem", "mutable-ecr-tags",
    "unscanned-ecr-images", "unlimited-log-retention", "container-insights-off",
)  # fmt: skip
WHOLE = """# first
resource "aws_ecs_cluster" "main" { # why
  name = "main"
}
resource "aws_ecr_repository" "app" { name = "app" }
resource "aws_cloudwatch_log_group" "app" {}

resource "aws_ecs_task_definition" "app" {
  family                   = "app" /* the app */
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([
    {
      name  = "app"
      image = "${aws_ecr_repository.app.repository_url}:1"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.app.name,
          awslogs-region        = "eu-west-1",
          awslogs-stream-prefix = "a"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "app" {
  name            = "app" # é
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 2

  depends_on = [aws_ecr_repository.app]
}
# last"""


def test_a_fix_that_makes_another_rule_fail_is_not_made(tmp_path: Path) -> None:
    text = """resource "aws_ecs_cluster" "main" {
  name = "main"
}
"""
    alone = repaired(tmp_path, {"a.tf": text}, "container-insights-off")
    assert 1 == len(alone.fixed)
    both = repaired(tmp_path, {"a.tf": text}, "container-insights-off", "unmanaged-log-group")
    assert {} == both.texts
    assert ["unmanaged-log-group would fail for aws_ecs_cluster.main then"] == reasons(both)


@settings(max_examples=40, deadline=None)
@given(st.permutations(NAMES), INDENTS, ENDS, st.booleans())
def test_all_fixes_together_keep_what_they_do_not_concern(
    tmp_path_factory: pytest.TempPathFactory,
    names: list[str],
    indent: str,
    end: str,
    closes: bool,
) -> None:
    directory = tmp_path_factory.mktemp("root")
    text = WHOLE.replace("  ", indent).replace("\n", end) + (end if closes else "")
    done = repaired(directory, {"a.tf": text}, *names[:6])
    failing = [f for f in done.reports[0].findings if f.verdict is Verdict.FAIL and f.fix]
    assert [] == [(f.rule, f.message) for f in failing]
    assert [] == reasons(done)
    changed = done.texts.get("a.tf", text)
    assert changed.count("\r\n") == (changed.count("\n") if end == "\r\n" else 0)
    assert changed.endswith("# last" + (end if closes else ""))
    for kept in ("# first", "# why", "/* the app */", "# é"):
        assert kept in changed
    if indent == "  ":
        assert formatted(changed) == changed or formatted(text) != text


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    done = repaired(tmp_path, {"a.tf": WHOLE}, *NAMES)
    again = repaired(tmp_path, done.texts, *NAMES)
    assert {} == again.texts
    assert () == again.fixed
