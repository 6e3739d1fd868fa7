"""Deployments that switch all traffic at once: CodeDeploy's, and those of ECS itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.cluster import names_cluster
from fglint.model.container_parts import Part
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.existence import exists
from fglint.model.forwarding import LISTENERS, RULES
from fglint.model.launched import Launched
from fglint.model.listing import listing
from fglint.model.lists import count_of
from fglint.model.logic import Tri, all_of, outside, same, unknown
from fglint.model.reading import Node, is_given, root

if TYPE_CHECKING:
    from fglint.configuration.instance import Instance
    from fglint.model.deployment import Deployment

GROUP = "aws_codedeploy_deployment_group"


class AdvancedConfiguration(Part):
    """What a `load_balancer` block says of deployments that switch target groups."""

    kind = "advanced_configuration"

    def __init__(self, owner: Entity, node: Node, deployment: Deployment) -> None:
        super().__init__(owner, node)
        self.deployment = deployment

    @attribute(EntityType("target_group"))
    def alternate_target_group(self) -> Attribute:
        """The target group to which a deployment switches."""
        node = self.node.get("alternate_target_group_arn")
        link = self.deployment.links.find(node.value, "target_group")
        return Attribute(self.deployment.target_group(link), node.place)

    @attribute(STRING)
    def target_group_arn(self) -> Attribute:
        """That target group, as written."""
        return self._text("alternate_target_group_arn")

    @attribute(STRING)
    def production(self) -> Attribute:
        """What production_listener_rule names: a `rule`, a `listener`, or something `else`."""
        node = self.node.get("production_listener_rule")
        return Attribute(self._kind_of(node.value), node.place)

    def _kind_of(self, value: Value) -> Value:
        links = self.deployment.links
        bare = plain(value)
        for kind, class_, types in (
            ("rule", "listener_rule", RULES),
            ("listener", "listener", LISTENERS),
        ):
            found = links.find(value, class_).instance
            if found is not None and found.type in types:
                return kind
        text = bare.prefix if isinstance(bare, Unknown) else str(bare)
        if ":listener-rule/" in text:
            return "rule"
        if ":listener/" in text:
            return "listener"
        return Unknown(STRING, unknown(bare).origins) if isinstance(bare, Unknown) else "else"

    @attribute(EntityType("role"))
    def role(self) -> Attribute:
        """The role by which ECS changes listeners and target groups."""
        node = self.node.get("role_arn")
        return Attribute(
            self.deployment.role(self.deployment.links.find(node.value, "role")), node.place
        )


class DeploymentGroup(Entity):
    """A deployment group of CodeDeploy for a service."""

    kind = "deployment_group"

    def __init__(self, deployment: Deployment, instance: Instance) -> None:
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.deployment = deployment
        self.node = root(instance)

    def _in(self, block: str, name: str) -> Attribute:
        return self.node.block(block).get(name).attribute(STRING)

    @attribute(STRING, nullable=True)
    def style(self) -> Attribute:
        """How it deploys: BLUE_GREEN, or IN_PLACE by default."""
        node = self.node.block("deployment_style").get("deployment_type")
        return node.attribute(STRING, "IN_PLACE")

    @attribute(STRING, nullable=True)
    def traffic(self) -> Attribute:
        """Whether it moves traffic: WITH_TRAFFIC_CONTROL, or WITHOUT_TRAFFIC_CONTROL by default."""
        node = self.node.block("deployment_style").get("deployment_option")
        return node.attribute(STRING, "WITHOUT_TRAFFIC_CONTROL")

    @attribute(NUMBER)
    def target_group_count(self) -> Attribute:
        """How many target groups it switches between."""
        pair = self.node.block("load_balancer_info").block("target_group_pair_info")
        node = pair.get("target_group")
        bare = plain(pair.value)
        if isinstance(bare, Unknown) and bare.content is None:
            return Attribute(Unknown(NUMBER, bare.origins, not_null=True), pair.place)
        return Attribute(count_of(node), node.place)

    @attribute(STRING)
    def platform(self) -> Attribute:
        """What its application deploys to: ECS, Lambda, or Server by default."""
        node = self.node.get("app_name")
        link = self.deployment.links.find(node.value, "codedeploy_app")
        if link.managed is None:
            cause = unknown(node.value)
            if not isinstance(plain(node.value), Unknown):
                cause = outside(str(plain(node.value)), f"the application of {self} lies outside")
            return Attribute(Unknown(STRING, cause.origins), node.place)
        return root(link.managed).get("compute_platform").attribute(STRING, "Server")


class Switching(Launched):
    """The parts of a service that deployments with two target groups need."""

    @attribute(ListType(EntityType("deployment_group")))
    def deployment_groups(self) -> Attribute:
        """The deployment groups of CodeDeploy for it."""
        links = self.deployment.links
        found: list[tuple[Entity, Tri]] = []
        for instance in links.of(GROUP):
            for block in root(instance).blocks("ecs_service"):
                named = same(block.get("service_name").text(), self.whole.get("name").text())
                cluster = links.find(self.launch.cluster.value, "cluster")
                inside = names_cluster(links, block.get("cluster_name").value, cluster)
                mine = all_of(
                    [named, True if cluster.nothing else inside, exists(instance, self.instance)]
                )
                found.append((DeploymentGroup(self.deployment, instance), mine))
        return Attribute(listing(found, self._groups_elsewhere()), self.place)

    def _groups_elsewhere(self) -> list[Unknown]:
        """Why there may be others: what lies outside with the target groups."""
        links = self.deployment.links
        doubts: list[Unknown] = []
        for block in self.whole.blocks("load_balancer"):
            link = links.find(block.get("target_group_arn").value, "target_group")
            if link.managed is None and not link.nothing:
                group = self.deployment.target_group(link)
                cause = f"{group} lies outside the configuration, and so may its deployment group"
                doubts.append(outside(str(group), cause))
        return doubts

    @attribute(NUMBER)
    def load_balancer_count(self) -> Attribute:
        """How many `load_balancer` blocks it has."""
        node = self.whole.get("load_balancer")
        return Attribute(count_of(node), node.place if not is_null(node.value) else self.place)

    @attribute(BOOL)
    def names_task_definition(self) -> Attribute:
        """Whether it names a task definition; one with EXTERNAL deployments does not."""
        node = self.launch.task_definition
        return Attribute(is_given(node.value) if not is_null(node.value) else False, node.place)
