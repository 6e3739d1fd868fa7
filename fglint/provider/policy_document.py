"""data.aws_iam_policy_document: the one data source whose result is a function of its arguments.

Source: internal/service/iam/policy_document_data_source.go of hashicorp/terraform-provider-aws;
read 2026-11.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from fglint.evaluation.access import get_attr
from fglint.evaluation.elements import elements_of
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.holes import json_text_value
from fglint.evaluation.inspection import is_null, is_wholly_known, origins_of, unmark_deep
from fglint.evaluation.types import STRING
from fglint.evaluation.values import (
    Encoded,
    Item,
    ListValue,
    ObjectValue,
    OpenList,
    OpenMap,
    Parts,
    Presence,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    plain,
)

_SOURCES = ("source_json", "source_policy_documents")
_OVERRIDES = ("override_json", "override_policy_documents")
_PARTS = (
    ("Action", "actions"),
    ("NotAction", "not_actions"),
    ("Resource", "resources"),
    ("NotResource", "not_resources"),
)


class _Statements:
    """Statements in order; those with a Sid replace an earlier one of the same Sid."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.unknown: list[Value] = []

    def add(self, statement: Value, presence: Presence, *, override: bool) -> None:
        sid = _sid(statement)
        if override and sid and presence is Presence.ONE:
            for index, item in enumerate(self.items):
                if _sid(item.value) == sid:
                    self.items[index] = Item(statement, item.presence)
                    return
        self.items.append(Item(statement, presence))

    def document(self, value: Value, *, override: bool) -> None:
        """All statements of a policy document in JSON."""
        if is_null(value) or plain(value) == "":
            return
        try:
            found = json_text_value(value)
            statements = get_attr(found, "Statement")
        except EvaluationError:
            return
        bare = plain(statements)
        if isinstance(bare, ObjectValue):
            self.add(bare, Presence.ONE, override=override)
        elif isinstance(bare, Unknown) and bare.content is None:
            self.unknown.append(bare)
        else:
            for _, item, presence in elements_of(bare):
                self.add(item, presence, override=override)


def render(values: ObjectValue) -> Value:
    """The JSON text for the data source's arguments; structured where parts are unknown."""
    bare, _ = unmark_deep(values)
    assert isinstance(bare, ObjectValue)
    arguments = bare.items
    statements = _Statements()
    for name in _SOURCES:
        _documents(arguments.get(name), statements, override=False)
    _own(arguments.get("statement"), statements)
    for name in _OVERRIDES:
        _documents(arguments.get(name), statements, override=True)
    document: dict[str, Value] = {}
    version = arguments.get("version")
    configured = version is not None and not is_null(version) and not _computed(version)
    document["Version"] = version if configured and version is not None else "2012-10-17"
    identifier = arguments.get("policy_id")
    if identifier is not None and not is_null(identifier) and not _computed(identifier):
        document["Id"] = identifier
    document["Statement"] = _collected(statements)
    structured = ObjectValue(document)
    if is_wholly_known(structured):
        return json.dumps(_plain(structured), indent=2, ensure_ascii=False)
    return Unknown(
        STRING,
        origins_of(structured),
        not_null=True,
        prefix="{",
        content=Encoded(structured, "json"),
    )


def _computed(value: Value) -> bool:
    """Whether an argument is not configured, so that the provider fills it in."""
    bare = plain(value)
    return isinstance(bare, Unknown) and bare.ref is not None and bare.ref.kind == "data"


def _collected(statements: _Statements) -> Value:
    certain = all(item.presence is Presence.ONE for item in statements.items)
    if certain and not statements.unknown:
        return TupleValue(tuple(item.value for item in statements.items))
    items = list(statements.items)
    items.extend(Item(value, Presence.MANY) for value in statements.unknown)
    origins = dict.fromkeys(o for item in items for o in origins_of(item.value))
    return Unknown(origins=tuple(origins), not_null=True, content=OpenList(tuple(items)))


def _documents(value: Value | None, statements: _Statements, *, override: bool) -> None:
    if value is None or is_null(value):
        return
    bare = plain(value)
    texts = bare.items if isinstance(bare, (ListValue, TupleValue, SetValue)) else _open_texts(bare)
    for text in texts:
        inner = plain(text)
        if isinstance(inner, Unknown) and inner.content is None:
            if not (inner.ref is not None and inner.ref.kind == "data" and not inner.ref.path):
                statements.unknown.append(inner)
        else:
            statements.document(text, override=override)


def _open_texts(value: Value) -> Iterable[Value]:
    if isinstance(value, Unknown) and isinstance(value.content, OpenList):
        return [item.value for item in value.content.items]
    return [value]


def _own(value: Value | None, statements: _Statements) -> None:
    if value is None or is_null(value):
        return
    for _, block, presence in elements_of(value):
        if isinstance(plain(block), Unknown) and not _is_open(block):
            statements.unknown.append(block)
        else:
            statements.add(_statement(block), presence, override=True)


def _is_open(value: Value) -> bool:
    bare = plain(value)
    return isinstance(bare, Unknown) and isinstance(bare.content, OpenMap)


def _statement(block: Value) -> Value:
    statement: dict[str, Value] = {}
    sid = _member(block, "sid")
    if not is_null(sid) and plain(sid) != "":
        statement["Sid"] = sid
    effect = _member(block, "effect")
    statement["Effect"] = "Allow" if is_null(effect) else effect
    for key, name in _PARTS:
        texts = _texts(_member(block, name))
        if texts is not None:
            statement[key] = texts
    for key, name in (("Principal", "principals"), ("NotPrincipal", "not_principals")):
        found = _principals(_member(block, name))
        if found is not None:
            statement[key] = found
    condition = _conditions(_member(block, "condition"))
    if condition is not None:
        statement["Condition"] = condition
    return ObjectValue(statement)


def _member(block: Value, name: str) -> Value:
    try:
        return get_attr(block, name)
    except EvaluationError:
        from fglint.evaluation.values import NULL

        return NULL


def _texts(value: Value) -> Value | None:
    """One text as it is, several as a list in reverse order, as the provider writes them."""
    bare = plain(value)
    if is_null(bare):
        return None
    if isinstance(bare, Unknown):
        return _substituted(bare)
    assert isinstance(bare, (ListValue, SetValue, TupleValue))
    items = [_substituted(item) for item in bare.items]
    if not items:
        return None
    if len(items) == 1:
        return items[0]
    known = sorted((i for i in items if isinstance(i, str)), reverse=True)
    unknown = [i for i in items if not isinstance(i, str)]
    return TupleValue((*known, *unknown))


def _substituted(value: Value) -> Value:
    """`&{aws:username}` stands for IAM's `${aws:username}`."""
    bare = plain(value)
    if isinstance(bare, str):
        return bare.replace("&{", "${")
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        parts = tuple(_substituted(part) for part in bare.content.parts)
        return Unknown(
            STRING, bare.origins, not_null=True, prefix=bare.prefix, content=Parts(parts)
        )
    return bare


def _principals(value: Value) -> Value | None:
    if is_null(value):
        return None
    found: dict[str, Value] = {}
    unknown: list[Value] = []
    for _, block, presence in elements_of(value):
        kind, identifiers = plain(_member(block, "type")), _member(block, "identifiers")
        texts = _texts(identifiers)
        if kind == "*" and texts == "*":
            return "*"
        if isinstance(kind, str) and presence is Presence.ONE and texts is not None:
            found[kind] = _joined(found[kind], texts) if kind in found else texts
        else:
            unknown.append(block)
    if unknown:
        entries = {key: Item(text) for key, text in found.items()}
        origins = dict.fromkeys(o for block in unknown for o in origins_of(block))
        rest = Unknown(origins=tuple(origins))
        return Unknown(origins=tuple(origins), not_null=True, content=OpenMap(entries, rest))
    return ObjectValue(found) if found else None


def _joined(one: Value, other: Value) -> Value:
    items: list[Value] = []
    for value in (one, other):
        bare = plain(value)
        items.extend(bare.items if isinstance(bare, TupleValue) else (bare,))
    return TupleValue(tuple(items))


def _conditions(value: Value) -> Value | None:
    if is_null(value):
        return None
    found: dict[str, dict[str, Value]] = {}
    for _, block, presence in elements_of(value):
        test, variable = plain(_member(block, "test")), plain(_member(block, "variable"))
        texts = _texts(_member(block, "values"))
        if (
            not isinstance(test, str)
            or not isinstance(variable, str)
            or (presence is not Presence.ONE)
        ):
            return Unknown(origins=origins_of(value) or origins_of(block), not_null=True)
        tests = found.setdefault(test, {})
        texts = TupleValue(()) if texts is None else texts
        tests[variable] = _joined(tests[variable], texts) if variable in tests else texts
    if not found:
        return None
    return ObjectValue({test: ObjectValue(tests) for test, tests in found.items()})


def _sid(statement: Value) -> str:
    bare = plain(statement)
    sid = plain(bare.items.get("Sid", "")) if isinstance(bare, ObjectValue) else ""
    return sid if isinstance(sid, str) else ""


def _plain(value: Value) -> object:
    bare = plain(value)
    if isinstance(bare, ObjectValue):
        return {key: _plain(item) for key, item in bare.items.items()}
    if isinstance(bare, (TupleValue, ListValue, SetValue)):
        return [_plain(item) for item in bare.items]
    return str(bare) if not isinstance(bare, (str, bool, int)) else bare
