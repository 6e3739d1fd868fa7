"""No frame shows a literal secret: where the engine says so, and where it looks like one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fglint.finding import Finding, Report, RootReport, Severity, Verdict
from fglint.report import FORMATS, Options, render
from fglint.report.redaction import literal_spans
from fglint.source import Range, SourceFile

from .sample import FINDINGS, PASSWORD, REPORT, TOKEN

SECRET = "not-a-real-secret"


def report_of(place: Range, secret: tuple[Range, ...] = ()) -> Report:
    finding = Finding(
        "rule", Verdict.FAIL, Severity.HIGH, "It is wrong", "", "a.b", "", place, secret=secret
    )
    return Report((RootReport(".", (), {}, (finding,), (), 1, 1, 1),))


def shown(text: str, marked: str, secret: str = "") -> str:
    """The line of a frame at the marked text, where the engine names a secret place."""
    source = SourceFile("a.tf", text)
    place = source.range(text.index(marked), text.index(marked) + len(marked))
    start = text.index(secret)
    places = (source.range(start, start + len(secret)),) if secret else ()
    lines = render("full", report_of(place, places)).splitlines()
    return next(line for line in lines if line.startswith(" 1 | ")).removeprefix(" 1 | ")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("color", [False, True])
def test_no_format_shows_a_secret(name: str, color: bool) -> None:
    options = Options(color=color, unknown="report", show_suppressed=True)
    text = render(name, REPORT, options)
    assert "DB_PASSWORD" in text
    assert PASSWORD not in text
    assert TOKEN not in text


def test_secret_is_masked_for_findings_of_other_rules_and_suppressed_ones() -> None:
    source = SourceFile("a.tf", f'x = ["{SECRET}", 1]\n')
    place, secret = source.range(27, 28), source.range(5, 24)
    root = report_of(place).roots[0]
    other = replace(root.findings[0], secret=(secret,), verdict=Verdict.UNKNOWN, because="c")
    for extra in (
        replace(root, secret=(secret,)),
        replace(root, findings=(*root.findings, other)),
    ):
        text = render("full", Report((extra,)))
        assert 'x = ["••••••••", 1]' in text
        assert SECRET not in text


@pytest.mark.parametrize(
    ("text", "secret", "expected"),
    [
        (f'v = "{SECRET}"', f'"{SECRET}"', 'v = "••••••••"'),
        (f"v = {SECRET}", SECRET, "v = ••••••••"),
        (f'v = "{SECRET}-${{var.x}}"', f'"{SECRET}-${{var.x}}"', 'v = "••••••••${var.x}"'),
        ('v = "$${var.x}"', '"$${var.x}"', 'v = "••••••••"'),
        ('v = "${var.x}"', '"${var.x}"', 'v = "${var.x}"'),
        ("v = var.x", "var.x", "v = var.x"),
        (f'v = var.x ? "{SECRET}" : ""', f'var.x ? "{SECRET}" : ""', 'v = var.x ? "••••••••" : ""'),
        (
            f'v = join("", ["{SECRET}", var.x])',
            f'join("", ["{SECRET}", var.x])',
            'v = join("", ["••••••••", var.x])',
        ),
        (f"v = secret({SECRET})", f"secret({SECRET})", "v = ••••••••"),
    ],
)
def test_literals_of_a_secret_place_are_masked_and_references_stay(
    text: str, secret: str, expected: str
) -> None:
    assert expected == shown(text, "v", secret)


@pytest.mark.parametrize("header", ['variable "token"', 'resource "aws_ssm_parameter" "p"'])
def test_headers_of_blocks_stay(header: str) -> None:
    assert f"{header} {{" == shown(f"{header} {{", header, header)


def test_what_only_begins_like_a_header_is_masked() -> None:
    line = f'variable "{SECRET} {SECRET}"'
    assert SECRET not in shown(line, line, line)


def test_secret_over_several_lines_is_masked_in_each() -> None:
    source = SourceFile("a.tf", "x = <<-A\n  one\n  two\nA\n")
    place = source.range(4, len(source.text) - 1)
    text = render("full", report_of(place, (place,)))
    assert "one" not in text
    assert "two" not in text


@pytest.mark.parametrize(
    "line",
    [
        f'DB_PASSWORD = "{SECRET}"',
        f'"apiKey": "{SECRET}",',
        f'{{ name = "DB_PASSWORD", value = "{SECRET}" }}',
        f'{{ "value": "{SECRET}", "name": "DB_PASSWORD" }}',
        f'password = "{SECRET}" # x',
        'neutral = "AKIAFAKEFAKEFAKEFAKE"',
        'DATABASE_URL = "postgres://u:not-a-real-secret@h/d"',
        "key = AKIAFAKEFAKEFAKEFAKE",
    ],
)
def test_what_looks_like_a_secret_is_masked_without_being_named(line: str) -> None:
    text = shown(line, line[0])
    assert "••••" in text
    assert "FAKE" not in text
    assert SECRET not in text


@pytest.mark.parametrize(
    "line",
    [
        'name = "DB_PASSWORD"',
        'DB_PASSWORD = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"',
        'DB_PASSWORD = "${var.password}"',
        "DB_PASSWORD = var.password",
        '{ name = "PORT", value = "8080" }',
        'family = "app"',
        'secret_name = "prod/db"',
    ],
)
def test_what_is_no_secret_is_shown(line: str) -> None:
    assert line == shown(line, line[0])


def test_name_in_the_line_before_makes_a_value_a_secret() -> None:
    text = f'name = "DB_PASSWORD"\nvalue = "{SECRET}"\n'
    source = SourceFile("a.tf", text)
    place = source.range(text.index("value"), text.index("value") + 5)
    assert 'value = "••••••••"' in render("full", report_of(place))


def test_length_of_a_secret_does_not_show() -> None:
    assert shown('v = "a"', "v", '"a"') == shown(
        'v = "abcdefghijklmnop"', "v", '"abcdefghijklmnop"'
    )


@pytest.mark.parametrize("text", ["", '""', '"', "${", '"${var.x}"'])
def test_nothing_literal_has_no_spans_or_is_masked_whole(text: str) -> None:
    spans = literal_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)


def test_sample_names_the_places_of_its_secrets() -> None:
    assert [PASSWORD, TOKEN] == [
        place.text.strip('"') for f in FINDINGS for place in f.secret if '"' in place.text
    ]
