"""What is wrong with a policy document: what IAM refuses, and what it would never match.

Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM and AWS STS quotas", read
2026-11. A document without Version is accepted: it has the old one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import ObjectValue, Unknown, Value, plain
from fglint.model.listed import listed
from fglint.model.policy import Document
from fglint.model.problem import Mistake
from fglint.model.reading import Node
from fglint.provider.iam_actions import PREFIXES

_VERSIONS = ("2012-10-17", "2008-10-17")
_MEMBERS = frozenset({"Version", "Id", "Statement"})
_ELEMENTS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource",
     "Condition"}
)  # fmt: skip
_SID = re.compile(r"[0-9A-Za-z]*")
_ACTION = re.compile(r"[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+")


def mistakes(document: Document, *, trust: bool) -> Iterator[Mistake]:
    """What IAM refuses in a document; `trust` tells a trust policy from one of permissions."""
    if document.malformed:
        yield Mistake(f"it is no JSON: {document.malformed.rstrip('.')}", document.whole)
        return
    whole = document.whole
    bare = plain(whole.value)
    if isinstance(bare, Unknown) and not whole.members():
        return
    if not isinstance(bare, (ObjectValue, Unknown)):
        yield Mistake("it is no JSON object", whole)
        return
    for key, node in whole.members():
        if key not in _MEMBERS:
            yield Mistake(f"it has the member {key}, which policies do not have", node)
    version = plain(whole.get("Version").value)
    if isinstance(version, str) and version not in _VERSIONS:
        text = f'its Version is "{version}"; there are "2012-10-17" and "2008-10-17"'
        yield Mistake(text, whole.get("Version"))
    statements = whole.get("Statement")
    if is_null(statements.value):
        if isinstance(bare, ObjectValue):
            yield Mistake("it has no Statement", whole)
        return
    if not isinstance(plain(statements.value), (ObjectValue, Unknown)) and not list(
        statements.elements()
    ):
        yield Mistake("its Statement is empty", statements)
    seen: set[str] = set()
    for statement in document.statements:
        assert statement.node is not None
        yield from _of_statement(statement.node, seen, trust)


def _of_statement(node: Node, seen: set[str], trust: bool) -> Iterator[Mistake]:
    if not isinstance(plain(node.value), ObjectValue):
        return
    for key, member in node.members():
        if key not in _ELEMENTS:
            yield Mistake(f"a statement has the element {key}{_meant(key)}", member)
    yield from _sid(node, seen)
    effect = plain(node.get("Effect").value)
    if is_null(effect):
        yield Mistake("a statement has no Effect", node)
    elif isinstance(effect, str) and effect not in ("Allow", "Deny"):
        text = f'an Effect is "{effect}"; it is "Allow" or "Deny"'
        yield Mistake(text, node.get("Effect"))
    yield from _one_of(node, "Action", "NotAction")
    if trust:
        yield from _prohibited(node, ("Resource", "NotResource"), "a trust policy")
        yield from _one_of(node, "Principal", "NotPrincipal")
    else:
        yield from _prohibited(node, ("Principal", "NotPrincipal"), "a policy of permissions")
        yield from _one_of(node, "Resource", "NotResource")
    for key in ("Action", "NotAction"):
        yield from _actions(node.get(key))
    for key in ("Resource", "NotResource"):
        yield from _resources(node.get(key))


def _meant(key: str) -> str:
    near = get_close_matches(key, _ELEMENTS, 1)
    return f"; is {near[0]} meant?" if near else ", which statements do not have"


def _sid(node: Node, seen: set[str]) -> Iterator[Mistake]:
    sid = plain(node.get("Sid").value)
    if not isinstance(sid, str) or not sid:
        return
    if not _SID.fullmatch(sid):
        yield Mistake(f'the Sid "{sid}" has more than letters and digits', node.get("Sid"))
    if sid in seen:
        yield Mistake(f'the Sid "{sid}" stands twice', node.get("Sid"))
    seen.add(sid)


def _one_of(node: Node, one: str, other: str) -> Iterator[Mistake]:
    found = [key for key in (one, other) if not is_null(node.get(key).value)]
    if not found:
        yield Mistake(f"a statement has neither {one} nor {other}", node)
    elif len(found) == 2 and all(_is_certain(node.get(key).value) for key in found):
        yield Mistake(f"a statement has both {one} and {other}", node.get(other))


def _is_certain(value: Value) -> bool:
    bare = plain(value)
    return bare.not_null if isinstance(bare, Unknown) else True


def _prohibited(node: Node, keys: tuple[str, ...], where: str) -> Iterator[Mistake]:
    for key in keys:
        value = node.get(key).value
        if not is_null(value) and _is_certain(value):
            yield Mistake(f"{where} has the element {key}", node.get(key))


def _texts(node: Node) -> Iterator[tuple[str, Node]]:
    bare = plain(node.value)
    if isinstance(bare, str):
        yield bare, node
        return
    for item in node.elements().items:
        text = plain(item.node.value)
        if isinstance(text, str):
            yield text, item.node


def _actions(node: Node) -> Iterator[Mistake]:
    if not is_null(node.value) and listed(node).is_empty:
        yield Mistake("a statement has no actions", node)
    for text, at in _texts(node):
        if text != "*" and not _ACTION.fullmatch(text):
            yield Mistake(f'"{text}" is no action: one is written SERVICE:ACTION', at)


def _resources(node: Node) -> Iterator[Mistake]:
    if not is_null(node.value) and listed(node).is_empty:
        yield Mistake("a statement has no resources", node)
    for text, at in _texts(node):
        if text == "*" or text.startswith("${"):
            continue
        if not text.startswith("arn:") and not text.startswith("*"):
            yield Mistake(f'the resource "{text}" is no ARN', at)
        elif text.startswith("arn:") and text.count(":") < 5 and "*" not in text:
            yield Mistake(f'the resource "{text}" is no whole ARN: one has six parts', at)


def unlikely(document: Document) -> Iterator[Mistake]:
    """What IAM accepts and never matches: a service's prefix that is nearly one."""
    for statement in document.statements:
        if statement.node is None:
            continue
        for key in ("Action", "NotAction"):
            for text, at in _texts(statement.node.get(key)):
                prefix = text.partition(":")[0].lower()
                if ":" not in text or prefix in PREFIXES or "*" in prefix:
                    continue
                near = get_close_matches(prefix, PREFIXES, 1, 0.85)
                if near:
                    yield Mistake(f'"{text}" names no service: is "{near[0]}" meant?', at)
