"""What a team states of things outside: it settles what is unknown, and never what is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.logic import Tri, any_of
from fglint.model.patterns import Variants, matches
from fglint.model.reading import known_text
from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.model.arns import Texts
    from fglint.model.links import Link
    from fglint.model.resource import Resource
    from fglint.model.statement import Request
    from fglint.settings import Fact


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact that was taken for something: what it says of it, and who says so."""

    place: str
    about: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """A thing that is no entity of its own, as facts name it."""

    address: str
    link: Link

    def __str__(self) -> str:
        return self.address


class Facts:
    """The facts of the settings, and which of them were taken.

    `conflicts` are the facts that contradict what the configuration shows, each as one line.
    """

    def __init__(self, facts: Sequence[Fact] = ()) -> None:
        self._by_kind: dict[str, list[tuple[re.Pattern[str], Fact]]] = {}
        for fact in facts:
            self._by_kind.setdefault(fact.kind, []).append((_pattern(fact.of), fact))
        self._taken: dict[Statement, None] = {}
        self._conflicts: dict[str, None] = {}
        self.used: set[Fact] = set()

    @property
    def taken(self) -> list[Statement]:
        """What facts settled, by place and name."""
        return sorted(self._taken, key=lambda each: (each.place, each.about, each.words))

    @property
    def conflicts(self) -> list[str]:
        """The contradictions, in order."""
        return sorted(self._conflicts)

    def tell_of(self, entity: Resource | Named, kind: str) -> bool:
        """Whether something is stated of a thing."""
        names = list(_names(entity, entity.link)) if kind in self._by_kind else []
        return any(p.fullmatch(name) for p, _ in self._by_kind.get(kind, ()) for name in names)

    def settle(
        self, entity: Resource | Named, kind: str, name: str, known: Tri, wanted: object = True
    ) -> Tri:
        """Whether a stated value is the one wanted, where it is unknown; else what is known."""
        return self._settled(entity, kind, name, known, lambda stated: stated == wanted)

    def lists(
        self, entity: Resource | Named, kind: str, name: str, known: Tri, item: object
    ) -> Tri:
        """Whether a stated list, which holds all there is, has an item."""
        return self._settled(entity, kind, name, known, lambda stated: item in stated)

    def _settled(
        self,
        entity: Resource | Named,
        kind: str,
        name: str,
        known: Tri,
        holds: Callable[[Any], bool],  # Any: the schema of the settings says what is stated
    ) -> Tri:
        if kind not in self._by_kind:
            return known
        for fact in self._about(entity, kind, name):
            answer = bool(holds(fact.states[name]))
            if isinstance(known, Unknown):
                self.take(fact, entity, name)
                return answer
            if known is not answer:
                self._conflict(fact, entity, name)
        return known

    def value(self, entity: Resource | Named, kind: str, name: str, known: Value) -> Value:
        """A stated value as a text or number, where it is unknown; else what is known."""
        if kind not in self._by_kind:
            return known
        for fact in self._about(entity, kind, name):
            stated = fact.states[name]
            assert isinstance(stated, (str, int))
            if isinstance(plain(known), Unknown):
                self.take(fact, entity, name)
                return stated
            if plain(known) != stated:
                self._conflict(fact, entity, name)
        return known

    def stated(self, entity: Resource | Named, kind: str, name: str) -> object:
        """What is stated, whatever is known; None where nothing is."""
        for fact in self._about(entity, kind, name):
            self.take(fact, entity, name)
            return fact.states[name]
        return None

    def allows(self, role: Resource | Named, request: Request, texts: Texts, known: Tri) -> Tri:
        """Whether a role has a permission, where that is unknown and stated; else what is known."""
        if known is True or "roles" not in self._by_kind:
            return known
        target: Variants = (((*request.action,),),)
        for fact in self._about(role, "roles", "allows"):
            for permission in _permissions(fact.states["allows"]):
                acts = any_of(
                    matches(texts.of(each), target, fold=True) for each in permission["actions"]
                )
                on = any_of(
                    matches(texts.of(each), request.resource) for each in permission["resources"]
                )
                if acts is True and on is True:
                    if known is False:
                        self._conflict(fact, role, "allows")
                        return known
                    self.take(fact, role, "allows")
                    return True
        return known

    def take(self, fact: Fact, entity: Resource | Named, name: str) -> None:
        """Notes that a fact is used."""
        self.used.add(fact)
        words = f"{name} = {_shown(fact.states[name])}"
        self._taken[Statement(fact.place, str(entity), words, fact.reason)] = None

    def _conflict(self, fact: Fact, entity: Resource | Named, name: str) -> None:
        self.used.add(fact)
        text = (
            f"{fact.place}: {name} = {_shown(fact.states[name])} contradicts the configuration, "
            f"which shows the opposite for {entity}; a fact settles only what is unknown"
        )
        self._conflicts[text] = None

    def _about(self, entity: Resource | Named, kind: str, name: str) -> Iterator[Fact]:
        for pattern, fact in self._by_kind.get(kind, ()):
            if name in fact.states and any(map(pattern.fullmatch, _names(entity, entity.link))):
                yield fact


def _names(entity: Resource | Named, link: Link) -> Iterator[str]:
    """What may name something: its address, the value that names it, the references in that."""
    yield str(entity)
    if entity.address:
        yield entity.address
    text = known_text(link.value)
    if text is not None:
        yield text
    bare = plain(link.value)
    if isinstance(bare, Unknown):
        yield from map(str, bare.origins)


def _pattern(text: str) -> re.Pattern[str]:
    """What matches a name: the text, or one of its elements; `*` stands for any characters."""
    return re.compile(re.escape(text).replace(r"\*", ".*") + r"(?:\[.*)?", re.DOTALL)


def _permissions(stated: object) -> Iterable[Mapping[str, list[str]]]:
    assert isinstance(stated, list)
    return stated


def _shown(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case list():
            return f"[{', '.join(map(_shown, value))}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {_shown(each)}' for key, each in value.items())} }}"
        case _:
            return str(value)
