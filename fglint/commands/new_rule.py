"""A rule file to start from."""

from __future__ import annotations

import re
from pathlib import Path

from fglint import output
from fglint.misuse import Misuse
from fglint.model.deployment import KINDS
from fglint.policy.mistakes import did_you_mean

_TASK = """\
    resource "aws_ecs_task_definition" "app" {%(mark)s
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = "app:1" }])
    }
"""

_RULE = """\
rule "%(kind)s" "%(name)s" {
  summary  = "One sentence that says what is right."
  severity = "medium"
  remedy   = "What to do where it is not."

  assert {
    condition     = %(kind)s.address != "" # what must be true; docs/model.md lists what can be read
    error_message = "${%(kind)s} is not as it should be."
  }

  # What passes, and what fails: `# fails` marks the line of the finding.
  pass "why it is right" {
%(right)s  }

  fail "why it is wrong" {
%(wrong)s  }
}
"""


def write(kind: str, name: str, directory: Path) -> Path:
    """The path of the file that was written; Misuse where none can be."""
    if kind not in KINDS:
        near = did_you_mean(kind, KINDS) or f"; there are {', '.join(sorted(KINDS))}"
        raise Misuse(f'there is no kind "{kind}"{near}')
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise Misuse(f'a rule\'s name is written in kebab-case, which "{name}" is not')
    path = directory / f"{name}.hcl"
    if path.exists():
        raise Misuse(f"{path} is there already")
    directory.mkdir(parents=True, exist_ok=True)
    text = _RULE % {
        "kind": kind,
        "name": name,
        "right": _TASK % {"mark": ""},
        "wrong": _TASK % {"mark": " # fails"},
    }
    output.write(path, text)
    return path
