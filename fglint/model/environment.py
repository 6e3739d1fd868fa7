"""Leaves: each text that a task shows to whoever may read it, environment entries above all."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from fglint.configuration.trail import Trail
from fglint.evaluation.inspection import is_null
from fglint.evaluation.marks import Mark, SecretOrigin
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.unions import union
from fglint.evaluation.values import NULL, TupleValue, Value, mark
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.logic import unknown
from fglint.model.members import Member, members
from fglint.model.reading import Node, known_text
from fglint.model.recognition import Context, Recognition, names_secret, recognize, text_of
from fglint.provider.credentials import HOLE
from fglint.records import dataclass
from fglint.source import Range

# The attributes that hold a secret of these types, whose `arn` names it under `secrets`.
_STORES = {
    "aws_ssm_parameter": ("value",),
    "aws_secretsmanager_secret_version": ("secret_string", "secret_binary"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Where a text stands: in words, and as findings name it.

    `is_entry` tells that it is an entry of an environment, `has_access_key` that an AWS access key
    ID stands beside it; `names` are those of the configuration's secrets and parameters.
    """

    words: str
    subject: str
    is_command: bool = False
    is_image: bool = False
    is_file: bool = False
    is_entry: bool = False
    has_access_key: Callable[[], bool] = lambda: False
    names: frozenset[str] = frozenset()


class Text(Entity):
    """One text with a name in a leaf: the leaf itself, or what the JSON in it holds."""

    kind = "text"
    confidential = True

    def __init__(self, leaf: Leaf, member: Member) -> None:
        super().__init__(leaf.address, leaf.header, maybe=leaf.maybe)
        self.leaf = leaf
        self.member = member
        self.subject = leaf.subject

    def __str__(self) -> str:
        name = known_text(self.member.name)
        if self.member.is_whole or name is None:
            return self.leaf.shown.words
        return f"{name} in {self.leaf.shown.words}"

    def place(self) -> Range | None:
        """Where the text is written."""
        return self.member.place()

    @property
    def part_of(self) -> Entity | None:  # type: ignore[override]
        """The leaf."""
        return self.leaf

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """The name under which it is shown; null for a word of a command, an image and the like."""
        return Attribute(self.member.name, self.place)

    @attribute(BOOL)
    def has_secret_name(self) -> Attribute:
        """Whether its name announces a secret: DB_PASSWORD does, SECRET_ARN does not."""
        return Attribute(names_secret(self.member.name), self.place)

    @cached_property
    def recognitions(self) -> list[Recognition]:
        """What it is; several where it is one of several texts."""
        shown = self.leaf.shown
        context = Context(
            known_text(self.member.name),
            shown.is_command,
            shown.is_image,
            shown.has_access_key(),
            shown.names,
            self.trail,
        )
        return recognize(self.member.node.value, context)

    @cached_property
    def trail(self) -> Trail | None:
        """The way to where it is written; not for what is not known."""
        if HOLE in text_of(self.member.node.value):
            return None
        return self.member.node.instance.trail(self.member.node.path)

    @attribute(STRING)
    def class_(self) -> Attribute:
        """What it is, the first that applies.

        "empty"; "placeholder"; "default password", one that products ship with, under a secret's
        name; "secret", it comes from `source`; "credential", it has the form of `credential`;
        "client key", of Sentry; "reference", it names something; "random text", it has the entropy
        of a key; "text"; and where it is not known: "unknown URL password", "unknown reference",
        "unknown text".
        """
        found = [each.class_ for each in self.recognitions]
        origins = unknown(self.member.node.value).origins
        return Attribute(union(list(dict.fromkeys(found)), origins, STRING), self.place)

    @attribute(BOOL)
    def known(self) -> Attribute:
        """Whether its class is decided by what it says, whatever its unknown parts are."""
        return Attribute(all(each.is_known for each in self.recognitions), self.place)

    @attribute(STRING, nullable=True)
    def source(self) -> Attribute:
        """The source of the secret in it, and the way from there; null where it holds none."""
        found = [each.source for each in self.recognitions if each.source is not None]
        return Attribute(self._way(found[0]) if found else NULL, self.place)

    def _way(self, source: SecretOrigin) -> str:
        trail = self.member.node.instance.trail(self.member.node.path)
        through = [] if trail is None else trail.to(source.source)
        return source.source + (f", through {', '.join(through)}" if through else "")

    @attribute(STRING, nullable=True)
    def stored_as(self) -> Attribute:
        """The ARN of the parameter or secret that it is read from; null where it is read from none.

        `secrets` can name it instead.
        """
        found = [each.source for each in self.recognitions if each.source is not None]
        return Attribute(_stored_as(found[0].source) if found else NULL, self.place)

    @attribute(STRING, nullable=True)
    def credential(self) -> Attribute:
        """The kind of credential in it, in words; null where it holds none."""
        found = [each.credential for each in self.recognitions if each.credential is not None]
        return Attribute(found[0] if found else NULL, self.place)

    @attribute(NUMBER, nullable=True)
    def length(self) -> Attribute:
        """How many characters it has; null where it is not known."""
        text = text_of(self.member.node.value)
        return Attribute(NULL if HOLE in text else len(text), self.place)

    @attribute(STRING, nullable=True)
    def value(self) -> Attribute:
        """The text itself, which no message shows."""
        hidden: frozenset[Mark] = frozenset({SecretOrigin(str(self), "shown")})
        value = self.member.node.value
        return Attribute(value if is_null(value) else mark(value, hidden), self.place)


def _stored_as(source: str) -> Value:
    resource, _, attribute = source.rpartition(".")
    type_ = resource.rpartition(".")[0].rpartition(".")[2]
    if _STORES.get(type_) is None or attribute not in _STORES[type_]:
        return NULL
    return f"{resource}.arn"


class Leaf(Entity):
    """One text that a task shows: an environment entry, a word of its command, a tag, a label."""

    kind = "environment"
    confidential = True

    def __init__(self, owner: Entity | None, name: Value, node: Node, shown: Shown, maybe: bool):
        super().__init__(node.instance.address, node.instance.header, maybe=maybe)
        self.name = name
        self.node = node
        self.shown = shown
        self.subject = shown.subject
        self.part_of = owner

    def __str__(self) -> str:
        return self.shown.words

    def place(self) -> Range | None:
        """Where the text is written."""
        return self.node.place()

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """The name under which it is shown; null for a word of a command, an image and the like."""
        return Attribute(self.name, self.place)

    @attribute(BOOL)
    def entry(self) -> Attribute:
        """Whether it is an environment entry, which is judged by name where it is not known."""
        return Attribute(self.shown.is_entry, self.place)

    @cached_property
    def text_list(self) -> list[Text]:
        """Itself, or the texts that it holds as JSON or as lines of a file."""
        return [Text(self, each) for each in members(self.name, self.node, self.shown.is_file)]

    @attribute(ListType(EntityType("text")))
    def texts(self) -> Attribute:
        """The texts in it: itself, or where it is JSON, or a file of entries, what that holds."""
        return Attribute(TupleValue(tuple(self.text_list)), self.place)
