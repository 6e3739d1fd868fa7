"""What Terraform itself knows of unknown values: no more, and no less."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluating import Project, shown

from fglint.configuration.session import LoadOptions
from fglint.evaluation.refinement import as_terraform

MAIN = """
resource "terraform_data" "x" {}

variable "objects" {
  type    = list(object({ name = string }))
  default = []
}

locals {
  unknown = "${terraform_data.x.id}-"
  several = [terraform_data.x.id]
}
"""


def planned(directory: Path, expression: str) -> object:
    with as_terraform():
        return shown(Project(directory, MAIN, LoadOptions(plan_only=True)).value(expression))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # the text before the first unknown part is known, what that part begins with is not
        ('startswith("a-${local.unknown}", "b")', False),
        ('startswith("a-${"b-${terraform_data.x.id}"}", "a-c")', "?"),
        ('"%{if true}[${terraform_data.x.id}]%{endif}" == "a"', "?"),
        ('"%{for x in local.several}[${x}]%{endfor}" == "a"', "?"),
        ('"-%{for x in local.several}[${x}]%{endfor}" == "a"', False),
        ('"%{for x in local.several}[${x}]%{endfor}" == null', False),
        (f'startswith("{"é-" * 40}${{local.unknown}}", "{"é-" * 39}é+")', False),
        (f'startswith("{"é-" * 50}${{local.unknown}}", "{"é-" * 49}é+")', "?"),
    ],
)
def test_of_a_text_with_unknown_parts_the_beginning_is_known(
    expression: str, expected: object, tmp_path: Path
) -> None:
    assert expected == planned(tmp_path, expression)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('try(one(var.objects[*].name), "many")', None),
        ('try(var.objects[*].name, ["none"])', []),
        ("can(var.objects[*].name)", True),
        ('try([for o in var.objects : o.name][0], "none")', "none"),
    ],
)
def test_a_splat_over_an_empty_list_cannot_fail_later(
    expression: str, expected: object, tmp_path: Path
) -> None:
    assert expected == planned(tmp_path, expression)
    assert expected == shown(Project(tmp_path, MAIN).value(expression))
