"""The text of a template, whose parts may be unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fglint.evaluation.convert import convert
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.functions import graphemes
from fglint.evaluation.functions.arguments import check_text, normalized
from fglint.evaluation.inspection import is_unknown, origins_of
from fglint.evaluation.marks import Marks
from fglint.evaluation.origins import Origin
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import STRING
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    ComposedText,
    Null,
    Parts,
    Union,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)
from fglint.source import SourceFile
from fglint.syntax.nodes import Expression

_SHOWN = 60  # characters of an expression
_PREFIX_BYTES = 128  # of a text with unknown parts that Terraform remembers


def concat_template(parts: Sequence[Value]) -> Value:
    """The text of a template; with unknown parts, an unknown that keeps them.

    EvaluationError for null and for what has no text.
    """
    texts: list[Value] = []
    marks: set[object] = set()
    known = True
    for part in parts:
        if type(part) is str:
            texts.append(part)
            continue
        bare, found = unmark(part)
        marks |= found
        text = _text(bare)
        if isinstance(text, Unknown):
            known = False
            texts.append(mark(text, found))
        else:
            texts.append(mark(text, found))
    all_marks: Marks = frozenset(marks)  # type: ignore[arg-type]
    if known:
        known_texts = [str(plain(text)) for text in texts]
        check_text(sum(map(len, known_texts)))
        joined = normalized("".join(known_texts))
        if all_marks:
            joined = ComposedText(joined, Parts(_flat(texts)))
        return mark(joined, all_marks)
    unknown = [text for text in texts if is_unknown(text)]
    if not STATE.refining:
        return mark(_begun(texts), all_marks)
    if len(texts) == 1:
        return mark(replace(_unknown(texts[0]), not_null=True), all_marks)
    if len(unknown) == 1 and isinstance(_unknown(unknown[0]).content, Union):
        return _spread(texts, unknown[0], all_marks)
    return mark(_partial(texts), all_marks)


def no_text(source: SourceFile, part: Expression) -> EvaluationError:
    """The error about a part of a template that is null."""
    text = " ".join(source.text[part.start : part.end].split())
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return EvaluationError(
        "Invalid template interpolation value",
        f"{shown} is null, which has no text: a template cannot include it.",
        source.range(part.start, part.end),
    )


def _begun(texts: list[Value]) -> Unknown:
    """What Terraform knows of a text with unknown parts: what stands before the first of them."""
    first = next(index for index, text in enumerate(texts) if is_unknown(text))
    known = "".join(str(plain(text)) for text in texts[:first])
    cut = known.encode("utf-8", "surrogatepass")[:_PREFIX_BYTES].decode("utf-8", "ignore")
    why = tuple(dict.fromkeys(origin for text in texts for origin in origins_of(text)))
    return Unknown(STRING, why, not_null=True, prefix=graphemes.safe_prefix(normalized(cut)))


def _flat(texts: list[Value]) -> tuple[Value, ...]:
    """The pieces, with those of composed texts in the place of the texts."""
    pieces: list[Value] = []
    for text in texts:
        bare = plain(text)
        if isinstance(bare, ComposedText) and isinstance(bare.content, Parts):
            pieces.extend(bare.content.parts)
        else:
            pieces.append(text)
    return tuple(pieces)


def _text(value: Value) -> str | Unknown:
    if isinstance(value, Null):
        raise EvaluationError(
            "Invalid template interpolation value",
            "The expression result is null. Cannot include a null value in a string template.",
        )
    try:
        text = plain(convert(value, STRING))
    except EvaluationError as error:
        raise EvaluationError(
            "Invalid template interpolation value",
            f"Cannot include the given value in a string template: {error.detail}.",
        ) from None
    assert isinstance(text, (str, Unknown))
    return text


def _unknown(value: Value) -> Unknown:
    bare = plain(value)
    assert isinstance(bare, Unknown)
    return bare


def _spread(texts: list[Value], part: Value, marks: Marks) -> Value:
    """A template around a union: the union of the texts."""
    content = _unknown(part).content
    assert isinstance(content, Union)
    at = texts.index(part)
    results: list[Value] = []
    for leaf in content.leaves:
        if isinstance(plain(leaf), Null):
            return mark(_partial(texts), marks)
        results.append(concat_template([*texts[:at], leaf, *texts[at + 1 :]]))
    return mark(union(results, _unknown(part).origins, STRING), marks)


def _partial(texts: list[Value]) -> Unknown:
    """The unknown text made of known and unknown pieces, known neighbours joined."""
    pieces: list[Value] = []
    origins: dict[Origin, None] = {}
    for text in texts:
        bare = plain(text)
        if isinstance(bare, Unknown):
            origins.update(dict.fromkeys(bare.origins))
            if isinstance(bare.content, Parts):
                # The whole has the marks of all its pieces; a mark of its own is on none of them.
                own = unmark(text)[1].difference(*(unmark(each)[1] for each in bare.content.parts))
                pieces.extend(mark(piece, own) for piece in bare.content.parts)
            else:
                pieces.append(text)
        elif pieces and type(pieces[-1]) is str and type(text) is str:
            pieces[-1] += text
        elif bare != "":
            pieces.append(text)
    prefix = ""
    for piece in pieces:
        bare = plain(piece)
        if isinstance(bare, str):
            prefix += bare
            continue
        assert isinstance(bare, Unknown)
        prefix += bare.prefix
        break
    prefix = graphemes.safe_prefix(prefix)
    return Unknown(
        STRING, tuple(origins), not_null=True, prefix=prefix, content=Parts(tuple(pieces))
    )
