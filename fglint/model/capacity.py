"""On what a service runs: its launch type, its capacity provider strategy, its cluster's."""

from __future__ import annotations

from functools import cached_property

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Presence, TupleValue, Union, Unknown, Value, plain
from fglint.model.cluster import Cluster, all_fargate, default_is_fargate, strategy_items
from fglint.model.entity import Attribute, attribute
from fglint.model.launched import Launched
from fglint.model.lists import open_list
from fglint.model.logic import Tri, agreed, all_of, any_of, outside, same, unknown
from fglint.model.reading import Node, present
from fglint.model.resource import entities


class Capacity(Launched):
    """The parts of a service that say on what it runs."""

    @cached_property
    def runs_on_fargate(self) -> Tri:
        """Whether its tasks run on Fargate."""
        if self.managed:
            return True
        launch_type = self.launch.launch_type.text()
        bare = plain(launch_type)
        leaves: tuple[Value, ...] = (bare,)
        if isinstance(bare, Unknown) and isinstance(bare.content, Union):
            leaves = bare.content.leaves
        return agreed([self._with(leaf) for leaf in leaves], launch_type)

    def _with(self, launch_type: Value) -> Tri:
        if not is_null(launch_type):
            return same(launch_type, "FARGATE")
        found = self.launch.strategy.elements()
        if found.items or found.rest is not None:
            return all_fargate(self, found, self.deployment.links)
        if self._leaves_it_to_task_sets:
            return self._by_task_sets()
        cluster = self.cluster_entity
        if cluster is None:
            return False
        return self._cluster_unseen if cluster.node is None else default_is_fargate(cluster)

    @property
    def _cluster_unseen(self) -> Tri:
        assert self.cluster_entity is not None
        link = self.cluster_entity.link
        cause = f"the default capacity provider strategy of the cluster of {self} is not known"
        unseen = unknown(link.value) if link.unknown else outside(self.address, cause)
        cluster = self.cluster_entity
        return self.deployment.facts.settle(cluster, "clusters", "fargate", unseen)

    @property
    def _leaves_it_to_task_sets(self) -> bool:
        controller = self.whole.block("deployment_controller").get("type")
        return self.form == "service" and controller.equals("EXTERNAL") is True

    def _by_task_sets(self) -> Tri:
        """What the task sets of a service whose deployments lie outside run on."""
        links = self.deployment.links
        own = links.find(self.whole.value, "service")
        answers: list[Tri] = []
        for other in self.deployment.services:
            if other.form == "task_set":
                named = links.find(other.whole.get("service").value, "service")
                if named.instance is self.instance or own.instance is named.instance:
                    answers.append(other.runs_on_fargate)
        cause = f"the task sets of {self} are not in the configuration"
        return any_of(answers) if answers else outside(self.address, cause)

    @attribute(BOOL)
    def fargate(self) -> Attribute:
        """Whether its tasks run on Fargate."""
        node: Node | None = self.launch.launch_type
        if is_null(self.launch.launch_type.value):
            node = self.launch.strategy if self.launch.strategy.elements().items else None
        return self._flag(self.runs_on_fargate, node)

    @attribute(STRING, nullable=True)
    def launch_type(self) -> Attribute:
        """FARGATE, EC2, EXTERNAL or MANAGED_INSTANCES; null where none is written."""
        return self.launch.launch_type.attribute(STRING)

    @cached_property
    def runs_windows(self) -> Tri:
        """Whether its task definition is for Windows; Linux is the default."""
        if self.task is None:
            return False if self.task_link[1] is None else self.task_link[1]
        node = self.task.node.block("runtime_platform").get("operating_system_family")
        bare = plain(node.text())
        return unknown(bare) if isinstance(bare, Unknown) else str(bare).startswith("WINDOWS")

    @attribute(BOOL)
    def windows(self) -> Attribute:
        """Whether its task definition is for Windows."""
        return self._flag(self.runs_windows)

    @attribute(BOOL)
    def requires_fargate(self) -> Attribute:
        """Whether its task definition can run on Fargate alone (requires_compatibilities)."""
        if self.task is None:
            cause = self.task_link[1]
            return self._flag(False if cause is None else cause)
        node = self.task.node.get("requires_compatibilities")
        others = [same(item.text(), "FARGATE") for item in node.elements()]
        return self._flag(all_of([self.task.requires_fargate, *others]))

    # ---- the cluster --------------------------------------------------------------------------

    @cached_property
    def cluster_entity(self) -> Cluster | None:
        """Its cluster; None where it names none and gets the one called "default"."""
        link = self.deployment.links.find(self.launch.cluster.value, "cluster")
        return None if link.nothing else self.deployment.cluster(link)

    @attribute(EntityType("cluster"), nullable=True)
    def cluster(self) -> Attribute:
        """Its cluster; null where it names none and gets the one called "default"."""
        return Attribute(self.cluster_entity or NULL, self.launch.cluster.place)

    @attribute(ListType(EntityType("cluster")))
    def clusters_at_hand(self) -> Attribute:
        """The clusters of the configuration, whether it is in one or not."""
        found = self.deployment.subjects("cluster")
        return Attribute(
            entities([(one, one.maybe and not self.maybe) for one in found]), self.place
        )

    # ---- the strategy -------------------------------------------------------------------------

    @attribute(BOOL)
    def has_strategy(self) -> Attribute:
        """Whether a strategy, its own or its cluster's default, decides where its tasks run."""
        bare = plain(self._strategy)
        if isinstance(bare, TupleValue):
            return self._flag(bool(bare.items), self.launch.strategy)
        items = getattr(getattr(bare, "content", None), "items", ())
        certain = any(item.presence is Presence.ONE for item in items)
        return self._flag(True if certain else unknown(bare), self.launch.strategy)

    @attribute(BOOL)
    def states_strategy(self) -> Attribute:
        """Whether it has a capacity provider strategy of its own."""
        return self._flag(present(self.launch.strategy), self.launch.strategy)

    @cached_property
    def _strategy(self) -> Value:
        """Its own strategy, else its cluster's default; none beside a launch type."""
        if not is_null(self.launch.launch_type.value):
            launch_type = plain(self.launch.launch_type.value)
            return open_list(launch_type) if isinstance(launch_type, Unknown) else TupleValue(())
        elements = self.launch.strategy.elements()
        if elements.items or elements.rest is not None:
            return strategy_items(self, elements, self.deployment.links)
        cluster = self.cluster_entity
        if cluster is None or self.form not in ("service", "run_target"):
            return TupleValue(())
        if cluster.node is None:
            return open_list(self._cluster_unseen)
        return cluster.get("default_strategy")

    @attribute(ListType(EntityType("strategy_item")))
    def capacity_provider_strategy(self) -> Attribute:
        """The strategy that decides where its tasks run: its own, else its cluster's default."""
        return Attribute(self._strategy, self.launch.strategy.place)
