"""Alarms of CloudWatch on what a service does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING
from fglint.model.cluster import names_cluster
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.existence import exists
from fglint.model.links import Link
from fglint.model.logic import Tri, all_of, any_of, same
from fglint.model.reading import Node, present, root

if TYPE_CHECKING:
    from fglint.model.service import Service

TYPE = "aws_cloudwatch_metric_alarm"


class Alarm(Entity):
    """An alarm on one metric of a service, or of a target group that it registers with."""

    kind = "alarm"

    def __init__(self, instance: Instance, metric: Node) -> None:
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.node = root(instance)
        self.metric_node = metric

    @attribute(STRING)
    def metric(self) -> Attribute:
        """The metric that it watches: `CPUUtilization`, `UnHealthyHostCount` and others."""
        return self.metric_node.get("metric_name").attribute(STRING)

    @attribute(BOOL)
    def acts(self) -> Attribute:
        """Whether it tells somebody, or does something."""
        node = self.node.get("alarm_actions")
        off = self.node.get("actions_enabled")
        enabled: Tri = True if is_null(off.value) else off.flag()
        return Attribute(all_of([present(node), enabled]), node.place)


def alarms_of(service: Service) -> Iterator[tuple[Alarm, Tri]]:
    """The alarms on a service and its target groups, each with whether it is one."""
    for instance in service.deployment.links.of(TYPE):
        for metric in _metrics(root(instance)):
            mine = all_of([_is_on(service, metric), exists(instance, service.instance)])
            if mine is not False:
                yield Alarm(instance, metric), mine


def _metrics(alarm: Node) -> Iterator[Node]:
    if not is_null(alarm.get("metric_name").value):
        yield alarm
    for query in alarm.blocks("metric_query"):
        yield from query.blocks("metric")


def _is_on(service: Service, metric: Node) -> Tri:
    dimensions = metric.get("dimensions")
    name = dimensions.get("ServiceName")
    if not is_null(name.value):
        return _names(service, name, dimensions.get("ClusterName"))
    group = dimensions.get("TargetGroup")
    if is_null(group.value):
        return False
    links = service.deployment.links
    found = [
        links.matches(group.value, "target_group", binding.group.link)
        for binding in service.binding_list
    ]
    return any_of(found)


def _names(service: Service, name: Node, cluster: Node) -> Tri:
    links = service.deployment.links
    own = Link(service.instance.values, service.instance)
    named = links.find(name.value, "service")
    mine = (
        links.same(named, own)
        if named.instance is not None
        else same(name.text(), service.whole.get("name").text())
    )
    inside = links.find(service.launch.cluster.value, "cluster")
    if is_null(cluster.value) or inside.nothing:
        return mine
    return all_of([mine, names_cluster(links, cluster.value, inside)])
