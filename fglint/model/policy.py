"""Policy documents of IAM: their statements, and whom a trust policy trusts."""

from __future__ import annotations

from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.holes import json_text_value
from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import ObjectValue, Presence, Unknown, plain
from fglint.model.arns import Texts
from fglint.model.conditions import Context
from fglint.model.document_places import rendered
from fglint.model.listed import listed
from fglint.model.logic import Tri, all_of, any_of, negated, unknown
from fglint.model.reading import Node
from fglint.model.statement import Statement, exact
from fglint.records import dataclass

_ASSUME = "sts:AssumeRole"


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """The statements of a policy document; `doubts` tell why there may be others.

    `whole` is the document as a structured value, `malformed` why it is none.
    """

    statements: tuple[Statement, ...]
    doubts: tuple[Unknown, ...]
    whole: Node
    malformed: str = ""


def read_document(texts: Texts, node: Node) -> Document:
    """The policy document that an argument holds as JSON text."""
    node = rendered(texts.deployment.links, node)
    try:
        value = json_text_value(node.value)
    except EvaluationError as error:
        return Document((), (), node, error.detail or error.summary)
    whole = Node(node.instance, value, node.path)
    bare = plain(value)
    if isinstance(bare, Unknown) and is_null(whole.get("Statement").value):
        return Document((), (unknown(bare),), whole)
    if isinstance(bare, Unknown) and bare.content is None:
        return Document((), (unknown(bare),), whole)
    return _statements(texts, whole)


def _statements(texts: Texts, whole: Node) -> Document:
    node = whole.get("Statement")
    address = whole.instance.address
    if isinstance(plain(node.value), ObjectValue):
        return Document((Statement(texts, address, node),), (), whole)
    found = node.elements()
    doubts = [] if found.rest is None else [unknown(found.rest)]
    read: list[Statement] = []
    for item in found.items:
        bare = plain(item.node.value)
        if isinstance(bare, Unknown) and bare.content is None:
            doubts.append(unknown(bare))
            continue
        present: Tri = True if item.presence is Presence.ONE else unknown(node.value)
        read.append(Statement(texts, address, item.node, present=present))
    return Document(tuple(read), tuple(doubts), whole)


# ---- trust ------------------------------------------------------------------------------------


def trusts(document: Document, service: str, context: Context, texts: Texts) -> Tri:
    """Whether a trust policy lets an AWS service assume the role."""
    allowed: list[Tri] = []
    denied: list[Tri] = []
    for statement in document.statements:
        applies = all_of(
            [
                statement.present,
                statement.covers_action(_ASSUME),
                names_service(statement, service, texts),
                statement.holds(context),
            ]
        )
        allowed.append(all_of([statement.is_effect("Allow"), applies]))
        denied.append(all_of([statement.is_effect("Deny"), applies]))
    return all_of([any_of([*allowed, *document.doubts]), negated(any_of(denied))])


def names_service(statement: Statement, service: str, texts: Texts) -> Tri:
    """Whether an AWS service is among the principals of a statement."""
    if statement.node is not None and not is_null(statement.node.get("NotPrincipal").value):
        excluded = listed(statement.node.get("NotPrincipal").get("Service"))
        return negated(excluded.any_is(texts, exact(service)))
    named = statement.principals_of("Service").any_is(texts, exact(service))
    return any_of([named, is_anyone(statement, texts)])


def is_anyone(statement: Statement, texts: Texts) -> Tri:
    """Whether the principals of a statement are everyone."""
    return statement.principals_of("AWS").any_is(texts, exact("*"))
