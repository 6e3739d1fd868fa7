"""Where values are written: through indexes, try and lookup, back to the text that says them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.source import Files

GIVEN = """
locals {
  names  = ["first", "second"]
  by_key = { a = { name = "third" }, b = {} }
  key    = "a"
}
"""


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("local.names[1]", '"second"'),
        ("local.names[count.index]", '"first"'),
        ("local.by_key[local.key].name", '"third"'),
        ('try(local.by_key["a"].name, "none")', '"third"'),
        ('try(local.by_key["b"].name, "none")', '"none"'),
        ('lookup(local.by_key["a"], "name", "none")', '"third"'),
        ('lookup(local.by_key["b"], "name", "none")', 'lookup(local.by_key["b"], "name", "none")'),
        ("local.names[*][1]", "local.names[*][1]"),
        ("local.names[var.index]", "local.names[var.index]"),
        ("try(local.by_key[var.index].name, null)", "local.by_key[var.index].name"),
    ],
)
def test_a_name_is_written_where_the_text_stands(
    tmp_path: Path, expression: str, written: str
) -> None:
    (tmp_path / "main.tf").write_text(
        f'variable "index" {{}}\n{GIVEN}\nresource "aws_ecs_cluster" "it" {{\n'
        f"  count = 1\n  name  = {expression}\n}}\n"
    )
    (cluster,) = load(tmp_path, Files(tmp_path)).instances
    assert written == cluster.locate(("name",)).text
