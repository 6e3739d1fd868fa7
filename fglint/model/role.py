"""IAM roles: who may assume them, and what their policies allow."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from fglint.evaluation.types import STRING
from fglint.evaluation.values import NULL, Parts, Unknown, Value, is_null, plain
from fglint.model import policy
from fglint.model.entity import Attribute, attribute
from fglint.model.links import elements
from fglint.model.load_balancer import Resource
from fglint.model.logic import Tri, all_of, any_of, outside, unknown
from fglint.model.patterns import Symbol, symbols
from fglint.model.policy import Statement
from fglint.model.reading import Node, known_text, root
from fglint.provider.managed_policies import ManagedPolicy, by_name, managed_policy

TASKS = "ecs-tasks.amazonaws.com"


class Role(Resource):
    """An IAM role that ECS, its deployments or its schedulers use."""

    kind = "role"

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """Its name."""
        return self.written("name", NULL)

    @cached_property
    def trusts_tasks(self) -> Tri:
        """Whether ECS tasks may assume it."""
        if self.node is None:
            return self.unseen()
        statements, doubts = policy.document(self.node.get("assume_role_policy"))
        answer = policy.trusts(statements, TASKS)
        return answer if answer is True or not doubts else unknown(*doubts)

    def allows(self, action: str, resource: Value | list[tuple[Symbol, ...]]) -> Tri:
        """Whether its policies allow an action on a resource, given as text or in its forms.

        A permissions boundary makes an otherwise true answer unknown: it is not decided.
        """
        target = resource if isinstance(resource, list) else [symbols(resource)]
        answer = policy.allows(self._statements, action, target)
        if answer is True:
            return self._within_boundary()
        if isinstance(answer, Unknown) or not self._unseen:
            return answer
        return unknown(*self._unseen)

    def _within_boundary(self) -> Tri:
        if self.node is None or is_null(self.node.get("permissions_boundary").value):
            return True
        return outside(
            self.address, f"the permissions boundary of {self.address} is not decided"
        )

    # ---- policies -----------------------------------------------------------------------------

    @cached_property
    def _policies(self) -> tuple[list[tuple[Tri, Statement]], list[Value]]:
        statements: list[tuple[Tri, Statement]] = []
        doubts: list[Value] = []
        if self.node is None:
            doubts.append(self.unseen())
        for present, node in self._documents():
            found, more = policy.document(node)
            statements.extend((present, statement) for statement in found)
            doubts.extend(more)
        for present, arn in self._attached(doubts):
            self._managed(present, arn, statements, doubts)
        return statements, doubts

    @property
    def _statements(self) -> list[tuple[Tri, Statement]]:
        return self._policies[0]

    @property
    def _unseen(self) -> list[Value]:
        return self._policies[1]

    def _is_mine(self, value: Value) -> Tri:
        link = self.deployment.links.find(value, "role")
        mine = self.link.instance
        if link.instance is not None:
            return link.instance is mine
        if link.unknown is not None:
            return unknown(value)
        text = known_text(self.link.value)
        return text is not None and text == known_text(value)

    def _present(self, node: Node) -> Tri:
        if node.instance.maybe and not self.maybe:
            address = node.instance.address
            return outside(address, f"whether {address} exists is not known")
        return True

    def _documents(self) -> Iterator[tuple[Tri, Node]]:
        """The inline policies."""
        if self.node is not None:
            for block in self.node.blocks("inline_policy"):
                yield True, block.get("policy")
        for instance in self.deployment.links.of("aws_iam_role_policy"):
            node = root(instance)
            mine = self._is_mine(node.get("role").value)
            if mine is not False:
                yield all_of([mine, self._present(node)]), node.get("policy")

    def _attached(self, doubts: list[Value]) -> Iterator[tuple[Tri, Node]]:
        """The ARNs of attached policies."""
        links = self.deployment.links
        if self.node is not None:
            yield from ((True, item) for item in self.node.get("managed_policy_arns").elements())
        for instance in links.of("aws_iam_role_policy_attachment"):
            node = root(instance)
            mine = self._is_mine(node.get("role").value)
            if mine is not False:
                yield all_of([mine, self._present(node)]), node.get("policy_arn")
        for instance in links.of("aws_iam_policy_attachment"):
            node = root(instance)
            mine = any_of(self._is_mine(v) for v in elements(node.get("roles").value))
            if mine is not False:
                yield all_of([mine, self._present(node)]), node.get("policy_arn")
        for instance in links.of("aws_iam_role_policy_attachments_exclusive"):
            node = root(instance)
            mine = self._is_mine(node.get("role_name").value)
            if mine is not False:
                for item in node.get("policy_arns").elements():
                    yield all_of([mine, self._present(node)]), item

    def _managed(
        self,
        present: Tri,
        node: Node,
        statements: list[tuple[Tri, Statement]],
        doubts: list[Value],
    ) -> None:
        link = self.deployment.links.find(node.value, "managed_policy")
        instance = link.instance
        known: ManagedPolicy | None = None
        if instance is not None and instance.mode == "managed":
            found, more = policy.document(root(instance).get("policy"))
            statements.extend((present, statement) for statement in found)
            doubts.extend(more)
            return
        if instance is not None:
            data = root(instance)
            known = by_name(known_text(data.get("name").value) or "") or managed_policy(
                known_text(data.get("arn").value) or ""
            )
        else:
            known = managed_policy(_text_of_arn(node.value))
        if known is not None:
            statements.append((present, policy.managed(known)))
        else:
            doubts.append(self._external(node, instance.address if instance else ""))

    def _external(self, node: Node, address: str) -> Unknown:
        bare = plain(node.value)
        if isinstance(bare, Unknown) and not address:
            return unknown(bare)
        name = address or known_text(bare) or "a managed policy"
        return outside(name, f"what {name} allows is not in the configuration")


def _text_of_arn(value: Value) -> str:
    """The known end of an ARN: what follows its last unknown part."""
    bare = plain(value)
    if isinstance(bare, str):
        return bare
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        last = plain(bare.content.parts[-1])
        return last if isinstance(last, str) else ""
    return ""


