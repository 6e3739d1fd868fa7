"""Tables of what AWS knows: platform versions of Fargate, retentions of CloudWatch Logs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import fglint.provider
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


PROVIDER = Path(fglint.provider.__file__).parent
WITHOUT_TABLES = {"__init__.py"}


@pytest.mark.parametrize(
    "path",
    [each for each in sorted(PROVIDER.glob("*.py")) if each.name not in WITHOUT_TABLES],
    ids=lambda path: path.name,
)
def test_tables_have_source_and_date(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    data = "".join(
        (PROVIDER / name).read_text(encoding="utf-8")[:500]
        for name in re.findall(r"data/\w+\.txt", docstring)
    )
    assert re.search(r"\b[Ss]ources?\b", docstring + data)
    assert re.search(r"20\d\d-\d\d", docstring + data)
