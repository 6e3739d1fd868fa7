"""The law: no value that an unknown can take contradicts what is claimed to be known.

Expressions over variables without values are evaluated once; then the variables get values, and
the results must be among those that the first evaluation allowed.
"""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from claims import allows
from evaluating import Project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fglint.configuration.session import LoadOptions
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.refinement import as_terraform
from fglint.evaluation.values import Value

VARIABLES = """
variable "text" { type = string }
variable "word" { type = string }
variable "number" { type = number }
variable "flag" { type = bool }
variable "list" { type = list(string) }
variable "map" { type = map(string) }
variable "object" { type = object({ a = string, n = number }) }
variable "objects" { type = list(object({ a = string, n = number })) }
variable "anything" { type = any }
"""

# ---- values of the variables ------------------------------------------------------------------

TEXTS = st.one_of(
    st.sampled_from(["", "a", "b", "a-b", "x,y", "true", "3", "\u0301x", "é", 'q"q', "{}", "[1]"]),
    st.text(alphabet='ab-,"\\{}[]:3é\u0301 \n', max_size=6),
)
NUMBERS = st.one_of(st.integers(-3, 300), st.sampled_from([0.5, -0.25]))


def nullable(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, values, values, st.none())


OBJECTS = st.fixed_dictionaries({"a": nullable(TEXTS), "n": nullable(NUMBERS)})
ASSIGNMENTS = st.fixed_dictionaries(
    {
        "text": nullable(TEXTS),
        "word": nullable(TEXTS),
        "number": nullable(NUMBERS),
        "flag": nullable(st.booleans()),
        "list": nullable(st.lists(nullable(TEXTS), max_size=3)),
        "map": nullable(st.dictionaries(st.sampled_from(["a", "b", "k"]), TEXTS, max_size=3)),
        "object": nullable(OBJECTS),
        "objects": nullable(st.lists(OBJECTS, max_size=2)),
        "anything": nullable(st.lists(st.one_of(TEXTS, st.lists(TEXTS, max_size=2)), max_size=2)),
    }
)

# ---- expressions ------------------------------------------------------------------------------

LITERALS = st.sampled_from(['"a"', '"b"', '"a-b"', '""', '"x,y"', '"é"', '"3"', '"{"'])
ATOMS = {
    "text": st.one_of(
        LITERALS,
        st.sampled_from(["var.text", "var.word", "var.object.a", '"p-${var.text}"',
                         '"${var.word}-s"', '"${var.text}/${var.word}"', 'var.map["a"]',
                         "var.list[0]", 'jsonencode({ a = var.text })', "null"]),
    ),
    "number": st.sampled_from(["0", "1", "2.5", "-1", "var.number", "var.object.n",
                               "length(var.list)", "length(var.text)"]),
    "flag": st.sampled_from(["true", "false", "var.flag", 'var.text == "a"', "var.list == []",
                             "var.text == var.word", "var.number > 1"]),
    "list": st.sampled_from(["[]", '["a", "b"]', "var.list", "[var.text]", '["a", var.word]',
                             "keys(var.map)", "var.objects[*].a", 'split(",", var.text)',
                             'split("-", "a-${var.word}")', "flatten(var.anything)",
                             "flatten([var.anything, var.list])"]),
    "map": st.sampled_from(["{}", '{ a = "x" }', "var.map", "{ a = var.text, b = \"y\" }",
                            "{ (var.word) = \"z\" }", "tomap({ k = var.text })"]),
}  # fmt: skip


def _deeper(kinds: dict[str, st.SearchStrategy[str]]) -> dict[str, st.SearchStrategy[str]]:
    text, number, flag = kinds["text"], kinds["number"], kinds["flag"]
    sequence, mapping = kinds["list"], kinds["map"]

    def made(form: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(*parts).map(lambda found: form.format(*found))

    anything = st.one_of(text, number, flag, sequence, mapping)
    return {
        "text": st.one_of(
            text,
            made("upper({})", text),
            made("join(\",\", {})", sequence),
            made("join(\"-\", [{}, {}])", text, text),
            made("format(\"%s/%s\", {}, {})", text, text),
            made("({} ? {} : {})", flag, text, text),
            made("replace({}, \"a\", {})", text, text),
            made("trimprefix({}, {})", text, text),
            made("trimsuffix({}, {})", text, text),
            made("substr({}, 0, 2)", text),
            made("substr({}, 1, -1)", text),
            made("coalesce({}, {})", text, text),
            made("try({}, {})", text, text),
            made("lookup({}, {}, {})", mapping, text, text),
            made("element({}, {})", sequence, number),
            made("{}[{}]", sequence, number),
            made("jsonencode({})", anything),
            made("jsondecode(jsonencode({{ k = {} }})).k", text),
            made("title({})", text),
            made("trimspace({})", text),
            made("strrev({})", text),
            made("one([for x in {} : x if x == {}])", sequence, text),
        ),
        "number": st.one_of(
            number,
            made("({} + {})", number, number),
            made("length({})", st.one_of(sequence, mapping, text)),
            made("max({}, {})", number, number),
            made("min({}, {})", number, number),
            made("abs({})", number),
            made("({} ? {} : {})", flag, number, number),
            made("index({}, {})", sequence, text),
            made("tonumber({})", text),
        ),
        "flag": st.one_of(
            flag,
            made("({} == {})", text, text),
            made("({} != {})", anything, anything),
            made("({} < {})", number, number),
            made("({} >= {})", number, number),
            made("({} && {})", flag, flag),
            made("({} || {})", flag, flag),
            made("(!{})", flag),
            made("contains({}, {})", sequence, text),
            made("startswith({}, {})", text, text),
            made("endswith({}, {})", text, text),
            made("strcontains({}, {})", text, text),
            made("can({})", anything),
            made("({} == null)", anything),
            made("alltrue([for x in {} : x != {}])", sequence, text),
            made("anytrue([for x in {} : x == {}])", sequence, text),
        ),
        "list": st.one_of(
            sequence,
            made("concat({}, {})", sequence, sequence),
            made("[{}, {}]", text, text),
            made("[for x in {} : \"${{x}}-{{}}\" if x != {}]", sequence, text),
            made("[for x in {} : upper(x)]", sequence),
            made("flatten([{}, [{}]])", sequence, text),
            made("compact({})", sequence),
            made("distinct({})", sequence),
            made("reverse({})", sequence),
            made("slice({}, 0, 1)", sequence),
            made("matchkeys({}, {}, {})", sequence, sequence, sequence),
            made("values({})", mapping),
            made("keys({})", mapping),
            made("split(\"-\", {})", text),
            made("({} ? {} : {})", flag, sequence, sequence),
            made("coalescelist({}, {})", sequence, sequence),
            made("sort({})", sequence),
            made("formatlist(\"%s!\", {})", sequence),
            made("tolist(toset({}))", sequence),
            made("try({}, {})", sequence, sequence),
            made("jsondecode(jsonencode({}))", sequence),
        ),
        "map": st.one_of(
            mapping,
            made("merge({}, {})", mapping, mapping),
            made("{{ for k, v in {} : k => upper(v) if v != {} }}", mapping, text),
            made("{{ for x in {} : x => {} }}", sequence, text),
            made("zipmap({}, {})", sequence, sequence),
            made("({} ? {} : {})", flag, mapping, mapping),
            made("{{ a = {}, b = {} }}", text, anything),
            made("yamldecode(yamlencode({}))", mapping),
        ),
    }  # fmt: skip


_ONCE = _deeper(ATOMS)
_TWICE = _deeper(_ONCE)
EXPRESSIONS = st.one_of(*_ONCE.values(), *_TWICE.values())


def _evaluated(project: Project, text: str) -> Value | EvaluationError:
    try:
        return project.value(text)
    except EvaluationError as error:
        return error


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(EXPRESSIONS, ASSIGNMENTS)
def test_no_value_of_an_unknown_contradicts_what_is_known(
    expression: str, values: dict[str, Any]
) -> None:
    with TemporaryDirectory() as place:
        directory = Path(place)
        claimed = _evaluated(Project(directory, VARIABLES), expression)
        if isinstance(claimed, EvaluationError):
            with as_terraform():  # which refuses what cannot be right, before it knows
                literal = _evaluated(Project(directory, VARIABLES), expression)
            if isinstance(literal, EvaluationError):
                return
        given = directory / "values.tfvars.json"
        given.write_text(json.dumps(values), "utf-8")
        options = LoadOptions(variables=(("file", str(given)),))
        actual = _evaluated(Project(directory, VARIABLES, options), expression)
    if isinstance(actual, EvaluationError):
        return  # Terraform refuses these values
    assert not isinstance(claimed, EvaluationError), f"{claimed}; but it may be {actual}"
    assert allows(claimed, actual), f"{claimed} does not allow {actual}"
