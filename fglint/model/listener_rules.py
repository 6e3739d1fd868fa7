"""Rules of listeners, and which of them requests never reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, TupleValue, Unknown, Value
from fglint.model.actions import TERMINAL, Action, actions_of
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.forwarding import forward_nodes
from fglint.model.logic import Tri, all_of, any_of, same, unknown
from fglint.model.reading import Node, known_text, whole_number
from fglint.model.resource import entities
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.listener import Listener

_SORTS = ("host_header", "path_pattern")
_OTHER_SORTS = ("http_header", "http_request_method", "query_string", "source_ip")
_EVERYTHING = {"host_header": ("*",), "path_pattern": ("*", "/*")}


class ListenerRule(Entity):
    """One rule of a listener."""

    kind = "listener_rule"

    def __init__(self, listener: Listener, node: Node, maybe: bool) -> None:
        super().__init__(node.instance.address, node.instance.header, maybe=maybe)
        self.of_listener = listener
        self.node = node

    @attribute(NUMBER, nullable=True)
    def priority(self) -> Attribute:
        """Its place among the rules; null where AWS chooses the next free one."""
        return self.node.get("priority").attribute(NUMBER)

    @cached_property
    def action_list(self) -> list[Action]:
        """Its actions."""
        return actions_of(self.node, "action")

    @attribute(ListType(EntityType("action")))
    def actions(self) -> Attribute:
        """Its actions."""
        found = [(action, action.maybe) for action in self.action_list]
        return Attribute(entities(found), self._action_place)

    def _action_place(self) -> Range | None:
        return self.action_list[0].node.place() if self.action_list else self.place()

    @attribute(NUMBER)
    def terminal_count(self) -> Attribute:
        """How many of its actions end it: forward, redirect, fixed-response."""
        types = [action.node.get("type").value for action in self.action_list]
        least = sum(known_text(each) in TERMINAL for each in types)
        doubts = [each for each in types if known_text(each) is None]
        if not doubts:
            return Attribute(least, self._action_place)
        origins = unknown(*doubts).origins
        most = least + len(doubts)
        value = Unknown(NUMBER, origins, not_null=True, minimum=least, maximum=most)
        return Attribute(value, self._action_place)

    @attribute(NUMBER)
    def forward_count(self) -> Attribute:
        """How many target groups it forwards to."""
        return Attribute(len(list(forward_nodes(self.node, "action"))), self._action_place)

    @attribute(ListType(NUMBER))
    def weights(self) -> Attribute:
        """The weights of its target groups."""
        found = [
            group.get("weight").number()
            for action in self.node.blocks("action")
            for forward in action.blocks("forward")
            for group in forward.blocks("target_group")
        ]
        return Attribute(TupleValue(tuple(w for w in found if not is_null(w))), self._action_place)

    @attribute(NUMBER)
    def condition_count(self) -> Attribute:
        """How many conditions it has."""
        found = self.node.blocks("condition")
        least = len(found.certain)
        if found.rest is None:
            return Attribute(least, self.place)
        origins = unknown(found.rest).origins
        return Attribute(Unknown(NUMBER, origins, not_null=True, minimum=least), self.place)

    @attribute(ListType(STRING))
    def host_headers(self) -> Attribute:
        """The host names that it is for."""
        return Attribute(TupleValue(values_of(self.node, "host_header")), self.place)

    @attribute(ListType(STRING))
    def path_patterns(self) -> Attribute:
        """The paths that it is for."""
        return Attribute(TupleValue(values_of(self.node, "path_pattern")), self.place)

    # ---- beside other rules -------------------------------------------------------------------

    @property
    def _others(self) -> Iterator[ListenerRule]:
        return (rule for rule in self.of_listener.rule_list if rule is not self and not rule.maybe)

    @attribute(ListType(STRING))
    def rivals(self) -> Attribute:
        """The addresses of rules of the listener before it that have the same priority."""
        own = self.node.get("priority")
        found = [
            rule.address
            for rule in self._others
            if not is_null(own.value)
            and rule.address < self.address
            and same(rule.node.get("priority").number(), own.number()) is True
        ]
        return Attribute(TupleValue(tuple(found)), own.place)

    @attribute(STRING, nullable=True)
    def shadowed_by(self) -> Attribute:
        """The rule of a lower priority that takes all its requests; null where none is known to."""
        own = whole_number(self.node.get("priority").number())
        for rule in self._others:
            before = whole_number(rule.node.get("priority").number())
            if own is not None and before is not None and before < own and rule.takes_all(self):
                return Attribute(rule.address, self.node.get("priority").place)
        return Attribute(NULL, self.node.get("priority").place)

    def takes_all(self, other: ListenerRule) -> bool:
        """Whether it is known to take each request that another rule is for."""
        if any(values_of(self.node, sort, anything=True) for sort in _OTHER_SORTS):
            return False
        if self.node.blocks("condition").rest is not None:
            return False
        return all_of(self._takes(sort, other) for sort in _SORTS) is True

    def _takes(self, sort: str, other: ListenerRule) -> Tri:
        mine, theirs = values_of(self.node, sort), values_of(other.node, sort)
        if not mine:
            return True
        if not theirs:
            return any_of(known_text(value) in _EVERYTHING[sort] for value in mine)
        return all_of(any_of(_covers(pattern, value) for pattern in mine) for value in theirs)


def _covers(pattern: Value, value: Value) -> Tri:
    """Whether a pattern takes what another takes: a trailing * is followed, no other wildcard."""
    if same(pattern, value) is True:
        return True
    wide, narrow = known_text(pattern), known_text(value)
    if wide is None or narrow is None or not wide.endswith("*"):
        return False
    stem = wide[:-1]
    return "*" not in stem and "?" not in stem and narrow.startswith(stem)


def values_of(node: Node, sort: str, *, anything: bool = False) -> tuple[Value, ...]:
    """The values of all conditions of one sort; with `anything`, the conditions themselves."""
    found: list[Value] = []
    for condition in node.blocks("condition"):
        for block in condition.blocks(sort):
            more: Sequence[Value] = [item.value for item in block.get("values").elements()]
            found.extend([block.value] if anything else more)
    return tuple(found)
