"""The table of AWS's own policies has the shape that decisions rely on."""

from __future__ import annotations

import re

import pytest

from fglint.provider.managed_policies import _POLICIES, by_name, managed_policy

ACTION = re.compile(r"\*|[a-z0-9-]+:[A-Za-z*]+")


@pytest.mark.parametrize("name", sorted(_POLICIES))
def test_every_grant_names_actions_of_services(name: str) -> None:
    for grant in _POLICIES[name]:
        named = (*grant.actions, *grant.not_actions)
        assert named
        assert [] == [action for action in named if not ACTION.fullmatch(action)]
        assert [] == [key for key in grant.keys if key != key.lower()]
        assert all(each == "*" or each.startswith("arn:") for each in grant.resources)


def test_a_policy_is_found_by_its_arn_in_any_partition_and_by_its_name() -> None:
    path = "policy/service-role/AmazonECSTaskExecutionRolePolicy"
    assert managed_policy(f"arn:aws-cn:iam::aws:{path}") == managed_policy(
        f"arn:aws:iam::aws:{path}"
    )
    assert by_name("AmazonECSTaskExecutionRolePolicy") == managed_policy(f"arn:aws:iam::aws:{path}")
    assert managed_policy("arn:aws:iam::aws:policy/AmazonECSTaskExecutionRolePolicy") is None


def test_the_execution_policy_reads_no_secrets_and_creates_no_log_groups() -> None:
    (grant,) = by_name("AmazonECSTaskExecutionRolePolicy") or ()
    services = {action.partition(":")[0] for action in grant.actions}
    assert services == {"ecr", "logs"}
    assert "logs:CreateLogGroup" not in grant.actions
