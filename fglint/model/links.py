"""Links between resources: by the identity that a value denotes, never by comparing strings.

An identity is a resource instance and one of its naming attributes. Where a value is literal text,
it names the instance whose name (or ARN's last part) is known to be that text; otherwise it names
something outside the configuration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from fglint.configuration.instance import Instance
from fglint.evaluation.elements import elements_of
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import is_null, origins_of
from fglint.evaluation.origins import Origin
from fglint.evaluation.values import NULL, Parts, Union, Unknown, Value, plain
from fglint.model.existence import may_not_exist
from fglint.model.logic import Tri, agreed, outside, same, unknown
from fglint.provider.arns import SHAPES
from fglint.provider.identity import CLASSES, NAMES, Alias
from fglint.records import dataclass

_ID = re.compile(r"([a-z]+)-[0-9a-f]+$")
_KEY = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """What a value names: an instance, something outside, nothing (null), or it is not known.

    `value` is the value itself. `exact` is false where the instance stands for any number of them
    and the value names one of these.
    """

    value: Value
    instance: Instance | None = None
    outside: bool = False
    unknown: Unknown | None = None
    exact: bool = True

    @property
    def nothing(self) -> bool:
        """Whether the value is null."""
        return self.instance is None and not self.outside and self.unknown is None

    @property
    def maybe(self) -> bool:
        """Whether the instance may not exist."""
        return self.instance is not None and self.instance.maybe

    @property
    def managed(self) -> Instance | None:
        """The instance, where it is a resource of the configuration and no data source."""
        found = self.instance
        return found if found is not None and found.mode == "managed" else None


class Links:
    """Finds instances by address, type and identity."""

    def __init__(self, instances: Iterable[Instance]) -> None:
        self.instances = tuple(instances)
        self.by_address: dict[str, Instance] = {}
        self._by_type: dict[tuple[str, str], list[Instance]] = {}
        for instance in self.instances:
            self.by_address[instance.address] = instance
            self._by_type.setdefault((instance.mode, instance.type), []).append(instance)
        self._names: dict[str, dict[object, Instance | None]] = {}

    def of(self, *types: str, mode: str = "managed") -> list[Instance]:
        """All instances of these types, in the order of the types."""
        return [found for type_ in types for found in self._by_type.get((mode, type_), ())]

    def at(self, address: str) -> Instance | None:
        """The instance with that address, or the one that stands for all with its resource."""
        found = self.by_address.get(address)
        if found is not None or "[" not in address:
            return found
        keys = [match.span() for match in _KEY.finditer(address)]
        for start, end in reversed(keys):  # the innermost number is the likeliest to be unknown
            found = self.by_address.get(f"{address[:start]}[*]{address[end:]}")
            if found is not None:
                return found
        return self.by_address.get(_KEY.sub("[*]", address))

    # ---- what a value names -------------------------------------------------------------------

    def find(self, value: Value, class_: str) -> Link:
        """What a value names among the things of a class ("subnet", "role")."""
        if is_null(value):
            return Link(value)
        bare = plain(value)
        if isinstance(bare, Unknown):
            return self._unknown(value, bare, class_)
        if isinstance(bare, str):
            named = self._named(bare, class_)
            return Link(value, named, outside=named is None)
        return Link(value, outside=True)

    def candidates(self, value: Value, class_: str) -> list[Link]:
        """What a value may name: one link, or those of both branches of an unknown condition."""
        bare = plain(value)
        if isinstance(bare, Unknown) and isinstance(bare.content, Union):
            return [each for leaf in bare.content.leaves for each in self.candidates(leaf, class_)]
        return [self.find(value, class_)]

    def agree(self, value: Value, class_: str, holds: Callable[[Link], Tri]) -> Tri:
        """Whether something holds of what a value names; unknown where its branches differ."""
        return agreed([holds(link) for link in self.candidates(value, class_)], value)

    def _unknown(self, value: Value, bare: Unknown, class_: str) -> Link:
        if bare.ref is not None:
            found = self._denoted(bare.ref, class_)
            if found is not None:
                return found
        named = self._names_of(class_).get(_text_key(bare))
        if named is not None:
            return Link(value, named, exact="[*]" not in named.address)
        content = bare.content
        if isinstance(content, Union):
            return self._one_of(value, bare, content.leaves, class_)
        if isinstance(content, Parts):
            found = self._by_last_part(value, content.parts, class_)
            if found is not None:
                return found
        return Link(value, unknown=bare)

    def _one_of(self, value: Value, bare: Unknown, leaves: Sequence[Value], class_: str) -> Link:
        links = [self.find(leaf, class_) for leaf in leaves]
        first = links[0].instance
        if first is not None and all(link.instance is first for link in links):
            return Link(value, first, exact=all(link.exact for link in links))
        return Link(value, unknown=bare)

    def _denoted(self, origin: Origin, class_: str) -> Link | None:
        instance = self.at(origin.address)
        if instance is None:
            return None
        attribute = origin.path.removeprefix(".").partition("[")[0].partition(".")[0]
        row = CLASSES[class_]
        exact = instance.address == origin.address
        read = self._read(instance) if instance.mode == "data" else None
        if read is not None and read.instance is not None:
            instance, exact = read.instance, exact and read.exact
            value = instance.get(attribute)
            if value is not None and instance.type not in row.types:
                return self.find(value, class_)
        if instance.type in row.types and attribute in row.attributes:
            return Link(Unknown.of(origin), instance, exact=exact)
        alias: Alias | None = row.aliases.get((instance.type, attribute))
        if alias is None:
            return None
        if alias.to is None:
            return Link(Unknown.of(origin), instance, exact=exact)
        target = instance.get(alias.to)
        return None if target is None else self.find(target, class_)

    def _read(self, source: Instance) -> Link | None:
        """The resource of the configuration that a data source reads, by what names it there."""
        for class_, row in CLASSES.items():
            if source.type not in row.types:
                continue
            for attribute in sorted(row.attributes):
                value = plain(source.get(attribute) or NULL)
                ref = value.ref if isinstance(value, Unknown) else None
                if ref is None or ref.address == source.address:
                    continue  # it is what the data source gives, or not exactly a reference
                found = self.find(value, class_)
                if found.managed is not None:
                    return found
        return None

    def _names_of(self, class_: str) -> dict[object, Instance | None]:
        names = self._names.get(class_)
        if names is None:
            names = self._names[class_] = self._index(class_)
        return names

    def _named(self, text: str, class_: str) -> Instance | None:
        names = self._names_of(class_)
        found = names.get(text)
        if found is None and text.startswith("arn:"):
            found = names.get(text.rpartition("/")[2]) or names.get(text.rpartition(":")[2])
            if found is not None and not _is_of_service(found, text):
                return None
        return found

    def _index(self, class_: str) -> dict[object, Instance | None]:
        """The instances of a class by what names them; None where two have one name.

        A name need not be known: what is named by the same reference is named alike.
        """
        row = CLASSES[class_]
        names: dict[object, Instance | None] = {}
        for instance in self.of(*row.types):
            for attribute in row.attributes:
                key = _text_key(plain(instance.get(attribute) or ""))
                if key is None or key == "":
                    continue
                known = names.setdefault(key, instance)
                if known is not instance and not isinstance(key, str):
                    names[key] = None
        return names

    def _by_last_part(self, value: Value, parts: Sequence[Value], class_: str) -> Link | None:
        """`arn:aws:iam::${account}:role/NAME`: what the last part of an ARN names."""
        first, last = plain(parts[0]), plain(parts[-1])
        if not isinstance(first, str) or not first.startswith("arn:"):
            return None
        if isinstance(last, Unknown):
            return self._denoted(last.ref, class_) if last.ref is not None else None
        if not isinstance(last, str):
            return None
        found = self._named(last.rpartition("/")[2], class_)
        return Link(value, found) if found is not None else None

    # ---- whether two are one ------------------------------------------------------------------

    def matches(self, value: Value, class_: str, link: Link) -> Tri:
        """Whether a value names what a link leads to."""
        found = self.candidates(value, class_)
        if len(found) == 1:
            return self.same(found[0], link)
        return agreed([self.same(each, link) for each in found], value)

    def same(self, one: Link, other: Link) -> Tri:
        """Whether two links lead to one thing.

        They differ only where both are resources of the configuration under one provider
        configuration; a data source may read the very same thing.
        """
        if one.nothing or other.nothing:
            return False
        mine, theirs = one.instance, other.instance
        if mine is not None and mine is theirs:
            return True if one.exact and other.exact else may_not_exist(mine)
        if one.managed is not None and other.managed is not None:
            certain = one.managed.provider == other.managed.provider
            return False if certain else unknown(one.value, other.value)
        answer = same(one.value, other.value)
        if answer is True or (answer is False and _both_ids(one.value, other.value)):
            return answer
        if _is_other_name(one, other) or _is_other_name(other, one):
            return False
        return _may_be(one, other)


def _is_of_service(instance: Instance, arn: str) -> bool:
    """Whether an ARN is one of the service that a resource belongs to, as far as that is known."""
    shape = SHAPES.get(instance.type)
    return shape is None or shape.template.split(":")[2] == arn.split(":", 3)[2]


def _is_other_name(one: Link, other: Link) -> bool:
    """Whether a text is another name than that of a resource of the configuration."""
    text = plain(one.value)
    if one.instance is not None or other.managed is None or not isinstance(text, str):
        return False
    argument = NAMES.get(other.managed.type)
    own = None if argument is None else plain(other.managed.get(argument) or "")
    return isinstance(own, str) and own not in ("", text) and ":" not in text


def _may_be(one: Link, other: Link) -> Unknown:
    """The doubt whether something outside is another thing."""
    found = unknown(*(link.value for link in (one, other) if link.managed is None))
    if found.origins:
        return found
    names = [link.instance.address if link.instance else str(link.value) for link in (one, other)]
    return outside(names[0], f"whether {names[0]} is {names[1]} is not known")


def _text_key(value: Value) -> object:
    """What tells a text from others: itself, the reference that it is, or its parts."""
    bare = plain(value)
    if isinstance(bare, str):
        return str(bare)
    if not isinstance(bare, Unknown):
        return None
    if bare.ref is not None:
        return bare.ref if bare.ref.is_one else None
    if isinstance(bare.content, Parts):
        parts = tuple(map(_text_key, bare.content.parts))
        return None if None in parts else parts
    return None


def _both_ids(one: Value, other: Value) -> bool:
    """Whether two texts are of a form that names one thing in one way: sg-1234, subnet-1234."""
    first, second = plain(one), plain(other)
    if not isinstance(first, str) or not isinstance(second, str):
        return False
    found, theirs = _ID.match(first), _ID.match(second)
    return found is not None and theirs is not None and found[1] == theirs[1]


def elements(value: Value) -> tuple[Value, ...]:
    """The identities in a list of them; the value itself where it is one unknown."""
    if is_null(value):
        return ()
    try:
        return tuple(item for _, item, _ in elements_of(value))
    except EvaluationError:
        return (value,)


def causes(*values: Value) -> tuple[Origin, ...]:
    """The origins of values, each once."""
    return tuple(dict.fromkeys(origin for value in values for origin in origins_of(value)))
