"""IAM roles: who may assume them, and what their policies allow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import BOOL, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, TupleValue, Unknown, Value, plain
from fglint.model.arns import arn_value
from fglint.model.attachments import (
    RolePolicy,
    attachments,
    inline_policies,
    named_policy,
    policies,
)
from fglint.model.conditions import Context
from fglint.model.entity import Attribute, attribute
from fglint.model.listing import listing
from fglint.model.literals import literal
from fglint.model.logic import Tri, all_of, any_of, negated
from fglint.model.patterns import HOLE, RANDOM, Own, Variants
from fglint.model.policy import Document, read_document, trusts
from fglint.model.reading import known_text, root
from fglint.model.resource import Resource
from fglint.model.resource_policies import class_of, grant
from fglint.model.statement import Request, Statements, decide, exact

if TYPE_CHECKING:
    from fglint.configuration.instance import Instance
    from fglint.model.links import Link
    from fglint.model.role_uses import RoleUse
    from fglint.source import Range

TASKS = "ecs-tasks.amazonaws.com"
_SUFFIXED = re.compile(r"-[A-Za-z0-9]{6}$")
_OWN_KEYS = frozenset({"aws:sourceaccount", "aws:sourcearn"})


class Role(Resource):
    """An IAM role that ECS, its deployments or its schedulers use."""

    kind = "role"

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """Its name."""
        return self.written("name", NULL)

    def __str__(self) -> str:
        # What lies outside has the address of what names it, but is called what it is named by.
        bare = plain(self.link.value)
        if self.link.instance is None and isinstance(bare, str):
            return bare
        if self.link.instance is None and isinstance(bare, Unknown) and bare.origins:
            return str(bare.origins[0])
        return super().__str__()

    # ---- uses ---------------------------------------------------------------------------------

    @property
    def use_list(self) -> list[RoleUse]:
        """Who uses it, and for what."""
        return [use for use in self.deployment.role_uses if use.role is self]

    @attribute(ListType(EntityType("role_use")))
    def uses(self) -> Attribute:
        """Who uses it, and for what."""
        return Attribute(TupleValue(tuple(self.use_list)), self.place)

    @attribute(ListType(STRING))
    def purposes(self) -> Attribute:
        """What it is for: `execution`, `task`, `infrastructure`, `deployment`, `scheduler`."""
        found = dict.fromkeys(use.purpose_text for use in self.use_list)
        return Attribute(TupleValue(tuple(found)), self.place)

    @attribute(ListType(STRING))
    def principals(self) -> Attribute:
        """The services that assume it for its uses."""
        found = dict.fromkeys(use.principal_text for use in self.use_list)
        return Attribute(TupleValue(tuple(found)), self.place)

    # ---- what it is called --------------------------------------------------------------------

    @cached_property
    def arn_text(self) -> Variants:
        """Its ARN."""
        texts = self.deployment.texts
        if self.link.instance is not None:
            return texts.arn(self.link.instance)
        return texts.of(self.link.value)

    @cached_property
    def account_texts(self) -> tuple[Variants, ...]:
        """What names its account as a principal: the number, and the root."""
        texts = self.deployment.texts
        if self.link.instance is None:
            fields = (known_text(self.link.value) or "").split(":")
            number = fields[4] if len(fields) > 4 else ""
            account = texts.of(number) if number else (((Own("account"),),),)
        else:
            account = texts.account(self.link.instance)
        start, end = literal("arn:aws:iam::"), tuple(":root")
        roots = tuple(tuple((*start, *form, *end) for form in forms) for forms in account)
        return account, roots

    # ---- trust --------------------------------------------------------------------------------

    @cached_property
    def trust(self) -> Document | None:
        """Its trust policy; None for what lies outside."""
        if self.node is None:
            return None
        return read_document(self.deployment.texts, self.node.get("assume_role_policy"))

    def trusts(self, service: str) -> Tri:
        """Whether an AWS service may assume it."""
        facts = self.deployment.facts
        return facts.lists(self, "roles", "trusts", self._trusts(service), service)

    def _trusts(self, service: str) -> Tri:
        if self.trust is None:
            return self.unseen()
        texts = self.deployment.texts
        return trusts(self.trust, service, self._trust_context(service), texts)

    def _trust_place(self) -> Range | None:
        return self.place() if self.node is None else self.node.get("assume_role_policy").place()

    @attribute(STRING, nullable=True)
    def trust_policy(self) -> Attribute:
        """Its trust policy, as written."""
        return self.written("assume_role_policy")

    @attribute(BOOL)
    def trusts_tasks(self) -> Attribute:
        """Whether its trust policy lets ECS tasks assume it."""
        return Attribute(self.trusts(TASKS), self._trust_place)

    def _trust_context(self, service: str) -> Context:
        """The request of a service: on behalf of the own account, for one of its resources."""
        account = self.account_texts[0]
        source: Variants = (((HOLE,),),)
        if service == TASKS and self.link.instance is not None:
            template = "arn:{partition}:ecs:{region}:{account}:~"
            source = self.deployment.texts.made(template, NULL, self.link.instance)
        return Context(
            {"aws:sourceaccount": (account,), "aws:sourcearn": (source,)}, lenient=_OWN_KEYS
        )

    @attribute(ListType(EntityType("statement")))
    def trust_statements(self) -> Attribute:
        """The statements of its trust policy."""
        if self.trust is None:
            return Attribute(listing([], [self.unseen()]), self.place)
        found = [(each, each.present) for each in self.trust.statements]
        return Attribute(listing(found, self.trust.doubts), self._trust_place)

    # ---- permissions --------------------------------------------------------------------------

    @cached_property
    def _policies(self) -> tuple[Statements, list[Unknown]]:
        return policies(self)

    @property
    def statement_list(self) -> Statements:
        """The statements of all its policies, each with whether it is there."""
        return self._policies[0]

    @property
    def unread(self) -> list[Unknown]:
        """Why it may have other permissions."""
        return self._policies[1]

    @attribute(ListType(EntityType("statement")))
    def statements(self) -> Attribute:
        """The statements of all its policies."""
        found = [(each, all_of([here, each.present])) for here, each in self.statement_list]
        return Attribute(listing(found, self.unread), self.place)

    @attribute(ListType(EntityType("statement")))
    def own_statements(self) -> Attribute:
        """The statements of its policies that AWS did not write."""
        statements, doubts = policies(self, aws=False)
        found = [(each, all_of([here, each.present])) for here, each in statements]
        return Attribute(listing(found, doubts), self.place)

    @attribute(ListType(EntityType("attachment")))
    def attachments(self) -> Attribute:
        """Its policies, in every form in which Terraform attaches one."""
        found = [(RolePolicy(self, each), each.present) for each in attachments(self)]
        return Attribute(listing(found, [self.unseen()] if self.external else []), self.place)

    @attribute(ListType(EntityType("attachment")))
    def removed_policies(self) -> Attribute:
        """Its inline policies that an exclusive list of them leaves out."""
        found = [(RolePolicy(self, each), negated(each.present)) for each in inline_policies(self)]
        return Attribute(listing(found), self.place)

    @attribute(ListType(EntityType("resource")))
    def written_policies(self) -> Attribute:
        """The policies that it alone has and whose document is written in them as JSON."""
        from fglint.model import role_writing  # which reads resources of any type

        return Attribute(TupleValue(tuple(role_writing.written_policies(self))), self.place)

    @attribute(ListType(EntityType("resource")))
    def written_documents(self) -> Attribute:
        """The aws_iam_policy_document data sources of policies that it alone has."""
        from fglint.model import role_writing

        return Attribute(TupleValue(tuple(role_writing.written_documents(self))), self.place)

    @attribute(EntityType("resource"), nullable=True)
    def trust_document(self) -> Attribute:
        """The aws_iam_policy_document that renders its trust policy; null where none does."""
        from fglint.model import role_writing

        return Attribute(role_writing.trust_document(self) or NULL, self.place)

    @attribute(EntityType("resource"), nullable=True)
    def account_source(self) -> Attribute:
        """The aws_caller_identity data source of its module; null where it has none."""
        from fglint.model import role_writing

        return Attribute(role_writing.account_source(self) or NULL, self.place)

    @cached_property
    def boundary(self) -> Document | None:
        """Its permissions boundary; None where it has none."""
        if self.node is None or is_null(self.node.get("permissions_boundary").value):
            return None
        return named_policy(self.deployment, self.node.get("permissions_boundary"))

    def allows(
        self,
        action: str,
        resource: Value | Variants,
        context: Mapping[str, tuple[Variants, ...]] | None = None,
    ) -> Tri:
        """Whether it may do an action on a resource, given by its ARN.

        Its own policies, its permissions boundary and the resource's policy decide together.
        Where the answer would be no, a policy that cannot be read makes it unknown. `context`
        adds what is known of the request, by condition key in small letters.
        """
        bare = resource if isinstance(resource, tuple) else plain(resource)
        named = bare.ref if isinstance(bare, Unknown) else bare
        if not isinstance(named, (Origin, str, tuple)):
            return self._allows(action, resource, context or {})
        key = action, named, tuple(sorted((context or {}).items()))
        if key not in self._answers:  # services share roles and secrets
            self._answers[key] = self._allows(action, resource, context or {})
        return self._answers[key]

    @cached_property
    def _answers(self) -> dict[object, Tri]:
        return {}

    def _allows(
        self,
        action: str,
        resource: Value | Variants,
        context: Mapping[str, tuple[Variants, ...]],
    ) -> Tri:
        target, instance = self._target(action, resource)
        circumstances = self._context(instance).extended(context)
        request = Request(action, target, circumstances)
        allowed, denied = self._decide(self.statement_list, self.unread, request)
        found = grant(self.deployment, self, instance, request)
        by_account = all_of([allowed, found.delegated])
        if self.boundary is not None:
            within = self._decide(
                [(True, each) for each in self.boundary.statements],
                list(self.boundary.doubts),
                request,
            )
            by_account = all_of([by_account, within[0]])
            denied = any_of([denied, within[1]])
        granted = any_of([by_account, found.direct])
        known = all_of([granted, negated(denied), negated(found.denied)])
        return self.deployment.facts.allows(self, request, self.deployment.texts, known)

    def _decide(
        self, statements: Statements, doubts: list[Unknown], request: Request
    ) -> tuple[Tri, Tri]:
        """Whether it is allowed and whether it is denied.

        A policy that cannot be read may allow; that one would deny is not assumed.
        """
        allowed, denied = decide(statements, request)
        return (any_of([allowed, *doubts]) if allowed is not True else True), denied

    def _target(self, action: str, resource: Value | Variants) -> tuple[Variants, Instance | None]:
        """The texts of a resource, and the object itself where it is in the configuration."""
        texts = self.deployment.texts
        if isinstance(resource, tuple):
            return resource, None
        class_ = class_of(action)
        if class_ is None:
            return texts.of(resource), None
        link = self.deployment.links.find(resource, class_)
        instance = self._key(link) if class_ == "key" else link.instance
        if class_ == "key" and instance is not None:
            if instance.type == "aws_kms_alias":
                return texts.of(arn_value(instance, "target_key_arn")), None
            return texts.of(arn_value(instance)), instance
        text = known_text(resource)
        if class_ == "secret" and text is not None and not _SUFFIXED.search(text):
            # Secrets Manager adds six characters that a reference may leave out.
            return ((((*literal(text), "-", *(RANDOM,) * 6)),),), instance
        if class_ == "key" and text is not None and not text.startswith("arn:"):
            return texts.of(f"arn:aws:kms:*:*:key/{text}"), None
        return texts.of(resource), instance

    def _key(self, link: Link) -> Instance | None:
        """The key that a link names, also by way of an alias."""
        instance = link.instance
        if instance is not None and instance.type == "aws_kms_alias":
            value = root(instance).get("target_key_id").value
            found = self.deployment.links.find(value, "key").instance
            return instance if found is None or found.type == "aws_kms_alias" else found
        return instance

    def _context(self, instance: Instance | None) -> Context:
        texts = self.deployment.texts
        region = texts.region(instance or self._anywhere) if self._anywhere is not None else None
        values: dict[str, tuple[Variants, ...]] = {
            "aws:securetransport": (exact("true"),),
            "aws:principalarn": (self.arn_text,),
            "aws:principalaccount": (self.account_texts[0],),
            "aws:principaltype": (exact("AssumedRole"),),
            "aws:principalisawsservice": (exact("false"),),
        }
        if region is not None:
            values["aws:requestedregion"] = (region,)
            services = ("secretsmanager", "ssm")
            via = tuple(
                tuple((*service, ".", *form, *".amazonaws.com") for form in forms)
                for service in services
                for forms in region
            )
            values["kms:viaservice"] = (via,)
        return Context(values)

    @cached_property
    def _anywhere(self) -> Instance | None:
        """A resource in the region where the role is used."""
        tasks = self.deployment.links.of("aws_ecs_task_definition")
        return tasks[0] if tasks else self.link.instance
