"""The subjects of the kinds that nothing else in the model needs: found when a rule asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fglint.model.any_resource import AnyResource
from fglint.model.cluster import Cluster
from fglint.model.declaration import Declared, declarations
from fglint.model.dns_record import DnsRecord, dns_records
from fglint.model.entity import Entity
from fglint.model.links import Link
from fglint.model.log_group import LogGroup, log_groups
from fglint.model.repository import PRIVATE, PUBLIC, Repository
from fglint.model.scaling import ScalingTarget
from fglint.model.stored_secret import StoredSecret, stored_secrets

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment


def of_kind(deployment: Deployment, kind: str) -> Sequence[Entity]:
    """All subjects of a kind, in the order of their addresses."""
    match kind:
        case AnyResource.kind:
            return [AnyResource(deployment, one) for one in deployment.links.instances]
        case Cluster.kind:
            found = deployment.links.of("aws_ecs_cluster")
            return [deployment.cluster(Link(one.values, one)) for one in found]
        case Declared.kind:
            return declarations(deployment)
        case StoredSecret.kind:
            return stored_secrets(deployment)
        case ScalingTarget.kind:
            return deployment.scaling_targets
        case DnsRecord.kind:
            return dns_records(deployment)
        case LogGroup.kind:
            return log_groups(deployment)
        case Repository.kind:
            found = deployment.links.of(PRIVATE, PUBLIC)
            return [Repository(deployment, Link(one.values, one)) for one in found]
        case _:
            return []
