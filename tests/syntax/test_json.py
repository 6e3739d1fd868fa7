"""JSON syntax: the same trees, with places."""

from __future__ import annotations

import pytest
from syntax.notation import notation, outline

from fglint.source import SourceFile
from fglint.syntax import json, parse_file
from fglint.syntax.nodes import File


def _read(text: str, path: str = "main.tf.json") -> File:
    return parse_file(SourceFile(path, text))


def _value(text: str, path: str = "main.tf.json") -> str:
    file = _read(f'{{"a": {text}}}', path)
    assert () == file.diagnostics
    return notation(file.body.attributes["a"].expression)


VALUES = {
    "null": "null",
    "true": "true",
    "1": "1",
    "-1.5e1": "-15",
    "0.1": "1/10",
    '"b"': '"b"',
    '""': '""',
    r'"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"': '"\\"\\\\/\\b\\f\\n\\r\\té😀"',
    r'"\ud800"': '"\ufffd"',
    '"${b}"': "(template b)",
    '"x ${b.c[0]} y"': '(template "x " ([] (. b c) 0) " y")',
    r'"${b == \"c\" ? 1 : 2}"': '(template (? (== b "c") 1 2))',
    '"%{ if b }c%{ endif }"': '(template (if b (template "c") (template)))',
    '"$${b}"': '"${b}"',
    '[1, "b", [], {}]': '(tuple 1 "b" (tuple) (object))',
    '{"b": 1, "${c}": "d", "": null}': '(object ("b" 1) ((template c) "d") ("" null))',
}


@pytest.mark.parametrize(("text", "expected"), VALUES.items())
def test_values(text: str, expected: str) -> None:
    assert expected == _value(text)


def test_strings_of_variable_files_are_no_templates() -> None:
    assert '"${b}"' == _value('"${b}"', "x.tfvars.json")


def test_resources_are_blocks_with_labels() -> None:
    file = _read(
        '{"resource": {"aws_lb": {"a": {"name": "x"}, "b": [{"name": "y"}, {"name": "z"}]}},'
        ' "//": "a comment", "locals": {"//": 1, "c": 2}, "moved": [{"from": "d"}]}'
    )
    assert () == file.diagnostics
    assert [
        'resource "aws_lb" "a"',
        '  name = "x"',
        'resource "aws_lb" "b"',
        '  name = "y"',
        'resource "aws_lb" "b"',
        '  name = "z"',
        "locals",
        "  c = 2",
        "moved",
        '  from = "d"',
    ] == outline(file.body)


def test_file_may_be_an_array_of_objects() -> None:
    file = _read('[{"locals": {"a": 1}}, {"locals": {"b": 2}}]')
    assert ["locals", "  a = 1", "locals", "  b = 2"] == outline(file.body)


def test_members_become_blocks_when_the_schema_says_so() -> None:
    file = _read('{"resource": {"aws_lb": {"a": {"logs": [{"b": 1}, {"b": 2}], "c": {"d": {}}}}}}')
    (block,) = file.body.blocks
    logs = json.blocks(block.body, block.body.attributes["logs"], "logs")
    assert [["b = 1"], ["b = 2"]] == [outline(each.body) for each in logs]
    (labelled,) = json.blocks(block.body, block.body.attributes["c"], "c", 1)
    assert ("c", "d") == (labelled.type, labelled.label(0))


def test_blocks_given_twice_are_all_there() -> None:
    file = _read('{"resource": {"a": {"b": {"c": {"d": 1}, "c": [{"d": 2}]}}}}')
    (block,) = file.body.blocks
    found = json.blocks(block.body, block.body.attributes["c"], "c")
    assert [["d = 1"], ["d = 2"]] == [outline(each.body) for each in found]


BROKEN = {
    "": "1:1 Invalid JSON file",
    "1": "1:1 Invalid JSON file",
    "{": "1:2 Invalid object member name",
    '{"a" 1}': "1:6 Missing member value",
    '{"a": }': "1:7 Invalid JSON value",
    '{"a": 1 "b": 2}': "1:9 Missing comma between members",
    '{"a": 1,}': "1:9 Trailing comma in object",
    '{"a": [1,]}': "1:10 Trailing comma in array",
    '{"a": [1 2]}': "1:10 Missing comma between items",
    "{a: 1}": "1:2 Invalid object member name",
    "{'a': 1}": "1:2 Invalid object member name",
    '{"a": 1 # b\n}': "1:9 Missing comma between members",
    '{"a": "b\n"}': "1:7 Invalid JSON string",
    r'{"a": "\d"}': "1:7 Invalid JSON string",
    '{"a": 01}': "1:7 Invalid JSON value",
    '{"a": True}': "1:7 Invalid JSON value",
    '{"a": 1} {}': "1:10 Extra characters after JSON value",
    '{"a": 1, "a": 2}': "1:10 Duplicate object member",
    '{"a": "${b"}': "1:8 Unclosed template sequence",
    r'{"a": "\n${b c}"}': "1:14 Extra characters after interpolation expression",
    '{"a": ' + "[" * 500 + "]" * 500 + "}": "1:156 Nesting too deep",
    '{"a": ' + '{"b": ' * 100 + "1" + "}" * 100 + "}": "1:7 Nesting too deep",
    '{"a": 1e99999}': "1:7 Number out of range",
}


@pytest.mark.parametrize(("text", "expected"), BROKEN.items())
def test_errors_have_places(text: str, expected: str) -> None:
    found = [f"{each.range} {each.summary}" for each in _read(text).diagnostics]
    assert [f"main.tf.json:{expected}"] == found


def test_what_stands_before_an_error_is_kept() -> None:
    file = _read('{"locals": {"a": 1}, "b": }')
    assert ["locals", "  a = 1"] == outline(file.body)
