"""ECS clusters: their capacity providers, settings, and how they keep sessions of ECS Exec."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, ObjectValue, Unknown, Value, plain
from fglint.model.any_resource import AnyResource
from fglint.model.container_parts import Part, parts_of
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.existence import exists
from fglint.model.links import Link, Links
from fglint.model.listing import listing
from fglint.model.lists import concatenated, joined, open_list, texts_of
from fglint.model.logic import Tri, all_of, any_of, one_of, outside, same, unknown
from fglint.model.reading import Elements, Node, is_given, known_text, root
from fglint.model.resource import Resource

if TYPE_CHECKING:
    from fglint.model.service import Service

FARGATE_PROVIDERS = ("FARGATE", "FARGATE_SPOT")
PROVIDERS = "aws_ecs_cluster_capacity_providers"
_STRATEGY = "default_capacity_provider_strategy"
_INSIGHTS_GROUP = ("/aws/ecs/containerinsights/", "/performance")


class StrategyItem(Part):
    """A capacity provider in a strategy, with its share of the tasks."""

    kind = "strategy_item"

    def __init__(self, owner: Entity, node: Node, links: Links) -> None:
        super().__init__(owner, node)
        self.links = links

    def __str__(self) -> str:
        return known_text(self._get("capacity_provider").value) or "a capacity provider"

    def _get(self, name: str) -> Node:
        """A member; state machines spell it as ECS does."""
        found = self.node.get(name)
        if is_null(found.value):
            spelled = self.node.get("".join(word.capitalize() for word in name.split("_")))
            return found if is_null(spelled.value) else spelled
        return found

    @attribute(STRING)
    def provider(self) -> Attribute:
        """The name of the capacity provider."""
        return self._get("capacity_provider").attribute(STRING)

    @attribute(NUMBER)
    def weight(self) -> Attribute:
        """Its share of the tasks beyond all bases; 0 where none is written."""
        return self._get("weight").attribute(NUMBER, 0)

    @attribute(NUMBER)
    def base(self) -> Attribute:
        """How many tasks it gets before weights count; 0 where none is written."""
        return self._get("base").attribute(NUMBER, 0)

    @cached_property
    def is_fargate(self) -> Tri:
        """Whether it is FARGATE or FARGATE_SPOT."""
        node = self._get("capacity_provider")
        own = self.links.find(node.value, "capacity_provider")
        return False if own.instance is not None else one_of(node.text(), FARGATE_PROVIDERS)

    @attribute(BOOL)
    def fargate(self) -> Attribute:
        """Whether it is FARGATE or FARGATE_SPOT, and no group of instances."""
        return Attribute(self.is_fargate, self._get("capacity_provider").place)


def strategy_items(owner: Entity, elements: Elements, links: Links) -> Value:
    """The items of a strategy as rules see them."""
    return parts_of(elements, lambda node: StrategyItem(owner, node, links))


class Cluster(Resource):
    """An ECS cluster."""

    kind = "cluster"

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """Its name."""
        return self.written("name" if self.node is not None else "cluster_name")

    # ---- capacity -----------------------------------------------------------------------------

    @cached_property
    def associations(self) -> list[tuple[Instance, Tri]]:
        """The resources that give it capacity providers, each with whether it does."""
        links = self.deployment.links
        found: list[tuple[Instance, Tri]] = []
        for instance in links.of(PROVIDERS):
            named = names_cluster(links, root(instance).get("cluster_name").value, self.link)
            mine = all_of([named, exists(instance, self.instance)])
            if mine is not False:
                found.append((instance, mine))
        return found

    @cached_property
    def _written(self) -> Node | None:
        """Its arguments as written: those for capacity are gone from newer providers."""
        if self.instance is None:
            return None
        written = self.instance.written()
        if not any(name in written for name in ("capacity_providers", _STRATEGY)):
            return None
        return Node(self.instance, ObjectValue(written))

    def _holders(self) -> Iterator[tuple[Node, Tri]]:
        if self._written is not None:
            yield self._written, True
        for instance, mine in self.associations:
            yield root(instance), mine

    @attribute(ListType(STRING))
    def capacity_providers(self) -> Attribute:
        """The names of the capacity providers associated with it; unknown where nothing says so."""
        if self.node is None:
            return Attribute(open_list(self.unseen()), self.place)
        lists: list[Value] = []
        for node, mine in self._holders():
            own = node.get("capacity_providers")
            lists.append(texts_of(own) if mine is True else open_list(mine))
        if not lists:
            cause = f"nothing here says which capacity providers {self} has"
            lists.append(open_list(outside(self.address, cause)))
        return Attribute(concatenated(lists), self.place)

    @attribute(ListType(EntityType("resource")))
    def capacity_provider_associations(self) -> Attribute:
        """The aws_ecs_cluster_capacity_providers resources for it."""
        found = [(AnyResource(self.deployment, one), mine) for one, mine in self.associations]
        return Attribute(listing(found), self.place)

    @cached_property
    def strategies(self) -> list[Elements]:
        """Its default strategies: one where nothing is wrong, none without one."""
        found = [node.blocks(_STRATEGY) for node, _ in self._holders()]
        return [each for each in found if each.items or each.rest is not None]

    @attribute(ListType(EntityType("strategy_item")))
    def default_strategy(self) -> Attribute:
        """Its default capacity provider strategy, which services without one of their own get."""
        if self.node is None:
            return Attribute(open_list(self.unseen()), self.place)
        links = self.deployment.links
        lists = [strategy_items(self, each, links) for each in self.strategies]
        doubts = [mine for _, mine in self.associations if mine is not True]
        return Attribute(open_list(*doubts) if doubts else concatenated(lists), self.place)

    # ---- settings -----------------------------------------------------------------------------

    @cached_property
    def _insights(self) -> Node | None:
        assert self.node is not None
        for setting in self.node.blocks("setting"):
            if known_text(setting.get("name").value) == "containerInsights":
                return setting.get("value")
        return None

    @attribute(STRING, nullable=True)
    def container_insights(self) -> Attribute:
        """`enabled`, `enhanced` or `disabled`; null where the account's default decides."""
        if self.node is None:
            return Attribute(Unknown(STRING, self.unseen().origins), self.place)
        if self._insights is not None:
            return self._insights.attribute(STRING)
        settings = self.node.blocks("setting")
        if settings.rest is not None:
            return Attribute(Unknown(STRING, settings.rest.origins), self.place)
        doubts = [n for n in settings if isinstance(plain(n.get("name").value), Unknown)]
        if doubts:
            origins = unknown(*(n.get("name").value for n in doubts)).origins
            return Attribute(Unknown(STRING, origins), self.place)
        return Attribute(NULL, self.place, True)

    @attribute(BOOL)
    def insights_group_kept(self) -> Attribute:
        """Whether the log group of Container Insights is made here, and so has a retention."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        name = self.node.get("name").text()
        wanted = joined((_INSIGHTS_GROUP[0], name, _INSIGHTS_GROUP[1]))
        groups = self.deployment.links.of("aws_cloudwatch_log_group")
        found = any_of(same(root(one).get("name").text(), wanted) for one in groups)
        return Attribute(found, self.place)

    @attribute(BOOL)
    def exec_group_kept(self) -> Attribute:
        """Whether the log group of ECS Exec, where it names one, is made here."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        node = self.node
        for block in self._LOG:
            node = node.block(block)
        group = node.get("cloud_watch_log_group_name")
        link = self.deployment.links.find(group.value, "log_group")
        kept: Tri = link.nothing or link.managed is not None
        return Attribute(unknown(group.value) if link.unknown is not None else kept, group.place)

    @attribute(STRING, nullable=True)
    def namespace(self) -> Attribute:
        """The namespace of Service Connect for services that name none."""
        return self._in("service_connect_defaults", name="namespace")

    # ---- ECS Exec -----------------------------------------------------------------------------

    def _in(self, *blocks: str, name: str, default: Value = NULL) -> Attribute:
        if self.node is None:
            return Attribute(Unknown(STRING, self.unseen().origins), self.place)
        node = self.node
        for block in blocks:
            node = node.block(block)
        return node.get(name).attribute(STRING, default)

    _EXEC = ("configuration", "execute_command_configuration")
    _LOG = (*_EXEC, "log_configuration")

    @attribute(BOOL)
    def configures_exec(self) -> Attribute:
        """Whether it says how sessions of ECS Exec are kept."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        node = self.node.block("configuration").get("execute_command_configuration")
        found = node.elements()
        answer: Tri = bool(found.certain)
        bare = plain(self.node.block("configuration").value)
        if not found.certain and (found.rest is not None or isinstance(bare, Unknown)):
            answer = unknown(found.rest if found.rest is not None else bare)
        return Attribute(answer, node.place)

    @attribute(STRING)
    def exec_logging(self) -> Attribute:
        """Where sessions are logged: `DEFAULT`, `OVERRIDE` or `NONE`."""
        return self._in(*self._EXEC, name="logging", default="DEFAULT")

    @attribute(BOOL)
    def exec_has_key(self) -> Attribute:
        """Whether a KMS key encrypts sessions."""
        return self._given(*self._EXEC, name="kms_key_id")

    @attribute(BOOL)
    def exec_has_log_group(self) -> Attribute:
        """Whether it names a log group for sessions under OVERRIDE."""
        return self._given(*self._LOG, name="cloud_watch_log_group_name")

    @attribute(BOOL)
    def exec_has_bucket(self) -> Attribute:
        """Whether it names a bucket for sessions under OVERRIDE."""
        return self._given(*self._LOG, name="s3_bucket_name")

    def _given(self, *blocks: str, name: str) -> Attribute:
        found = self._in(*blocks, name=name)
        return Attribute(is_given(found.value), found.place)

    @attribute(BOOL)
    def exec_log_group_encrypted(self) -> Attribute:
        """Whether sessions are encrypted on their way to the log group."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        node = self.node
        for block in self._LOG:
            node = node.block(block)
        encrypted = node.get("cloud_watch_encryption_enabled")
        return Attribute(encrypted.flag(), encrypted.place)

    # ---- who uses it --------------------------------------------------------------------------

    @cached_property
    def service_list(self) -> list[tuple[Service, Tri]]:
        """The services and run targets in it, each with whether it is."""
        links = self.deployment.links
        found = [
            (service, names_cluster(links, service.launch.cluster.value, self.link))
            for service in self.deployment.services
            if not is_null(service.launch.cluster.value)
        ]
        return [(service, mine) for service, mine in found if mine is not False]

    @attribute(ListType(EntityType("service")))
    def services(self) -> Attribute:
        """The services and run targets in it."""
        return Attribute(listing(self.service_list), self.place)

    @cached_property
    def runs_fargate(self) -> Tri:
        """Whether a service or run target on Fargate is in it."""
        return any_of(all_of([mine, s.runs_on_fargate]) for s, mine in self.service_list)


def names_cluster(links: Links, value: Value, link: Link) -> Tri:
    """Whether a value is the ARN or the name of a cluster.

    Names are those of one account and region, so that two tell two clusters apart.
    """
    answer = links.matches(value, "cluster", link)
    text = plain(value)
    if isinstance(answer, Unknown) and link.managed is not None and isinstance(text, str):
        is_name = ":" not in text
        return same(text, root(link.managed).get("name").text()) if is_name else answer
    return answer


def default_is_fargate(cluster: Cluster) -> Tri:
    """Whether what names no capacity runs on Fargate in a cluster of the configuration."""
    doubts = [mine for _, mine in cluster.associations if mine is not True]
    if doubts:
        return unknown(*doubts)
    links = cluster.deployment.links
    answers = [all_fargate(cluster, each, links) for each in cluster.strategies]
    return all_of(answers) if answers else False


def all_fargate(owner: Entity, strategy: Elements, links: Links) -> Tri:
    """Whether all capacity providers of a strategy are Fargate's own."""
    agree = all_of(StrategyItem(owner, node, links).is_fargate for node in strategy)
    if strategy.certain or strategy.rest is None:
        return agree
    return unknown(strategy.rest)
