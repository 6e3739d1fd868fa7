"""What a container's command sets: flags that Terraform fills in, properties, variables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fglint.evaluation.references import references
from fglint.evaluation.values import TupleValue, Unknown, Value, is_null
from fglint.model.reading import Node
from fglint.model.recognition import text_of
from fglint.provider.credentials import HOLE

_FLAG = re.compile(r"^(--?[A-Za-z][\w.-]*)=(.+)$", re.DOTALL)
_PROPERTY = re.compile(r"^-D([A-Za-z][\w.-]*)=.+$", re.DOTALL)
_VARIABLE = re.compile(r"^([A-Z][A-Z0-9_]*)=.+$", re.DOTALL)


def settings_in(nodes: list[Node]) -> Value:
    """The names of what command lines set; unknown where a command line is not known."""
    found: list[str] = []
    doubts: list[Unknown] = []
    for node in nodes:
        words = node.elements()
        if words.rest is not None:
            doubts.append(words.rest)
        for word in words:
            found.extend(_of_word(word))
    if doubts and not found:
        origins = tuple(dict.fromkeys(origin for doubt in doubts for origin in doubt.origins))
        return Unknown(origins=origins, not_null=True)
    return TupleValue(tuple(dict.fromkeys(found)))


def _of_word(node: Node) -> Iterator[str]:
    if is_null(node.value):
        return
    text = text_of(node.value)
    for word in text.split():
        flag = _FLAG.match(word)
        named = _PROPERTY.match(word) or _VARIABLE.match(word)
        if named is not None:
            yield named[1]
        elif flag is not None and (HOLE in flag[2] or _is_filled_in(node, flag[2])):
            yield flag[1]


def _is_filled_in(node: Node, value: str) -> bool:
    """Whether a known value stands in a template, rather than in the text around it."""
    trail = node.instance.trail(node.path)
    if trail is None or not any(True for _ in references(trail.node)):
        return False
    return value not in trail.place.placed.range.text
