"""Whether the policy of a KMS key lets an AWS service use it.

Source: CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fglint.model.logic import Tri, all_of, any_of, negated
from fglint.model.patterns import Variants
from fglint.model.policy import is_anyone
from fglint.model.reading import Node
from fglint.model.resource_policies import documents
from fglint.model.statement import Statement, exact

if TYPE_CHECKING:
    from fglint.configuration.instance import Instance
    from fglint.model.deployment import Deployment

_ENCRYPT = "kms:GenerateDataKey"


def lets_service_in(deployment: Deployment, node: Node, service: str) -> Tri:
    """Whether the key that an argument names lets a regional service (`logs`) encrypt with it.

    True for a key whose policy is not in the configuration: it says nothing against it. A key with
    AWS's own default policy lets the account's roles use it, and no service.
    """
    key = deployment.links.find(node.value, "key").managed
    if key is None or key.type != "aws_kms_key":
        return True
    found = documents(deployment, "key", key)
    if not found:
        return False
    statements = [each for document in found for each in document.statements]
    doubts = [doubt for document in found for doubt in document.doubts]
    wanted = _principals(deployment, key, service)
    allowed = any_of([*(_applies(each, "Allow", wanted) for each in statements), *doubts])
    denied = any_of(_applies(each, "Deny", wanted) for each in statements)
    return all_of([allowed, negated(denied)])


def _principals(deployment: Deployment, key: Instance, service: str) -> list[Variants]:
    """The names of a service: that of the key's region, and that of all regions."""
    regional = tuple(
        tuple((*f"{service}.", *text, *".amazonaws.com") for text in forms)
        for forms in deployment.texts.region(key)
    )
    return [regional, exact(f"{service}.amazonaws.com")]


def _applies(statement: Statement, effect: str, wanted: list[Variants]) -> Tri:
    texts = statement.texts
    listed = statement.principals_of("Service")
    named = any_of(listed.any_is(texts, each) for each in wanted)
    return all_of(
        [
            statement.present,
            statement.is_effect(effect),
            statement.covers_action(_ENCRYPT),
            any_of([named, is_anyone(statement, texts)]),
        ]
    )
