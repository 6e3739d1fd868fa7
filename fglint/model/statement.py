"""Statements of IAM policies: what they cover, and what rules read of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING, ListType
from fglint.evaluation.values import NULL, TupleValue, Unknown, Value, plain
from fglint.model.arns import Texts
from fglint.model.conditions import Context, condition_keys, holds, is_conditional
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.listed import Listed, listed
from fglint.model.literals import literal
from fglint.model.logic import Tri, all_of, any_of, negated, outside, unknown
from fglint.model.patterns import Variants, same
from fglint.model.reading import Node
from fglint.model.recognition import text_of
from fglint.provider.credentials import HOLE
from fglint.provider.iam_actions import ESCALATIONS, PRINCIPALS, RUNNERS, SECRET_READS
from fglint.provider.managed_policies import Grant
from fglint.provider.unscoped_actions import knows_no_resources
from fglint.records import dataclass
from fglint.source import Range

_ALL_ROLES = re.compile(r"\*|arn:[^:]*:iam::[^:]*:role/\*")
_ACCOUNT = re.compile(r"^(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::|$)")


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One action on one resource, and what is known of the circumstances."""

    action: str
    resource: Variants
    context: Context


class Statement(Entity):
    """One statement of a policy document, or of one of AWS's own policies."""

    kind = "statement"
    apart = True

    def __init__(
        self,
        texts: Texts,
        address: str,
        node: Node | None,
        *,
        present: Tri = True,
        own: Grant | None = None,
    ) -> None:
        header = None if node is None else node.instance.header
        super().__init__(address, header, maybe=present is not True)
        self.texts = texts
        self.node = node
        self.present = present
        self.own = own

    def place(self) -> Range | None:
        """Where it is written."""
        return self.header if self.node is None else self.node.place()

    @attribute(BOOL)
    def in_data_source(self) -> Attribute:
        """Whether it is a block of an aws_iam_policy_document, and not JSON."""
        place = self.place()
        is_block = place is not None and place.text.startswith("statement")
        return Attribute(is_block, self.place)

    def _listed(self, key: str, own: tuple[str, ...]) -> Listed:
        if self.node is None:
            return Listed(tuple((True, text) for text in own))
        return listed(self.node.get(key))

    @cached_property
    def action_list(self) -> Listed:
        """Its Action element."""
        return self._listed("Action", self.own.actions if self.own else ())

    @cached_property
    def not_action_list(self) -> Listed:
        """Its NotAction element."""
        return self._listed("NotAction", self.own.not_actions if self.own else ())

    @cached_property
    def resource_list(self) -> Listed:
        """Its Resource element."""
        return self._listed("Resource", self.own.resources if self.own else ())

    @cached_property
    def not_resource_list(self) -> Listed:
        """Its NotResource element."""
        return self._listed("NotResource", ())

    # ---- decisions ----------------------------------------------------------------------------

    def covers(self, request: Request) -> Tri:
        """Whether action and resource of a request fall under it, conditions aside."""
        return all_of([self.covers_action(request.action), self.covers_resource(request.resource)])

    def covers_action(self, action: str) -> Tri:
        """Whether an action falls under it."""
        target: Variants = (((*action,),),)
        if not self.not_action_list.is_empty:
            return negated(self.not_action_list.any_matches(self.texts, target, fold=True))
        return self.action_list.any_matches(self.texts, target, fold=True)

    def covers_resource(self, resource: Variants) -> Tri:
        """Whether a resource falls under it."""
        if not self.not_resource_list.is_empty:
            return negated(self.not_resource_list.any_matches(self.texts, resource))
        return self.resource_list.any_matches(self.texts, resource)

    def is_effect(self, wanted: str) -> Tri:
        """Whether its effect is "Allow" or "Deny"."""
        if self.node is None:
            return wanted == "Allow"
        bare = plain(self.node.get("Effect").value)
        return unknown(bare) if isinstance(bare, Unknown) else bare == wanted

    def holds(self, context: Context) -> Tri:
        """Whether its condition holds."""
        if self.node is None:
            if self.own is None or not self.own.keys:
                return True
            because = f"a grant of {self.address} depends on {self.own.keys[0]}"
            return outside(self.address, because)
        return holds(self.node.get("Condition"), context, self.texts)

    # ---- attributes ---------------------------------------------------------------------------

    def _attribute(self, key: str, value: Value) -> Attribute:
        if self.node is None:
            return Attribute(value, self.place)
        node = self.node.get(key)
        return Attribute(value, self.place if is_null(node.value) else node.place)

    @attribute(STRING, nullable=True)
    def sid(self) -> Attribute:
        """Its Sid; null where it has none."""
        return self._attribute("Sid", NULL if self.node is None else self.node.get("Sid").text())

    @attribute(STRING, nullable=True)
    def effect(self) -> Attribute:
        """`Allow` or `Deny`, as written."""
        value = "Allow" if self.node is None else self.node.get("Effect").text()
        return self._attribute("Effect", value)

    @attribute(ListType(STRING))
    def actions(self) -> Attribute:
        """Its Action element, as a list."""
        return self._attribute("Action", self.action_list.value())

    @attribute(ListType(STRING))
    def not_actions(self) -> Attribute:
        """Its NotAction element, as a list."""
        return self._attribute("NotAction", self.not_action_list.value())

    @attribute(ListType(STRING))
    def resources(self) -> Attribute:
        """Its Resource element, as a list."""
        return self._attribute("Resource", self.resource_list.value())

    @attribute(ListType(STRING))
    def not_resources(self) -> Attribute:
        """Its NotResource element, as a list."""
        return self._attribute("NotResource", self.not_resource_list.value())

    @attribute(ListType(STRING))
    def limitable(self) -> Attribute:
        """The actions among its own that could be limited to resources."""
        kept = tuple(
            (all_of([present, _limitable(action)]), action)
            for present, action in self.action_list.items
        )
        found = Listed(tuple(each for each in kept if each[0] is not False), self.action_list.rest)
        return self._attribute("Action", found.value())

    @attribute(BOOL)
    def conditional(self) -> Attribute:
        """Whether it has a condition."""
        if self.node is None:
            return self._attribute("Condition", bool(self._keys))
        return self._attribute("Condition", is_conditional(self.node.get("Condition")))

    @attribute(ListType(STRING))
    def condition_keys(self) -> Attribute:
        """The keys that its condition asks for, in small letters."""
        items = tuple((True, key) for key in self._keys)
        return self._attribute("Condition", Listed(items, self._other_keys).value())

    @property
    def _other_keys(self) -> Unknown | None:
        """Why its condition may ask for other keys."""
        bare = None if self.node is None else plain(self.node.get("Condition").value)
        return bare if isinstance(bare, Unknown) else None

    @property
    def _keys(self) -> list[str]:
        if self.node is not None:
            return condition_keys(self.node.get("Condition"))
        return [] if self.own is None else list(self.own.keys)

    @attribute(ListType(STRING))
    def services(self) -> Attribute:
        """The AWS services among its principals, in small letters where known."""
        found = self.principals_of("Service")
        items = tuple((present, self._service(value)) for present, value in found.items)
        return self._attribute("Principal", Listed(items, found.rest).value())

    def _service(self, value: Value) -> Value:
        """A service principal; also one whose domain a data source gives (dns_suffix)."""
        bare = plain(value)
        if not isinstance(bare, Unknown) or bare.content is None:
            return value
        texts = self.texts.of(value)
        named = (f"{name}.amazonaws.com" for name in PRINCIPALS)
        return next((name for name in named if same(texts, exact(name)) is True), value)

    @attribute(ListType(STRING))
    def principals(self) -> Attribute:
        """The AWS principals of it: ARNs, accounts, or `*`."""
        return self._attribute("Principal", self.principals_of("AWS").value())

    @attribute(BOOL)
    def all_resources(self) -> Attribute:
        """Whether it is about every resource: `*`."""
        answer = self.resource_list.any_is(self.texts, exact("*"))
        return self._attribute("Resource", answer)

    @attribute(BOOL)
    def all_roles(self) -> Attribute:
        """Whether it is about every role of an account: `*`, or `arn:aws:iam::ACCOUNT:role/*`."""
        answers = [all_of([here, _is_all_roles(value)]) for here, value in self.resource_list.items]
        rest = self.resource_list.rest
        return self._attribute("Resource", any_of(answers if rest is None else [*answers, rest]))

    @attribute(BOOL)
    def for_anyone(self) -> Attribute:
        """Whether its principals are everyone: `*`."""
        answer = self.principals_of("AWS").any_is(self.texts, exact("*"))
        return self._attribute("Principal", answer)

    @attribute(BOOL)
    def external_id(self) -> Attribute:
        """Whether its condition asks for an external ID."""
        return self._attribute("Condition", "sts:externalid" in self._keys)

    @attribute(ListType(STRING))
    def foreign_accounts(self) -> Attribute:
        """The accounts among its principals that are not the own one."""
        return self._attribute("Principal", self._foreign())

    def _foreign(self) -> Value:
        if self.node is None:
            return TupleValue(())
        listed = self.principals_of("AWS")
        own = self.texts.account(self.node.instance)
        found: list[tuple[Tri, Value]] = []
        for present, value in listed.items:
            number = _ACCOUNT.search(str(plain(value)))
            if number is not None:
                other = negated(same(exact(number[1]), own))
                found.append((all_of([present, other]), number[1]))
        return Listed(tuple(each for each in found if each[0] is not False), listed.rest).value()

    @attribute(BOOL)
    def managed(self) -> Attribute:
        """Whether it is of one of AWS's own policies."""
        return Attribute(self.node is None, self.place)

    @attribute(ListType(STRING))
    def secret_reads(self) -> Attribute:
        """The actions among its own that give what secrets hold."""
        return self._attribute("Action", self._covered(SECRET_READS))

    @attribute(ListType(STRING))
    def escalations(self) -> Attribute:
        """The actions among its own with which a role can give itself other permissions."""
        return self._attribute("Action", self._covered(ESCALATIONS))

    @attribute(BOOL)
    def passes_roles(self) -> Attribute:
        """Whether its actions include iam:PassRole."""
        return self._attribute("Action", self.covers_action("iam:PassRole"))

    @attribute(BOOL)
    def assumes_roles(self) -> Attribute:
        """Whether its actions include sts:AssumeRole."""
        return self._attribute("Action", self.covers_action("sts:AssumeRole"))

    @attribute(BOOL)
    def starts_code(self) -> Attribute:
        """Whether its actions include one that runs code as a role that is passed."""
        return self._attribute("Action", any_of(map(self.covers_action, RUNNERS)))

    def _covered(self, actions: Sequence[str]) -> Value:
        found = [(action, self.covers_action(action)) for action in actions]
        return Listed(tuple((present, a) for a, present in found if present is not False)).value()

    def principals_of(self, type_: str) -> Listed:
        """Its principals of one type: "Service", "AWS", "Federated"."""
        if self.node is None:
            return Listed(())
        whole = self.node.get("Principal")
        bare = plain(whole.value)
        if isinstance(bare, str) or (isinstance(bare, Unknown) and bare.type == STRING):
            return Listed(((True, bare),)) if type_ == "AWS" else Listed(())
        if isinstance(bare, Unknown) and not whole.members():
            return Listed((), unknown(bare))
        return listed(whole.get(type_))


def _is_all_roles(resource: Value) -> Tri:
    text = text_of(resource)
    if _ALL_ROLES.fullmatch(text):
        return True
    return unknown(resource) if text.startswith(HOLE) else False


def _limitable(action: Value) -> Tri:
    bare = plain(action)
    return unknown(bare) if isinstance(bare, Unknown) else not knows_no_resources(str(bare))


Statements = list[tuple[Tri, Statement]]


def decide(statements: Statements, request: Request) -> tuple[Tri, Tri]:
    """Whether some statement allows a request, and whether some statement denies it."""
    allowed: list[Tri] = []
    denied: list[Tri] = []
    for present, statement in statements:
        applies = all_of([present, statement.present, statement.covers(request)])
        if applies is False:
            continue
        met = all_of([applies, statement.holds(request.context)])
        allowed.append(all_of([statement.is_effect("Allow"), met]))
        denied.append(all_of([statement.is_effect("Deny"), met]))
    return any_of(allowed), any_of(denied)


def exact(text: str) -> Variants:
    """One known text."""
    return ((literal(text),),)
