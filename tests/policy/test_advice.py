"""Remedies say what the module in question can write."""

from __future__ import annotations

from pathlib import Path

import pytest
from model.stacks import deploy

from fglint.model.any_resource import AnyResource
from fglint.model.deployment import Deployment
from fglint.policy.advice import reference, to_wait

ROOT = """
module "roles" { source = "./roles" }

module "app" {
  source = "./app"
  topic  = aws_sns_topic.main.arn
}

resource "aws_sns_topic" "main" { name = "main" }
"""
TOPICS = """
variable "topic" { default = "" }

resource "aws_sns_topic" "one" { name = "one-${var.topic}" }

resource "aws_sns_topic" "many" {
  count = 2
  name  = "many-${count.index}"
}
"""


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    """Topics in the root and in two modules, of which one is given that of the root."""
    return deploy(tmp_path, ROOT, roles__main=TOPICS, app__main=TOPICS)


def at(deployment: Deployment, address: str) -> AnyResource:
    return AnyResource(deployment, deployment.links.by_address[address])


@pytest.mark.parametrize(
    ("user", "other", "expected"),
    [
        pytest.param(
            "module.app.aws_sns_topic.one",
            "module.app.aws_sns_topic.many[1]",
            "Add depends_on = [aws_sns_topic.many] to the resource.",
            id="in one module",
        ),
        pytest.param(
            "module.app.aws_sns_topic.one",
            "module.roles.aws_sns_topic.one",
            "Add depends_on = [module.roles] to the call of module.app.",
            id="in two modules",
        ),
        pytest.param(
            "aws_sns_topic.main",
            "module.roles.aws_sns_topic.one",
            "Add depends_on = [module.roles] to the resource.",
            id="in a module that is called",
        ),
        pytest.param(
            "aws_sns_topic.main",
            "module.app.aws_sns_topic.one",
            "Let aws_sns_topic.main depend on module.app.aws_sns_topic.one.",
            id="which waits itself",
        ),
    ],
)
def test_what_waits_names_what_its_module_can(
    deployment: Deployment, user: str, other: str, expected: str
) -> None:
    assert expected == to_wait(deployment, at(deployment, user), [at(deployment, other)])


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("module.app.aws_sns_topic.one", "aws_sns_topic.one.arn"),
        ("aws_sns_topic.main", "var.topic"),
        ("module.roles.aws_sns_topic.one", "module.roles.aws_sns_topic.one.arn"),
    ],
)
def test_references_are_as_the_module_writes_them(
    deployment: Deployment, address: str, expected: str
) -> None:
    user = at(deployment, "module.app.aws_sns_topic.many[0]")
    assert expected == reference(deployment, user, at(deployment, address), "arn")
