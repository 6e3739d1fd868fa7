"""What a text that a task shows is: a secret by origin, format, name or entropy, or none.

The first of these that applies decides; each text has one class. What is unknown and comes from no
source of secrets is judged by where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable

from fglint.configuration.trail import Trail
from fglint.evaluation.convert import convert
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import is_null, marks_deep, origins_of
from fglint.evaluation.marks import SecretOrigin
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import BOOL, STRING
from fglint.evaluation.values import Parts, Union, Unknown, Value, plain
from fglint.model.logic import Tri
from fglint.provider import credentials
from fglint.provider.credentials import HOLE
from fglint.provider.secrets import (
    CLIENT_KEYS,
    by_value,
    canonical,
    is_pin,
    names_reference,
    secret_name,
)
from fglint.records import dataclass

_HARMLESS = frozenset({"empty", "placeholder"})
# How a source compares with another from which the same value comes: the first one is named.
_RANKS = ("generated", "stored secret", "private key", "credential")


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a text is.

    `class_` is one of "empty", "placeholder", "default password", "secret" (`source` says which),
    "credential" (`credential` says which), "client key", "reference", "text", "random text",
    "unknown reference", "unknown URL password" (`credential` says which), "unknown text".
    """

    class_: str
    source: SecretOrigin | None = None
    credential: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether it was decided by what the text is, not by where it comes from."""
        return not self.class_.startswith("unknown")


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside a text: its name, how it is shown, and how it comes.

    `name` is None for what has none, such as a word of a command. `names` are the names of the
    configuration's own secrets and parameters.
    """

    name: str | None
    is_command: bool = False
    is_image: bool = False
    has_access_key: bool = False
    names: frozenset[str] = frozenset()
    trail: Trail | None = None

    @property
    def has_secret_name(self) -> bool:
        """Whether the name announces a secret."""
        if self.name is None:
            return False
        return secret_name(self.name) or canonical(self.name) in CLIENT_KEYS


def names_secret(name: Value) -> Tri:
    """Whether a name announces a secret; unknown when the name is."""
    bare = plain(name)
    if isinstance(bare, Unknown):
        return Unknown(BOOL, bare.origins, not_null=True)
    return isinstance(bare, str) and Context(bare).has_secret_name


def recognize(value: Value, context: Context) -> list[Recognition]:
    """What a text is; several where it is one of several texts."""
    bare = plain(value)
    if isinstance(bare, Unknown) and isinstance(bare.content, Union):
        found = [recognize(leaf, context) for leaf in bare.content.leaves]
        distinct = dict.fromkeys(each for leaf in found for each in leaf)
        source = _source(value, context)
        if source is not None and not _HARMLESS.issuperset(each.class_ for each in distinct):
            return [Recognition("secret", source)]
        return list(distinct)
    return [_recognize(value, context)]


def _recognize(value: Value, context: Context) -> Recognition:
    text = text_of(value)
    known = HOLE not in text
    if known and (is_null(value) or credentials.is_empty(text)):
        return Recognition("empty")
    if known and credentials.is_placeholder(text):
        return Recognition("placeholder")
    if known and context.has_secret_name and credentials.is_default_password(text):
        return Recognition("default password")
    source = _source(value, context)
    if source is not None and not (_is_only_called(source) and _names_something(value, context)):
        return Recognition("secret", source)
    found = _format(text, context)
    if found is not None:
        return Recognition("credential", credential=found)
    return _known(text, context) if known else _unknown(value, text, context)


def _is_only_called(source: SecretOrigin) -> bool:
    """Whether a value counts as a secret because of a variable's name alone."""
    return source.reason == "secret name"


def _format(text: str, context: Context) -> str | None:
    if context.is_image:
        return credentials.url_password(text)
    if context.has_access_key and credentials.is_secret_access_key(text):
        return "an AWS secret access key"
    return credentials.text_format(text, command=context.is_command)


def _known(text: str, context: Context) -> Recognition:
    name = context.name or ""
    if is_pin(name) and credentials.is_number(text):
        return Recognition("text")
    if context.is_image or _names(text, context):
        return Recognition("reference")
    if canonical(name) in CLIENT_KEYS:
        return Recognition("client key")
    trail = context.trail
    if credentials.looks_random(name, text) and (trail is None or trail.is_literal):
        return Recognition("random text")
    return Recognition("text")


def _names_something(value: Value, context: Context) -> bool:
    text = text_of(value)
    return _is_reference(value, text) if HOLE in text else _names(text, context)


def is_reference(value: Value) -> bool:
    """Whether a value names something, as an ARN does, and is no secret itself."""
    return text_of(value) != "" and _names_something(value, Context(None))


def _names(text: str, context: Context) -> bool:
    """Whether a known text names something and is no secret itself."""
    if credentials.is_reference(text) or text in context.names:
        return True
    attributes = None if context.trail is None else context.trail.attributes()
    return attributes is not None and all(map(names_reference, attributes))


def _unknown(value: Value, text: str, context: Context) -> Recognition:
    found = credentials.unknown_url_password(text)
    if found is not None:
        return Recognition("unknown URL password", credential=found)
    if by_value(context.name or "") or _is_reference(value, text):
        return Recognition("unknown reference")
    return Recognition("unknown text")


def _is_reference(value: Value, text: str) -> bool:
    """Whether an unknown text comes from attributes that name things, or looks like a reference."""
    if credentials.is_reference(text.replace(HOLE, "x")) and text.replace(HOLE, ""):
        return True
    origins = origins_of(value)
    return bool(origins) and all(names_reference(_last_name(origin)) for origin in origins)


def _last_name(origin: Origin) -> str:
    """The name of the attribute, variable or output that an unknown comes from."""
    path = origin.path.partition("[")[0] if origin.path.startswith(".") else ""
    steps = [step.partition("[")[0] for step in origin.path.split(".") if step]
    named = [step for step in steps if step]
    if named and path:
        return named[-1]
    return origin.address.rpartition(".")[2].partition("[")[0]


# ---- sources ----------------------------------------------------------------------------------


def _source(value: Value, context: Context) -> SecretOrigin | None:
    """The source of secrets that a value comes from: the strongest, the one nearest to the root."""
    found = [mark for mark in marks_deep(value) if isinstance(mark, SecretOrigin)]
    found.extend(_members(value))
    strong = [each for each in found if not each.weak or context.has_secret_name]
    return min(strong, key=_rank, default=None)


def _rank(source: SecretOrigin) -> tuple[int, int, str]:
    rank = _RANKS.index(source.reason) if source.reason in _RANKS else len(_RANKS)
    return rank, source.source.count("module."), source.source


def _members(value: Value) -> Iterable[SecretOrigin]:
    """Members of unknown variables with a secret's name: var.database.password."""
    for piece in pieces_of(value):
        bare = plain(piece)
        ref = bare.ref if isinstance(bare, Unknown) else None
        if ref is None or ref.kind != "variable" or not ref.path:
            continue
        if secret_name(_last_name(ref)):
            yield SecretOrigin(str(ref), "secret name", range=ref.range)


# ---- texts ------------------------------------------------------------------------------------


def pieces_of(value: Value) -> list[Value]:
    """The parts that a text is put together from."""
    bare = plain(value)
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        return [piece for part in bare.content.parts for piece in pieces_of(part)]
    return [value]


def text_of(value: Value) -> str:
    """The text of a value; HOLE stands for what is not known."""
    return "".join(map(_text_of, pieces_of(value)))


def _text_of(piece: Value) -> str:
    bare = plain(piece)
    if isinstance(bare, Unknown):
        return bare.prefix + HOLE
    if is_null(bare):
        return ""
    try:
        return str(plain(convert(bare, STRING)))
    except EvaluationError:
        return HOLE
