"""What a container's command sets and prints: flags, properties, variables, its environment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fglint.evaluation.inspection import is_null
from fglint.evaluation.references import references
from fglint.evaluation.values import TupleValue, Unknown, Value, plain
from fglint.model.logic import Tri, all_of, any_of, unknown
from fglint.model.reading import Node, known_text
from fglint.model.recognition import text_of
from fglint.provider.credentials import HOLE
from fglint.provider.secrets import canonical

_FLAG = re.compile(r"^(--?[A-Za-z][\w.-]*)=(.+)$", re.DOTALL)
_PROPERTY = re.compile(r"^-D([A-Za-z][\w.-]*)=.+$", re.DOTALL)
_VARIABLE = re.compile(r"^([A-Z][A-Z0-9_]*)=.+$", re.DOTALL)


_LEVEL = re.compile(r"(?:^|_)LOG_?LEVEL$")
_VERBOSE = frozenset({"debug", "trace"})
_SHELL = re.compile(r"(?:^|[;&|(]\s*|\bexec\s+)(?:printenv|env|export -p)\s*(?:$|[;&|>)])")
_TRACE = re.compile(r"(?:^|[;&|\s])set\s+-[a-z]*x[a-z]*\b|^(?:\S*/)?(?:ba|da|z|k)?sh\s+-[a-z]*x")


def prints_environment(nodes: list[Node]) -> Value:
    """Whether command lines print their environment or trace what they run."""
    doubts: list[Unknown] = []
    words: list[str] = []
    for node in nodes:
        found = node.elements()
        if found.rest is not None:
            doubts.append(found.rest)
        for word in found:
            words.append(text_of(word.value))
            if words[-1] == HOLE:
                doubts.append(unknown(word.value))
    if words[:1] in (["env"], ["printenv"]) and len(words) == 1 and not doubts:
        return True
    scripts = [word for word in words if " " in word or ";" in word]
    if any(_SHELL.search(each) or _TRACE.search(each) for each in (*scripts, " ".join(words))):
        return True
    if not doubts:
        return False
    return unknown(*doubts)


def logs_verbosely(environment: Node) -> Tri:
    """Whether an environment sets a log level of debug or trace."""
    found = environment.elements()
    answers: list[Tri] = [] if found.rest is None or found.items else [unknown(found.rest)]
    for entry in found:
        name = plain(entry.get("name").value)
        value = entry.get("value").text()
        named = (
            _LEVEL.search(canonical(name)) is not None
            if isinstance(name, str)
            else unknown(entry.get("name").value)
        )
        text = known_text(value)
        is_verbose: Tri = unknown(value) if text is None else text.lower() in _VERBOSE
        answers.append(all_of([named, is_verbose]))
    return any_of(answers)


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
