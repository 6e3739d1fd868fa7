"""Links between resources: by the identity that a value denotes, never by comparing strings.

An identity is a resource instance and one of its naming attributes. Where a value is literal text,
it names the instance whose name (or ARN's last part) is known to be that text; otherwise it names
something outside the configuration.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fglint.configuration.instance import Instance
from fglint.evaluation.values import (
    Origin,
    Parts,
    Union,
    Unknown,
    Value,
    is_null,
    origins_of,
    plain,
)
from fglint.provider.identity import CLASSES, Alias


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """What a value names: an instance, something outside, nothing (null), or it is not known.

    `value` is the value itself. `maybe` tells that the instance may not exist.
    """

    value: Value
    instance: Instance | None = None
    outside: bool = False
    unknown: Unknown | None = None

    @property
    def nothing(self) -> bool:
        """Whether the value is null."""
        return self.instance is None and not self.outside and self.unknown is None

    @property
    def maybe(self) -> bool:
        """Whether the instance may not exist."""
        return self.instance is not None and self.instance.maybe


class Links:
    """Finds instances by address, type and identity."""

    def __init__(self, instances: Iterable[Instance]) -> None:
        self.instances = tuple(instances)
        self.by_address: dict[str, Instance] = {}
        self._by_type: dict[tuple[str, str], list[Instance]] = {}
        for instance in self.instances:
            self.by_address[instance.address] = instance
            self._by_type.setdefault((instance.mode, instance.type), []).append(instance)
        self._names: dict[str, dict[str, Instance]] = {}

    def of(self, *types: str, mode: str = "managed") -> list[Instance]:
        """All instances of these types, in the order of the types."""
        return [found for type_ in types for found in self._by_type.get((mode, type_), ())]

    def at(self, address: str) -> Instance | None:
        """The instance with that address, or the one that stands for all with its resource."""
        found = self.by_address.get(address)
        if found is None and address.endswith("]"):
            found = self.by_address.get(address[: _last_bracket(address)] + "[*]")
        return found

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

    def _unknown(self, value: Value, bare: Unknown, class_: str) -> Link:
        if bare.ref is not None:
            found = self._denoted(bare.ref, class_)
            if found is not None:
                return found
        content = bare.content
        if isinstance(content, Union):
            return self._one_of(value, bare, content.leaves, class_)
        if isinstance(content, Parts):
            found = self._by_last_part(value, content.parts, class_)
            if found is not None:
                return found
        return Link(value, unknown=bare)

    def _one_of(
        self, value: Value, bare: Unknown, leaves: Sequence[Value], class_: str
    ) -> Link:
        links = [self.find(leaf, class_) for leaf in leaves]
        first = links[0].instance
        if first is not None and all(link.instance is first for link in links):
            return Link(value, first)
        return Link(value, unknown=bare)

    def _denoted(self, origin: Origin, class_: str) -> Link | None:
        instance = self.at(origin.address)
        if instance is None:
            return None
        attribute = origin.path.removeprefix(".").partition("[")[0].partition(".")[0]
        row = CLASSES[class_]
        if instance.type in row.types and attribute in row.attributes:
            return Link(Unknown.of(origin), instance)
        alias: Alias | None = row.aliases.get((instance.type, attribute))
        if alias is None:
            return None
        if alias.to is None:
            return Link(Unknown.of(origin), instance)
        target = instance.get(alias.to)
        return None if target is None else self.find(target, class_)

    def _named(self, text: str, class_: str) -> Instance | None:
        names = self._names.get(class_)
        if names is None:
            names = self._names[class_] = self._index(class_)
        found = names.get(text)
        if found is None and text.startswith("arn:"):
            found = names.get(text.rpartition("/")[2]) or names.get(text.rpartition(":")[2])
        return found

    def _index(self, class_: str) -> dict[str, Instance]:
        row = CLASSES[class_]
        names: dict[str, Instance] = {}
        for instance in self.of(*row.types):
            for attribute in row.attributes:
                known = plain(instance.get(attribute) or "")
                if isinstance(known, str) and known:
                    names.setdefault(known, instance)
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


def _last_bracket(address: str) -> int:
    """Where the instance key of an address begins."""
    if address.endswith('"]'):
        return address.rindex('["')
    return address.rindex("[")


def elements(value: Value) -> tuple[Value, ...]:
    """The identities in a list of them; the value itself where it is one unknown."""
    from fglint.evaluation import access
    from fglint.evaluation.values import EvaluationError

    if is_null(value):
        return ()
    try:
        return tuple(item for _, item, _ in access.elements(value))
    except EvaluationError:
        return (value,)


def causes(*values: Value) -> tuple[Origin, ...]:
    """The origins of values, each once."""
    return tuple(dict.fromkeys(origin for value in values for origin in origins_of(value)))
