"""What must be there before a service starts, and Terraform may make too late."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import EntityType, ListType
from fglint.model.any_resource import AnyResource
from fglint.model.attachments import attachments, lists_policy
from fglint.model.entity import Attribute, attribute
from fglint.model.launched import Launched
from fglint.model.listing import listing
from fglint.model.logic import Tri, all_of, any_of, negated
from fglint.model.reading import Node
from fglint.model.role import Role


class Ordering(Launched):
    """The parts of a service that say what comes before it."""

    @attribute(ListType(EntityType("resource")))
    def startup_policies(self) -> Attribute:
        """The resources that give policies to the roles by which its tasks start.

        These are the execution role, and the roles by which ECS changes listeners, volumes and
        Service Connect. Policies that stand in a role itself come with it, and those of roles
        outside are there already.
        """
        return self._policies(self._starting_roles())

    @attribute(ListType(EntityType("resource")))
    def exec_policies(self) -> Attribute:
        """The resources that give policies to its task role where ECS Exec is on, likewise."""
        return self._policies(self._exec_roles())

    def _policies(self, roles: Iterator[tuple[Role, Tri]]) -> Attribute:
        found: dict[int, tuple[AnyResource, list[Tri]]] = {}
        for role, used in roles:
            if role.instance is None:
                continue
            for attachment in attachments(role):
                holder = attachment.holder
                if holder is role.instance:
                    continue
                resource = AnyResource(self.deployment, holder)
                entry = found.setdefault(id(holder), (resource, []))
                inside = False if attachment.is_document else lists_policy(role, attachment.node)
                entry[1].append(all_of([used, attachment.present, negated(inside)]))
        return Attribute(
            listing([(one, any_of(there)) for one, there in found.values()]), self.place
        )

    def _starting_roles(self) -> Iterator[tuple[Role, Tri]]:
        """The roles by which its tasks start, each with whether they do."""
        if self.task is not None and self.task.role is not None:
            yield self.task.role, True
        for node in self._infrastructure_roles():
            if not is_null(node.value):
                yield self.deployment.role(self.deployment.links.find(node.value, "role")), True

    def _exec_roles(self) -> Iterator[tuple[Role, Tri]]:
        """Its task role, with whether ECS Exec needs it."""
        if self.task is not None and self.task.task_role_entity is not None:
            yield self.task.task_role_entity, self.launch.execute_command.flag()

    def _infrastructure_roles(self) -> Iterator[Node]:
        for binding in self.whole.blocks("load_balancer"):
            for advanced in binding.blocks("advanced_configuration"):
                yield advanced.get("role_arn")
        for volume in self.whole.blocks("volume_configuration"):
            for disk in volume.blocks("managed_ebs_volume"):
                yield disk.get("role_arn")
        for connect in self.whole.blocks("service_connect_configuration"):
            for service in connect.blocks("service"):
                for tls in service.blocks("tls"):
                    yield tls.get("role_arn")
        for lattice in self.whole.blocks("vpc_lattice_configurations"):
            yield lattice.get("role_arn")
