"""Where a role's permissions are written, so that a statement could be added there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.model.any_resource import AnyResource
from fglint.model.attachments import attachments
from fglint.model.document_places import rendering
from fglint.model.logic import Tri
from fglint.model.reading import Node, root

if TYPE_CHECKING:
    from fglint.model.role import Role


def own_policies(role: Role) -> list[tuple[Instance, Node]]:
    """The policies of the configuration that it alone has, each with its document."""
    links = role.deployment.links
    found: dict[int, tuple[Instance, Node]] = {}
    for attachment in attachments(role):
        if attachment.present is not True:
            continue
        if attachment.mechanism == "aws_iam_role_policy":
            found[id(attachment.holder)] = attachment.holder, attachment.node
        elif attachment.mechanism == "aws_iam_role_policy_attachment":
            policy = links.find(attachment.node.value, "managed_policy").managed
            if policy is not None and sum(1 for _ in _attached(role, policy)) == 1:
                found[id(policy)] = policy, root(policy).get("policy")
    return list(found.values())


def _attached(role: Role, policy: Instance) -> Iterator[Instance]:
    """What may attach a managed policy to something."""
    links = role.deployment.links
    for type_ in (
        "aws_iam_role_policy_attachment",
        "aws_iam_policy_attachment",
        "aws_iam_user_policy_attachment",
        "aws_iam_group_policy_attachment",
    ):
        for instance in links.of(type_):
            link = links.find(root(instance).get("policy_arn").value, "managed_policy")
            if link.instance is policy or link.instance is None:
                answer: Tri = link.instance is policy or link.unknown is not None
                if answer is not False:
                    yield instance


def written_policies(role: Role) -> list[AnyResource]:
    """Those of its own policies whose document is written in them."""
    links = role.deployment.links
    found = [one for one, node in own_policies(role) if rendering(links, node) is None]
    return [AnyResource(role.deployment, one) for one in found]


def written_documents(role: Role) -> list[AnyResource]:
    """The data sources that render the documents of its own policies."""
    links = role.deployment.links
    uses = role.deployment.uses
    found: list[AnyResource] = []
    for _, node in own_policies(role):
        one = rendering(links, node)
        if one is not None and len(uses.get((one.module, one.mode, one.type, one.name), ())) == 1:
            found.append(AnyResource(role.deployment, one))
    return found


def trust_document(role: Role) -> AnyResource | None:
    """The data source that renders its trust policy."""
    if role.node is None:
        return None
    found = rendering(role.deployment.links, role.node.get("assume_role_policy"))
    return None if found is None else AnyResource(role.deployment, found)


def account_source(role: Role) -> AnyResource | None:
    """The data source of the account that its module has."""
    for instance in role.deployment.links.of("aws_caller_identity", mode="data"):
        if role.instance is not None and instance.module == role.instance.module:
            return AnyResource(role.deployment, instance)
    return None
