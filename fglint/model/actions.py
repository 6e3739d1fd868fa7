"""What a listener or one of its rules does with a request."""

from __future__ import annotations

from functools import cached_property

from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, TupleValue, Unknown, Value, is_null, plain
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.logic import Tri, any_of, unknown
from fglint.model.reading import Node, known_text
from fglint.model.resource import entities
from fglint.source import Range

CHALLENGE = "/.well-known/acme-challenge/"
# Actions after which nothing follows.
TERMINAL = ("forward", "redirect", "fixed-response")


class Action(Entity):
    """One action of a listener (`default_action`) or of one of its rules (`action`)."""

    kind = "action"

    def __init__(self, node: Node, whole: Node, maybe: bool) -> None:
        super().__init__(node.instance.address, node.instance.header, maybe=maybe)
        self.node = node
        self.whole = whole

    def place(self) -> Range | None:
        """Where its type is written."""
        kind = self.node.get("type")
        return self.node.place() if is_null(kind.value) else kind.place()

    @attribute(STRING)
    def type(self) -> Attribute:
        """`forward`, `redirect`, `fixed-response`, `authenticate-oidc` and others."""
        return self.node.get("type").attribute(STRING)

    @attribute(BOOL)
    def default(self) -> Attribute:
        """Whether it is a default action, for what no rule takes."""
        return Attribute(self.node.path[0] == "default_action", self.place)

    @cached_property
    def _redirect(self) -> Node:
        return self.node.block("redirect")

    def _redirects(self, name: str) -> Attribute:
        node = self._redirect.get(name)
        bare = plain(self._redirect.value)
        if is_null(bare):
            return Attribute(NULL, self.place)
        if isinstance(bare, Unknown) and bare.content is None:
            return Attribute(Unknown(STRING, bare.origins), self.place)
        return node.attribute(STRING)

    @attribute(STRING, nullable=True)
    def redirect_protocol(self) -> Attribute:
        """The protocol that it redirects to, `#{protocol}` for the same; null for no redirect."""
        return self._redirects("protocol")

    @attribute(STRING, nullable=True)
    def redirect_port(self) -> Attribute:
        """The port that it redirects to, `#{port}` for the same; null for no redirect."""
        return self._redirects("port")

    @attribute(STRING, nullable=True)
    def redirect_status(self) -> Attribute:
        """The status of the redirect, HTTP_301 or HTTP_302; null for no redirect."""
        return self._redirects("status_code")

    @attribute(BOOL)
    def answers_challenge(self) -> Attribute:
        """Whether it is for certificate challenges alone (/.well-known/acme-challenge)."""
        paths = [path for condition in self.whole.blocks("condition")
                 for pattern in condition.blocks("path_pattern")
                 for path in pattern.get("values").elements()]  # fmt: skip
        if not paths:
            return Attribute(False, self.place)
        answers: list[Tri] = []
        for path in paths:
            text = known_text(path.value)
            answers.append(unknown(path.value) if text is None else not text.startswith(CHALLENGE))
        other = any_of(answers)
        return Attribute(other if isinstance(other, Unknown) else not other, self.place)


class ListenerRule(Entity):
    """One rule of a listener."""

    kind = "listener_rule"

    def __init__(self, node: Node, maybe: bool) -> None:
        super().__init__(node.instance.address, node.instance.header, maybe=maybe)
        self.node = node

    @attribute(NUMBER, nullable=True)
    def priority(self) -> Attribute:
        """Its place among the rules; null where AWS chooses the next free one."""
        return self.node.get("priority").attribute(NUMBER)

    @attribute(ListType(EntityType("action")))
    def actions(self) -> Attribute:
        """Its actions."""
        return Attribute(_all(actions_of(self.node, "action")), self.node.get("action").place)

    @attribute(NUMBER)
    def condition_count(self) -> Attribute:
        """How many conditions it has."""
        found = self.node.blocks("condition")
        least = len(found.certain)
        if found.rest is None and least == len(found.items):
            return Attribute(least, self.place)
        origins = unknown(found.rest or NULL).origins
        return Attribute(Unknown(NUMBER, origins, not_null=True, minimum=least), self.place)

    @attribute(ListType(STRING))
    def host_headers(self) -> Attribute:
        """The host names that it is for."""
        return Attribute(values_of(self.node, "host_header"), self.place)

    @attribute(ListType(STRING))
    def path_patterns(self) -> Attribute:
        """The paths that it is for."""
        return Attribute(values_of(self.node, "path_pattern"), self.place)


def actions_of(node: Node, name: str) -> list[Action]:
    """The actions in a listener or rule, those that may not be there, too."""
    found = node.blocks(name)
    certain = set(map(id, found.certain))
    return [Action(item.node, node, id(item.node) not in certain) for item in found.items]


def _all(actions: list[Action]) -> Value:
    return entities([(action, action.maybe) for action in actions])


def values_of(node: Node, name: str) -> Value:
    """The values of all conditions of one sort."""
    found: list[Value] = []
    for condition in node.blocks("condition"):
        for block in condition.blocks(name):
            found.extend(item.value for item in block.get("values").elements())
    return TupleValue(tuple(found))
