"""Traces as text for people, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fglint import __version__
from fglint.diagnostic import Diagnostic
from fglint.finding import Finding, Verdict
from fglint.policy.trace import JudgedHop, JudgedTrace, Traces
from fglint.report.json import dump
from fglint.report.options import Options
from fglint.report.text import Paint, counted, one_line, wrapped
from fglint.source import Range

SCHEMA_VERSION = 1
_SHORT = {
    Verdict.PASS: ("pass", "pass"),
    Verdict.FAIL: ("FAIL", "fail"),
    Verdict.UNKNOWN: ("unknown", "undecided"),
    Verdict.NOT_APPLICABLE: ("-", "dim"),
}
_VERDICT, _STEP = 9, 17  # columns

Json = dict[str, object]


def text(found: Traces, options: Options) -> str:
    """The traces for a terminal, or to be pasted into a pull request."""
    paint = Paint(options.color)
    blocks = ["\n".join(_trace(each, paint, options.width)) for each in found.traces]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _trace(trace: JudgedTrace, paint: Paint, width: int) -> Iterator[str]:
    name = f"{trace.service} ({trace.subject})" if trace.subject else trace.service
    yield f"{paint('bold', one_line(name))} {one_line(trace.headline)}{_at(trace.range, paint)}"
    for title, hops in (("From clients", trace.traffic), ("Start of a task", trace.start)):
        if hops:
            yield ""
            yield paint("bold", title)
            for hop in hops:
                yield from _hop(hop, paint, width)
    yield ""
    yield _summary(trace, paint)


def _hop(hop: JudgedHop, paint: Paint, width: int) -> Iterator[str]:
    short, style = _SHORT[hop.verdict]
    start = f"  {paint(style, short)}{'':{_VERDICT - len(short)}}"
    step = hop.step.replace("_", " ")
    yield f"{start}{step:{_STEP}} {one_line(hop.text)}{_at(hop.range, paint)}"
    indent = " " * (2 + _VERDICT + _STEP + 1)
    for label, words in _notes(hop):
        lines = wrapped(f"{label}: {one_line(words)}", max(40, width - len(indent)))
        for line in lines:
            yield f"{indent}{line if label != 'via' else paint('dim', line)}"


def _notes(hop: JudgedHop) -> Iterator[tuple[str, str]]:
    if hop.via:
        yield "via", ", ".join(hop.via)
    for finding in hop.findings:
        if finding.verdict is Verdict.FAIL:
            yield finding.rule, finding.message
            if finding.remedy and finding.remedy not in finding.message:
                yield "help", finding.remedy
    if hop.because:
        yield "cause", hop.because


def _at(place: Range | None, paint: Paint) -> str:
    if place is None:
        return ""
    return paint("place", f"  {one_line(place.path)}:{place.begin.line}")


def _summary(trace: JudgedTrace, paint: Paint) -> str:
    hops = trace.hops
    parts = []
    for verdict, word in ((Verdict.FAIL, "fail"), (Verdict.UNKNOWN, "undecided")):
        number = sum(hop.verdict is verdict for hop in hops)
        if number:
            parts.append(paint(_SHORT[verdict][1], f"{number} {word}"))
    if not parts:
        parts.append(paint("pass", "nothing fails"))
    return f"{counted(len(hops), 'hop')}: {', '.join(parts)}"


# ---- JSON -------------------------------------------------------------------------------------


def json(found: Traces, path: str, diagnostics: Sequence[Diagnostic]) -> str:
    """The traces as one object, keys sorted; docs/trace.md describes it."""
    document: Json = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "fglint", "version": __version__},
        "path": path,
        "services": [_service(trace) for trace in found.traces],
        "diagnostics": [
            {
                "severity": each.severity,
                "summary": each.summary,
                "detail": each.detail,
                "location": _location(each.range),
            }
            for each in (*diagnostics, *found.diagnostics)
        ],
    }
    return dump(document)


def _service(trace: JudgedTrace) -> Json:
    return {
        "service": trace.service,
        "subject": trace.subject,
        "headline": trace.headline,
        "location": _location(trace.range),
        "verdict": trace.verdict.value,
        "traffic": [_as_json(hop) for hop in trace.traffic],
        "start": [_as_json(hop) for hop in trace.start],
    }


def _as_json(hop: JudgedHop) -> Json:
    return {
        "step": hop.step,
        "text": hop.text,
        "address": hop.address,
        "location": _location(hop.range),
        "verdict": hop.verdict.value,
        "because": hop.because,
        "via": list(hop.via),
        "findings": [_finding(finding) for finding in hop.findings],
    }


def _finding(finding: Finding) -> Json:
    return {
        "rule": finding.rule,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "message": finding.text,
        "because": finding.because,
        "location": _location(finding.range),
    }


def _location(place: Range | None) -> Json | None:
    if place is None:
        return None
    begin, finish = place.begin, place.finish
    return {
        "path": place.path,
        "line": begin.line,
        "column": begin.column,
        "end_line": finish.line,
        "end_column": finish.column,
    }
