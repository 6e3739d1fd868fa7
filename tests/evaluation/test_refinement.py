"""What fglint knows of unknown values beyond Terraform; the law behind it is in test_law.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluating import Project, shown

from fglint.evaluation.refinement import as_terraform
from fglint.evaluation.values import (
    Encoded,
    Instances,
    OpenList,
    OpenMap,
    Parts,
    Presence,
    Union,
    Unknown,
    plain,
)

UNKNOWNS = """
variable "text" { type = string }
variable "flag" { type = bool }
variable "number" { type = number }
variable "list" { type = list(string) }
variable "map" { type = map(string) }
variable "object" { type = object({ a = string, b = number }) }
variable "objects" { type = list(object({ a = string })) }
variable "required" {
  type     = string
  nullable = false
}
variable "anything" {}
resource "terraform_data" "made" {}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("unknowns"), UNKNOWNS)


# ---- 1. structured strings ------------------------------------------------------------------


def test_encoded_json_keeps_the_value(project: Project) -> None:
    text = project.unknown("jsonencode({ image = var.text, cpu = 256 })")
    assert isinstance(text.content, Encoded)
    assert {"image": "<var.text>", "cpu": 256} == shown(text.content.value)
    assert text.not_null
    assert '{"cpu":256,"image":' == text.prefix


@pytest.mark.parametrize("codec", ["json", "yaml"])
def test_known_members_come_back_from_a_text(project: Project, codec: str) -> None:
    expression = f"{codec}decode({codec}encode({{ a = var.text, b = [1, var.number] }}))"
    assert {"a": "<var.text>", "b": [1, "<var.number>"]} == shown(project.value(expression))


def test_template_keeps_its_parts(project: Project) -> None:
    text = project.unknown('"arn:aws:s3:::${var.text}/*"')
    assert isinstance(text.content, Parts)
    assert ["arn:aws:s3:::", "<var.text>", "/*"] == [shown(part) for part in text.content.parts]
    assert "arn:aws:s3:::" == text.prefix


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ('join("-", ["a", var.text, "b"])', ["a-", "?", "-b"]),
        ('format("%s/%d", var.text, 5)', ["?", "/5"]),
        ('upper("a-${var.text}-b")', ["A-", "?", "-B"]),
        ('"${var.text}${"x-${var.text}"}"', ["<var.text>", "x-", "<var.text>"]),
    ],
)
def test_functions_of_text_keep_parts(project: Project, expression: str, parts: list[str]) -> None:
    content = project.unknown(expression).content
    assert isinstance(content, Parts)
    assert parts == [shown(part) if "<" in str(parts) else _loose(part) for part in content.parts]


def _loose(part: object) -> object:
    return "?" if isinstance(plain(part), Unknown) else part  # type: ignore[arg-type]


def test_jsondecode_believes_in_clean_holes_only_outside_a_reproduced_plan(
    project: Project,
) -> None:
    expression = 'jsondecode("{\\"a\\": \\"${var.text}\\", \\"b\\": 1}")'
    assert 1 == shown(project.value(f"{expression}.b"))
    with as_terraform():
        assert isinstance(project.value(f"{expression}.b"), Unknown)


# ---- 2. conditions --------------------------------------------------------------------------


def test_unknown_condition_keeps_both_branches(project: Project) -> None:
    content = project.unknown('var.flag ? "a" : "b"').content
    assert isinstance(content, Union)
    assert ("a", "b") == content.leaves


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('(var.flag ? "a" : "b") == "c"', False),
        ("(var.flag ? 1 : 2) + 1 > 1", True),
        ("(var.flag ? { a = 1 } : { a = 1 }).a", 1),
        ('upper(var.flag ? "a" : "A")', "A"),
        ('var.flag ? "same" : "same"', "same"),
        ("length(var.flag ? [1, 2] : [3])", None),
        ("length(var.flag ? [1, 2] : [3, 4])", 2),
    ],
)
def test_branches_decide_where_they_agree(
    project: Project, expression: str, expected: object
) -> None:
    value = plain(project.value(expression))
    assert expected == (None if isinstance(value, Unknown) else value)


def test_too_many_branches_are_forgotten(project: Project) -> None:
    text = "var.flag ? 0 : 0"
    for number in range(1, 10):
        text = f"var.flag ? {number} : ({text})"
    content = project.unknown(text).content
    assert isinstance(content, Union)
    assert len(content.leaves) <= 8


@pytest.mark.parametrize(
    "expression", ['{ a = "x", b = "y" }[var.text]', '["x", "y"][var.number]',
                   'element(["x", "y"], var.number)', 'lookup({ a = "x" }, var.text, "y")'],
)  # fmt: skip
def test_unknown_key_gives_one_of_the_members(project: Project, expression: str) -> None:
    content = project.unknown(expression).content
    assert isinstance(content, Union)
    assert {"x", "y"} == set(content.leaves)


# ---- 3. filters -----------------------------------------------------------------------------


def test_filter_on_an_unknown_makes_elements_maybe(project: Project) -> None:
    value = project.unknown('[for x in ["a", "b"] : x if x == "a" || var.flag]')
    assert isinstance(value.content, OpenList)
    found = [(item.value, item.presence) for item in value.content.items]
    assert [("a", Presence.ONE), ("b", Presence.MAYBE)] == found
    assert (1, 2) == (value.minimum, value.maximum)


def test_element_that_may_be_absent_may_fail(project: Project) -> None:
    value = project.unknown("[for x in [[]] : upper(x) if var.flag]")
    assert isinstance(value.content, OpenList)
    assert "error" == value.content.items[0].value.origins[0].kind  # type: ignore[union-attr]


# ---- 4. logic -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("var.flag && false", False),
        ("false && var.flag", False),
        ("var.flag || true", True),
        ("true || var.flag", True),
        ('false && tobool("x")', False),
    ],
)
def test_one_operand_decides(project: Project, expression: str, expected: bool) -> None:
    assert expected is project.value(expression)


# ---- 5. open collections --------------------------------------------------------------------


def test_later_entries_win_over_an_unknown_map(project: Project) -> None:
    assert 1 == project.value("merge(var.map, { a = 1 }).a")


def test_earlier_entries_may_be_overwritten(project: Project) -> None:
    assert isinstance(project.value("merge({ a = 1 }, var.map).a"), Unknown)
    content = project.unknown("merge({ a = 1 }, var.map)").content
    assert isinstance(content, OpenMap)
    assert content.rest is not None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('concat(["a"], var.list)[0]', "a"),
        ('contains(concat(["a"], var.list), "a")', True),
        ('length(concat(["a"], var.list)) > 0', True),
        ('contains(flatten([var.list, ["b"]]), "b")', True),
        ("length(slice(var.list, 0, 2))", 2),
        ('{ (var.text) = "x", b = "y" }.b', "y"),
        (
            "anytrue([for x in toset(var.flag ? [var.text, true] : [var.text]) : x == var.text])",
            True,
        ),
        ('length(distinct(["a", var.text])) > 0', True),
        ("length(compact([terraform_data.made.id, terraform_data.made.id]))", 2),
        ("alltrue([for x in [true, true] : x if var.flag])", True),
        ("anytrue([for x in [false, false] : x if var.flag])", False),
        ('"${var.text}a" == "${var.text}b"', False),
        ('"${var.text}a" == "${var.text}a"', True),
        ('"a${var.text}" == "b${var.text}"', False),
        ('"${var.text}" == "${var.text}a"', False),
        ("element(var.list, 1) == var.list[1]", True),
    ],
)
def test_known_members_of_open_collections(
    project: Project, expression: str, expected: object
) -> None:
    assert expected == project.value(expression)


@pytest.mark.parametrize(
    ("expression", "presence"),
    [
        ('distinct(["a", "b", var.text])', [Presence.ONE, Presence.ONE, Presence.MAYBE]),
        ("distinct([var.text, var.text])", [Presence.ONE]),
        ('distinct(concat(["a"], var.list))', [Presence.ONE, Presence.MANY]),
        ('compact(["a", "", var.text])', [Presence.ONE, Presence.MAYBE]),
    ],
)
def test_elements_that_may_be_the_same_or_empty(
    project: Project, expression: str, presence: list[Presence]
) -> None:
    content = project.unknown(expression).content
    assert isinstance(content, OpenList)
    assert presence == [item.presence for item in content.items]


def test_slice_of_an_unknown_list_has_so_many_elements(project: Project) -> None:
    assert ["<var.list[0]>", "<var.list[1]>"] == shown(project.value("slice(var.list, 0, 2)"))


# ---- 6. null --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("var.required == null", False),
        ('"x${var.text}" == null', False),
        ("jsonencode(var.anything) == null", False),
        ('(var.flag ? "a" : "b") == null', False),
        ("length(var.list) == null", False),
    ],
)
def test_what_cannot_be_null(project: Project, expression: str, expected: bool) -> None:
    assert expected is project.value(expression)


@pytest.mark.parametrize("expression", ["var.text == null", "var.anything == null"])
def test_what_may_be_null(project: Project, expression: str) -> None:
    assert isinstance(project.value(expression), Unknown)


# ---- 7. types -------------------------------------------------------------------------------


def test_members_of_typed_unknowns_have_names(project: Project) -> None:
    assert ["a", "b"] == shown(project.value("keys(var.object)"))
    assert "<var.object.a>" == shown(project.value("var.object.a"))
    assert "<var.objects[0].a>" == shown(project.value("var.objects[0].a"))


def test_types_that_differ_are_not_equal(project: Project) -> None:
    assert False is project.value('var.number == "a"')
    assert False is project.value("var.list == []")


# ---- 8. and 9. instances --------------------------------------------------------------------

INSTANCES = """
variable "amount" { type = number }
variable "names" { type = set(string) }
resource "terraform_data" "counted" {
  count = var.amount
  input = "x${count.index}"
}
resource "terraform_data" "keyed" {
  for_each = var.names
  input    = each.key
}
"""


def test_unknown_count_gives_one_maybe_instance(tmp_path: Path) -> None:
    project = Project(tmp_path, INSTANCES)
    found = {one.address: one.maybe for one in project.configuration.instances}
    assert {"terraform_data.counted[*]": True, "terraform_data.keyed[*]": True} == found


def test_instance_with_a_key_is_made_on_demand(tmp_path: Path) -> None:
    project = Project(tmp_path, INSTANCES)
    assert "x3" == project.value("terraform_data.counted[3].input")
    assert "a" == project.value('terraform_data.keyed["a"].input')
    assert isinstance(project.unknown("terraform_data.counted").content, Instances)


# ---- identity -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression", ["var.text == var.text", "terraform_data.made.id == terraform_data.made.id",
                   "[var.text] == [var.text]"],
)  # fmt: skip
def test_one_origin_equals_itself(project: Project, expression: str) -> None:
    assert True is project.value(expression)


@pytest.mark.parametrize(
    "expression", ["uuid() == uuid()", "timestamp() == timestamp()",
                   "terraform_data.made.id == var.text", "var.list[0] == var.list[1]"],
)  # fmt: skip
def test_other_origins_may_be_equal_or_not(project: Project, expression: str) -> None:
    assert isinstance(project.value(expression), Unknown)


# ---- texts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('startswith("ab-${var.text}", "ab-")', True),
        ('startswith("ab-${var.text}", "x")', False),
        ('endswith("${var.text}-b", "-b")', True),
        ('strcontains("${var.text}/mid/${var.text}", "mid")', True),
        ('"a${var.text}" == "b"', False),
        ('"${var.text}b" == "bc"', False),
        ('length("abc-${var.text}") > 3', True),
        ('split("/", "a/${var.text}")[0]', "a"),
        ('trimprefix("abc-${var.text}", "abc-") == null', False),
    ],
)
def test_known_parts_of_a_text_decide(project: Project, expression: str, expected: object) -> None:
    assert expected == project.value(expression)


def test_character_beside_a_hole_may_combine_with_what_follows(project: Project) -> None:
    # An acute accent after the a makes another character of it.
    assert isinstance(project.value('startswith("a${var.text}", "a")'), Unknown)
    assert isinstance(project.value('"a${var.text}" == "á"'), Unknown)


def test_error_is_an_error_although_parts_are_unknown(project: Project) -> None:
    from fglint.evaluation.errors import EvaluationError

    for expression in ("var.object.c", "[var.text][1]", "upper([var.text])", "var.list.a"):
        with pytest.raises(EvaluationError):
            project.value(expression)


def test_try_does_not_choose_before_it_can_know(project: Project) -> None:
    assert isinstance(project.value("try(var.anything.a, 1)"), Unknown)
    assert isinstance(project.value("try({ a = 1 }[var.text], 2)"), Unknown)
    assert 1 == project.value("try(var.object.c, 1)")
    assert False is project.value("can(var.object.c)")
