"""How many tasks a service keeps, and how a deployment replaces them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from fglint.evaluation.inspection import is_null, origins_of
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType, Type
from fglint.evaluation.values import NULL, Parts, TupleValue, Unknown, Value, plain
from fglint.model.capacity import Capacity
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.listing import listing
from fglint.model.logic import Tri, all_of, any_of, outside, unknown
from fglint.model.reading import Node, is_given, present
from fglint.model.scaling import ScalingTarget
from fglint.provider.platform_versions import state_of


class Deploying(Capacity):
    """The parts of a service that say how many tasks it keeps and how it replaces them."""

    def _argument(self, name: str, type_: Type = STRING, default: Value = NULL) -> Attribute:
        return self.whole.get(name).attribute(type_, default)

    # ---- how many -----------------------------------------------------------------------------

    @attribute(NUMBER, nullable=True)
    def desired_count(self) -> Attribute:
        """How many tasks it is made with; 0 where none is written, null for other forms."""
        return self._argument("desired_count", NUMBER)

    @attribute(BOOL)
    def states_count(self) -> Attribute:
        """Whether desired_count is written."""
        node = self.whole.get("desired_count")
        return Attribute(not is_null(node.value), node.place)

    @attribute(STRING)
    def scheduling_strategy(self) -> Attribute:
        """REPLICA (the default) or DAEMON."""
        return self._argument("scheduling_strategy", STRING, "REPLICA")

    @cached_property
    def scaling_list(self) -> list[tuple[ScalingTarget, Tri]]:
        """The targets of Application Auto Scaling for it, each with whether it is one."""
        found = [(one, one.scales(self)) for one in self.deployment.scaling_targets]
        return [(one, mine) for one, mine in found if mine is not False]

    @cached_property
    def _scaled_elsewhere(self) -> list[Unknown]:
        """The modules that are not here and refer to it: one of them may scale it."""
        deployment = self.deployment
        return [
            outside(call, f"{call} refers to {self.address} and its module is not downloaded")
            for call in deployment.configuration.not_here
            if deployment.graph.reaches(call, self.address)
        ]

    @attribute(ListType(EntityType("scaling_target")))
    def scaling_targets(self) -> Attribute:
        """The targets of Application Auto Scaling that change its number of tasks."""
        return Attribute(listing(self.scaling_list, self._scaled_elsewhere), self.place)

    @attribute(EntityType("scaling_target"), nullable=True)
    def scaler(self) -> Attribute:
        """The target of Application Auto Scaling that is known to be for it; null without one."""
        least = [one for one, mine in self.scaling_list if mine is True]
        return Attribute(least[0] if least else NULL, self.place)

    @cached_property
    def is_autoscaled(self) -> Tri:
        """Whether Application Auto Scaling changes its number of tasks."""
        found = [mine for _, mine in self.scaling_list]
        return any_of([self.managed, *found, *self._scaled_elsewhere])

    @attribute(BOOL)
    def autoscaled(self) -> Attribute:
        """Whether Application Auto Scaling changes its number of tasks."""
        return self._flag(self.is_autoscaled)

    @attribute(NUMBER, nullable=True)
    def steady_count(self) -> Attribute:
        """How many tasks it keeps at least: as its scaling target says, else as it is made with."""
        least = [one for one, mine in self.scaling_list if mine is True]
        if least:
            return least[0].read("min_capacity")
        found = self.read("desired_count")
        if self.is_autoscaled is False:
            return found
        return Attribute(Unknown(NUMBER, unknown(self.is_autoscaled).origins), found.place)

    @attribute(ListType(STRING))
    def ignored_changes(self) -> Attribute:
        """The arguments of which lifecycle ignores changes; "*" for all."""
        found = tuple(sorted(self.instance.lifecycle.ignore_changes))
        return Attribute(TupleValue(found), self.place)

    # ---- deployments --------------------------------------------------------------------------

    @attribute(STRING)
    def deployment_controller(self) -> Attribute:
        """ECS (the default), CODE_DEPLOY or EXTERNAL."""
        return self.whole.block("deployment_controller").get("type").attribute(STRING, "ECS")

    @attribute(STRING)
    def deployment_strategy(self) -> Attribute:
        """ROLLING (the default), BLUE_GREEN, LINEAR or CANARY, where ECS itself deploys."""
        node = self.whole.block("deployment_configuration").get("strategy")
        return node.attribute(STRING, "ROLLING")

    @cached_property
    def _rolls(self) -> Tri:
        controller = self.whole.block("deployment_controller").get("type")
        strategy = self.whole.block("deployment_configuration").get("strategy")
        answers = [controller.equals("ECS"), strategy.equals("ROLLING")]
        return all_of(answers) if self.form == "service" else False

    @attribute(BOOL)
    def rolling(self) -> Attribute:
        """Whether ECS itself replaces its tasks in place, some at a time."""
        return self._flag(self._rolls)

    @attribute(NUMBER, nullable=True)
    def minimum_healthy_percent(self) -> Attribute:
        """The least that runs in a deployment, in percent of the desired count; 100 by default."""
        return self._argument("deployment_minimum_healthy_percent", NUMBER)

    @attribute(NUMBER, nullable=True)
    def maximum_percent(self) -> Attribute:
        """The most that runs in a deployment, in percent of the desired count; 200 by default."""
        return self._argument("deployment_maximum_percent", NUMBER)

    @attribute(STRING, nullable=True)
    def zone_rebalancing(self) -> Attribute:
        """ENABLED or DISABLED; null where ECS decides."""
        return self._argument("availability_zone_rebalancing")

    def _block_flag(self, block: str, name: str) -> Attribute:
        node = self.whole.block(block).get(name)
        return Attribute(node.flag(), node.place)

    @attribute(BOOL)
    def circuit_breaker(self) -> Attribute:
        """Whether a deployment that does not come up is given up (deployment_circuit_breaker)."""
        return self._block_flag("deployment_circuit_breaker", "enable")

    @attribute(BOOL)
    def circuit_breaker_rolls_back(self) -> Attribute:
        """Whether the circuit breaker goes back to the last deployment that worked."""
        return self._block_flag("deployment_circuit_breaker", "rollback")

    @attribute(BOOL)
    def deployment_alarms(self) -> Attribute:
        """Whether alarms give a deployment up (alarms)."""
        return self._block_flag("alarms", "enable")

    @attribute(BOOL)
    def deployment_alarms_roll_back(self) -> Attribute:
        """Whether alarms go back to the last deployment that worked."""
        return self._block_flag("alarms", "rollback")

    @attribute(NUMBER, nullable=True)
    def health_check_grace_period(self) -> Attribute:
        """Seconds in which a new task may fail health checks; null where none are written."""
        node = self.whole.get("health_check_grace_period_seconds")
        if is_null(node.value):
            return Attribute(NULL, node.place, True)
        return node.attribute(NUMBER)

    @attribute(BOOL)
    def checks_containers(self) -> Attribute:
        """Whether a container of its task definition has a health check of its own."""
        answers = [
            any_of([is_given(c.node.get("healthCheck").value)])
            if not c.maybe
            else unknown(c.node.value)
            for c in self.containers
        ]
        return self._flag(any_of([*answers, *self.unseen_containers()]))

    @attribute(BOOL)
    def in_lattice(self) -> Attribute:
        """Whether VPC Lattice leads to its tasks."""
        node = self.whole.get("vpc_lattice_configurations")
        return Attribute(present(node), node.place)

    @attribute(BOOL)
    def waits_for_steady_state(self) -> Attribute:
        """Whether an apply waits until its deployment has come up."""
        return self._flag_argument("wait_for_steady_state")

    def _flag_argument(self, name: str) -> Attribute:
        node = self.whole.get(name)
        return Attribute(node.flag(), node.place)

    # ---- other arguments ----------------------------------------------------------------------

    @attribute(STRING, nullable=True)
    def platform_version(self) -> Attribute:
        """The platform version of Fargate, as written; null where none is, which means LATEST."""
        node = self.launch.argument("platform_version")
        if is_null(node.value):
            return Attribute(NULL, node.place, True)
        return node.attribute(STRING)

    @attribute(STRING)
    def platform_state(self) -> Attribute:
        """Of its platform version: `latest`, `supported`, `retired`, or `foreign`.

        A foreign version is that of the other operating system.
        """
        found = self.read("platform_version")
        bare = plain(found.value)
        if is_null(bare):
            return Attribute("latest", found.place, True)
        if isinstance(bare, Unknown):
            return Attribute(Unknown(STRING, bare.origins, not_null=True), found.place)
        windows = self.runs_windows
        systems = {True: ("windows",), False: ("linux",)}
        names = ("linux", "windows") if isinstance(windows, Unknown) else systems[windows]
        states = {state_of(str(bare), name) for name in names}
        cause: Value = outside(str(bare), f"platform version {bare} is not known to fglint")
        if len(states) > 1:
            cause = unknown(windows)
        state = states.pop()
        unsure = states or state is None
        return Attribute(Unknown(STRING, origins_of(cause)) if unsure else str(state), found.place)

    @attribute(STRING, nullable=True)
    def service_role(self) -> Attribute:
        """The role by which ECS would register tasks with the load balancer (iam_role)."""
        return self._argument("iam_role")

    @attribute(BOOL)
    def names_service_role(self) -> Attribute:
        """Whether iam_role is set."""
        node = self.whole.get("iam_role")
        return Attribute(is_given(node.value), node.place)

    @attribute(BOOL)
    def constrains_placement(self) -> Attribute:
        """Whether it has placement constraints or strategies, which choose instances."""
        nodes = [self._first("placement_constraints"), self._first("ordered_placement_strategy")]
        node = next((node for node in nodes if present(node) is not False), nodes[0])
        return Attribute(any_of(map(present, nodes)), node.place)

    def _first(self, name: str) -> Node:
        """The blocks of a type: task targets of EventBridge Scheduler call strategies otherwise."""
        found = self.launch.argument(name)
        if is_null(found.value) and name == "ordered_placement_strategy":
            return self.launch.argument("placement_strategy")
        return found

    @attribute(BOOL)
    def execute_command(self) -> Attribute:
        """Whether ECS Exec can open a shell in its containers."""
        node = self.launch.execute_command
        return Attribute(node.flag(), node.place)

    @attribute(BOOL)
    def tagged(self) -> Attribute:
        """Whether it has tags, its own or the default ones of its provider."""
        node = self.whole.get("tags")
        own = present(node) if not node.members() else True
        return Attribute(any_of([own, self._default_tags]), node.place)

    @property
    def _default_tags(self) -> bool:
        providers = self.deployment.configuration.root.written.providers
        declaration = providers.get(self.instance.provider)
        return declaration is not None and bool(declaration.written.blocks_of("default_tags"))

    @attribute(STRING)
    def names_task_by(self) -> Attribute:
        """How it names its task definition: by its `revision`, or by its `family` alone."""
        node = self.launch.task_definition
        bare = plain(node.value)
        if isinstance(bare, str):
            return Attribute("revision" if ":" in bare else "family", node.place)
        if not isinstance(bare, Unknown):
            return Attribute("revision", node.place)
        ref = bare.ref
        if ref is not None and ref.kind in ("computed", "data"):
            by_family = ref.path in (".family", ".arn_without_revision")
            return Attribute("family" if by_family else "revision", node.place)
        parts = bare.content.parts if isinstance(bare.content, Parts) else ()
        if len(parts) > 1 and any(":" in str(p) for p in map(plain, parts) if isinstance(p, str)):
            return Attribute("revision", node.place)
        return Attribute(Unknown(STRING, bare.origins, not_null=True), node.place)

    @attribute(ListType(EntityType("alarm")))
    def watched_by(self) -> Attribute:
        """The alarms on it, and on the target groups that it registers with."""
        return Attribute(listing(list(self._alarms())), self.place)

    def _alarms(self) -> Iterator[tuple[Entity, Tri]]:
        raise NotImplementedError

    @attribute(STRING, nullable=True)
    def propagate_tags(self) -> Attribute:
        """Whose tags its tasks get: SERVICE or TASK_DEFINITION; null for none."""
        return self.launch.argument("propagate_tags").attribute(STRING)

    @attribute(BOOL)
    def managed_tags(self) -> Attribute:
        """Whether ECS tags its tasks with cluster and service (enable_ecs_managed_tags)."""
        node = self.launch.argument("enable_ecs_managed_tags")
        return Attribute(node.flag(), node.place)
