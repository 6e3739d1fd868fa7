"""Operators over a value of which one possibility is null."""

from __future__ import annotations

from pathlib import Path

from fglint.configuration.loader import load
from fglint.evaluation.values import Unknown
from fglint.source import Files


def test_comparison_with_a_value_that_may_be_null_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "on" { type = bool }\n'
        "locals { number = var.on ? 3 : null }\n"
        'resource "terraform_data" "x" { input = local.number > 2 }\n'
    )
    configuration = load(tmp_path, Files(base=tmp_path))
    (instance,) = configuration.instances
    assert [] == [d for d in configuration.diagnostics if d.severity == "error"]
    assert isinstance(instance.get("input"), Unknown)
