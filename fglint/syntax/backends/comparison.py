"""What two front ends read differently in one file, as diagnostics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from fglint.diagnostic import Diagnostic
from fglint.source import SourceFile
from fglint.syntax.nodes import File, Node

MAXIMUM_DIFFERENCES = 20  # of one file
_SUMMARY = "Parsers disagree"
_NAMES = {
    "GetAttr": "attribute access",
    "TemplateIf": "%{ if }",
    "TemplateFor": "%{ for }",
    "TupleCons": "tuple",
    "ObjectCons": "object",
    "ObjectItem": "object member",
    "For": "for expression",
    "Unary": "operation with one operand",
    "Binary": "operation with two operands",
    "Attribute": "argument",
    "SplatItem": "splat's element",
    "Invalid": "error",
}


def differences(native: File, other: File) -> list[Diagnostic]:
    """Where the trees of one text differ: in their nodes, values or ranges, or in comments.

    A file that only one front end can read gives a warning, one that both reject gives nothing
    here, because each says itself what is wrong. Any other difference is an error: one of the two
    has misread the file.
    """
    if native.diagnostics and other.diagnostics:
        return []
    if other.diagnostics:
        first = other.diagnostics[0]
        detail = f"fglint reads this file without an error, python-hcl2 does not: {first.detail}"
        return [Diagnostic("warning", _SUMMARY, detail, first.range)]
    if native.diagnostics:
        first = native.diagnostics[0]
        detail = "python-hcl2 reads this file without an error, fglint does not: see its own."
        return [Diagnostic("warning", _SUMMARY, detail, first.range)]
    found = []
    for each in _differences(native, other):
        found.append(each)
        if len(found) == MAXIMUM_DIFFERENCES:
            break
    return found


def _differences(native: File, other: File) -> Iterator[Diagnostic]:
    pairs: list[tuple[Node, Node]] = [(native.body, other.body)]
    pairs += zip(native.comments, other.comments, strict=False)
    pairs.reverse()
    while pairs:
        one, two = pairs.pop()
        difference = _difference(one, two)
        if difference is None:
            pairs.extend(reversed(_below(one, two)))
        else:
            yield Diagnostic(
                "error", _SUMMARY, f"{difference}.", native.source.range(one.start, one.end)
            )
    count, others = len(native.comments), len(other.comments)
    if count != others:
        place = native.source.range(0, 0)
        detail = f"fglint finds {count} comments, python-hcl2 {others}."
        yield Diagnostic("error", _SUMMARY, detail, place)


def _difference(one: Node, two: Node) -> str | None:
    """How two nodes differ in themselves; None when only what is below them can differ."""
    kind = _name(one)
    if type(one) is not type(two):
        return f"fglint reads this as: {kind}; python-hcl2 as: {_name(two)}"
    for each in fields(one):
        first, second = getattr(one, each.name), getattr(two, each.name)
        if isinstance(first, Node) or isinstance(second, Node):
            if isinstance(first, Node) and isinstance(second, Node):
                continue
        elif isinstance(first, tuple | dict):
            if isinstance(first, dict) and first.keys() != second.keys():
                names = sorted(first.keys() ^ second.keys())
                return f"only one of both parsers finds: {', '.join(names)}"
            if len(first) == len(second):
                continue
            first, second = len(first), len(second)
        elif isinstance(first, SourceFile) or (first == second and type(first) is type(second)):
            continue
        return f"{kind}: fglint reads {each.name} {first!r}, python-hcl2 {second!r}"
    return None


def _below(one: Node, two: Node) -> list[tuple[Node, Node]]:
    """The pairs of nodes directly below two nodes of one class and shape."""
    pairs: list[tuple[Node, Node]] = []
    for each in fields(one):
        first, second = getattr(one, each.name), getattr(two, each.name)
        if isinstance(first, Node):
            pairs.append((first, second))
        elif isinstance(first, tuple):
            pairs.extend(zip(first, second, strict=True))
        elif isinstance(first, dict):
            pairs.extend((value, second[name]) for name, value in first.items())
    return pairs


def _name(node: Node) -> str:
    name = type(node).__name__
    return _NAMES.get(name, name.lower())
