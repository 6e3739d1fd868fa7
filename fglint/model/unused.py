"""Resources that nothing uses, and that cost or confuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.model.logic import Tri, outside
from fglint.model.reading import root
from fglint.model.uses import Use

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

# Types that are of use only where something uses them, and the types that only furnish them.
FURNITURE: dict[str, frozenset[str]] = {
    "aws_lb_target_group": frozenset(),
    "aws_alb_target_group": frozenset(),
    "aws_security_group": frozenset(
        (
            *("aws_security_group_rule", "aws_vpc_security_group_ingress_rule"),
            *("aws_vpc_security_group_egress_rule", "aws_vpc_security_group_rules_exclusive"),
        )
    ),
    "aws_iam_role": frozenset(
        (
            *("aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_iam_policy_attachment"),
            *("aws_iam_role_policies_exclusive", "aws_iam_role_policy_attachments_exclusive"),
        )
    ),
    "aws_acm_certificate": frozenset(("aws_acm_certificate_validation", "aws_route53_record")),
    "aws_secretsmanager_secret": frozenset(
        (
            *("aws_secretsmanager_secret_version", "aws_secretsmanager_secret_policy"),
            *("aws_secretsmanager_secret_rotation",),
        )
    ),
    "aws_eip": frozenset(),
}
_DOWNLOADED = ".terraform/"
_WAITS = "aws_acm_certificate_validation"  # who uses it uses the certificate
_ATTACHED = {"aws_eip": ("instance", "network_interface")}


def is_used(deployment: Deployment, instance: Instance) -> Tri:
    """Whether something uses a resource: another resource, a module, an output.

    What a module of others makes is its author's to use.
    """
    if instance.stood_in_for is not None or _DOWNLOADED in instance.block.body.source.path:
        return True
    if any(
        not is_null(root(instance).get(name).value) for name in _ATTACHED.get(instance.type, ())
    ):
        return True
    furniture = FURNITURE.get(instance.type, frozenset())
    key = (instance.module, "managed", instance.type, instance.name)
    for use in deployment.uses.get(key, []):
        if _counts(deployment, instance, use, furniture):
            return True
    return _by_name(deployment, instance)


def _counts(
    deployment: Deployment, instance: Instance, use: Use, furniture: frozenset[str]
) -> bool:
    holder = use.holder
    if holder is None or holder.block.type != "resource":
        return True
    type_ = holder.block.label(0)
    if type_ == instance.type and holder.block.label(1) == instance.name:
        return False
    if type_ not in furniture:
        return True
    if type_ == _WAITS:
        waiting = (use.module, "managed", _WAITS, holder.block.label(1))
        return bool(deployment.uses.get(waiting))
    return use.attribute not in ("", "id", "arn", "name", "domain_validation_options")


def _by_name(deployment: Deployment, instance: Instance) -> Tri:
    """Whether a module that is not here may find it by name."""
    for call in deployment.configuration.not_here:
        if deployment.graph.reaches(call, instance.address):
            return outside(call, f"{call} refers to it and its module is not downloaded")
    return False
