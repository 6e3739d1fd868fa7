"""Tables of what AWS knows: platform versions of Fargate, retentions of CloudWatch Logs."""

from __future__ import annotations

import pytest

from fglint.provider.log_retention import DAYS
from fglint.provider.platform_versions import state_of


@pytest.mark.parametrize(
    ("version", "system", "state"),
    [
        ("LATEST", "linux", "latest"),
        ("LATEST", "windows", "latest"),
        ("1.4.0", "linux", "supported"),
        ("1.3.0", "linux", "retired"),
        ("1.0.0", "linux", "retired"),
        ("1.0.0", "windows", "supported"),
        ("1.4.0", "windows", "foreign"),
        ("1.5.0", "linux", None),
    ],
)
def test_platform_versions(version: str, system: str, state: str | None) -> None:
    assert state_of(version, system) == state


def test_retentions_rise() -> None:
    assert list(DAYS) == sorted(set(DAYS))
    assert {1, 30, 365, 3653} <= set(DAYS)
    assert 31 not in DAYS
