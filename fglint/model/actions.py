"""What a listener or one of its rules does with a request."""

from __future__ import annotations

from functools import cached_property

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING
from fglint.evaluation.values import NULL, Unknown, plain
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.logic import Tri, any_of, unknown
from fglint.model.reading import Node, is_given, known_text, present
from fglint.source import Range

CHALLENGE = "/.well-known/acme-challenge/"
# Actions after which nothing follows.
TERMINAL = ("forward", "redirect", "fixed-response")

# What an action of each type may be made of; the last is the block that is named when none is.
_WANTED = {
    "forward": ("target_group_arn", "forward"),
    "redirect": ("redirect",),
    "fixed-response": ("fixed_response",),
    "authenticate-cognito": ("authenticate_cognito",),
    "authenticate-oidc": ("authenticate_oidc",),
    "jwt-validation": ("jwt_validation",),
}


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

    @attribute(STRING, nullable=True)
    def misfit(self) -> Attribute:
        """What it lacks or has beside what its type wants, as a clause; null for nothing."""
        kind = self.node.get("type")
        text = known_text(kind.value)
        if text is None:
            return Attribute(Unknown(STRING, unknown(kind.value).origins), self.place)
        own = _WANTED.get(text, ())
        given = {name: self._gives(name) for names in _WANTED.values() for name in names}
        for name, there in given.items():
            if name not in own and there is True:
                return Attribute(f"has {name}", self.place)
        answer = any_of([not own, *(given[name] for name in own)])
        if isinstance(answer, Unknown):
            return Attribute(Unknown(STRING, answer.origins), self.place)
        return Attribute(NULL if answer else f"has no {own[-1]}", self.place)

    def _gives(self, name: str) -> Tri:
        node = self.node.get(name)
        return is_given(node.value) if name == "target_group_arn" else present(node)

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


def actions_of(node: Node, name: str) -> list[Action]:
    """The actions in a listener or rule, those that may not be there, too."""
    found = node.blocks(name)
    certain = set(map(id, found.certain))
    return [Action(item.node, node, id(item.node) not in certain) for item in found.items]
