"""Application Auto Scaling of ECS services: targets, their policies, and what they name.

Source: Application Auto Scaling API Reference, RegisterScalableTarget, PutScalingPolicy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Parts, TupleValue, Unknown, Value, plain
from fglint.model.cluster import names_cluster
from fglint.model.container_parts import Part
from fglint.model.entity import Attribute, attribute
from fglint.model.existence import exists
from fglint.model.links import Link
from fglint.model.listing import listing
from fglint.model.logic import Tri, all_of, any_of, negated, one_of, same, unknown
from fglint.model.reading import Node, known_text, root
from fglint.model.resource import Resource

if TYPE_CHECKING:
    from fglint.model.launched import Launched
    from fglint.model.service import Service

TARGET = "aws_appautoscaling_target"
POLICY = "aws_appautoscaling_policy"
_KEYS = ("service_namespace", "scalable_dimension", "resource_id")
_NAMED = re.compile(r"service/[^/:]+/[^/:]+")
_PREFIX = "service/"
_LABEL = re.compile(r"app/[^/]+/[0-9a-f]+/targetgroup/[^/]+/[0-9a-f]+")
_REQUESTS = ("ALBRequestCountPerTarget", "ALBRequestCountPerTargetHighResolution")
_ARNS = (".arn", ".id")


class ScalingTarget(Resource):
    """What Application Auto Scaling may change: the number of tasks of a service."""

    kind = "scaling_target"

    @property
    def own(self) -> Node:
        """Its arguments: only targets of the configuration are ever made."""
        assert self.instance is not None
        return root(self.instance)

    @cached_property
    def is_for_ecs(self) -> bool:
        """Whether one of its keys shows that it is for a service of ECS."""
        namespace = known_text(self.own.get("service_namespace").value)
        dimension = known_text(self.own.get("scalable_dimension").value) or ""
        named = _text(self.own.get("resource_id").value)
        if namespace == "ecs" or dimension.startswith("ecs:"):
            return True
        return named.startswith(_PREFIX) and namespace is None

    @attribute(STRING)
    def service_namespace(self) -> Attribute:
        """The AWS service: `ecs`."""
        return self.written("service_namespace")

    @attribute(STRING)
    def scalable_dimension(self) -> Attribute:
        """What is scaled: `ecs:service:DesiredCount`."""
        return self.written("scalable_dimension")

    @attribute(STRING)
    def resource_id(self) -> Attribute:
        """The service: `service/CLUSTER/SERVICE`."""
        return self.written("resource_id")

    @attribute(STRING)
    def resource_id_form(self) -> Attribute:
        """`named` as it should be, `arn` where an ARN stands for a name, else `malformed`."""
        node = self.own.get("resource_id")
        found = _form(node.value)
        if isinstance(found, Unknown) and self._is_made_of_names:
            found = "named"
        return Attribute(found, node.place)

    @property
    def _is_made_of_names(self) -> bool:
        """Whether its parts are the very names of a cluster and a service of it."""
        if self._names is None:
            return False
        cluster, name = self._names
        return any(
            same(name, service.whole.get("name").text()) is True
            and self._in_cluster(cluster, service) is True
            for service, _ in self.service_list
        )

    @attribute(NUMBER)
    def min_capacity(self) -> Attribute:
        """The least number of tasks."""
        return self.number("min_capacity")

    @attribute(NUMBER)
    def max_capacity(self) -> Attribute:
        """The greatest number of tasks."""
        return self.number("max_capacity")

    # ---- the service --------------------------------------------------------------------------

    @cached_property
    def _names(self) -> tuple[Value, Value] | None:
        """The names of cluster and service in its resource_id, where it has such."""
        pieces = _split(self.own.get("resource_id").value)
        if pieces is None or len(pieces) != 3 or known_text(pieces[0]) != "service":
            return None
        return pieces[1], pieces[2]

    def scales(self, service: Launched) -> Tri:
        """Whether it is for a service."""
        if service.form != "service" or not self.is_for_ecs:
            return False
        here = exists(self.own.instance, service.instance)
        if self._names is None:
            value = self.own.get("resource_id").value
            is_open = isinstance(plain(value), Unknown) and not _text(value).strip("\0")
            return unknown(value) if is_open else False
        cluster, name = self._names
        links = self.deployment.links
        bare = plain(name)
        if isinstance(bare, Unknown) and bare.ref is not None:
            link = links.find(name, "service")
            if link.instance is not None:
                own = Link(service.instance.values, service.instance)
                return all_of([links.same(link, own), here])
        named = same(name, service.whole.get("name").text())
        inside = self._in_cluster(cluster, service)
        graph = self.deployment.graph
        if named is True and graph.reaches(self.own.instance.address, service.instance.address):
            inside = inside is not False  # it takes the name from the service itself
        return all_of([named, inside, here])

    def _in_cluster(self, cluster: Value, service: Launched) -> Tri:
        links = self.deployment.links
        own = links.find(service.launch.cluster.value, "cluster")
        if own.nothing:
            return same(cluster, "default")
        return names_cluster(links, cluster, own)

    @cached_property
    def service_list(self) -> list[tuple[Service, Tri]]:
        """The services that it is for: one where nothing is wrong."""
        found = [(service, self.scales(service)) for service in self.deployment.services]
        return [(service, mine) for service, mine in found if mine is not False]

    @attribute(ListType(EntityType("service")))
    def services(self) -> Attribute:
        """The services of the configuration that it is for."""
        return Attribute(listing(self.service_list), self.own.get("resource_id").place)

    # ---- policies -----------------------------------------------------------------------------

    @cached_property
    def policy_list(self) -> list[tuple[ScalingPolicy, Tri]]:
        """Its policies, each with whether it is one."""
        found: list[tuple[ScalingPolicy, Tri]] = []
        for instance in self.deployment.links.of(POLICY):
            mine = all_of([self._owns(root(instance)), exists(instance, self.instance)])
            if mine is not False:
                found.append((ScalingPolicy(self, root(instance)), mine))
        return found

    def _owns(self, policy: Node) -> Tri:
        """Whether a policy is for it: by a reference, by its keys, or as the only one there is."""
        assert self.instance is not None
        owners = self.deployment.scaling_owners[policy.instance.address]
        if self in owners:
            return True
        if owners:
            return False
        mine = same(policy.get("resource_id").text(), self.id_text)
        if self.deployment.graph.reaches(policy.instance.address, self.instance.address):
            return True
        if mine is not False:
            return mine
        near = [t for t in self.deployment.scaling_targets if t.is_near(policy.instance)]
        namespace = policy.get("service_namespace").equals("ecs")
        return namespace is True and near == [self]

    @cached_property
    def id_text(self) -> Value:
        """Its resource_id as text."""
        return self.own.get("resource_id").text()

    def is_near(self, policy: Instance) -> bool:
        """Whether it stands in the same module as a policy."""
        return self.own.instance.module == policy.module

    @attribute(ListType(STRING))
    def shared_alarms(self) -> Attribute:
        """The alarms that trigger two of its policies at once."""
        found: list[Value] = []
        own = [policy.node.instance for policy, _ in self.policy_list]
        for instance in self.deployment.links.of("aws_cloudwatch_metric_alarm"):
            for name in ("alarm_actions", "ok_actions", "insufficient_data_actions"):
                actions = root(instance).get(name).elements()
                links = [self.deployment.links.find(n.value, "scaling_policy") for n in actions]
                mine = {id(link.instance) for link in links if link.instance in own}
                if len(mine) > 1:
                    found.append(instance.address)
        return Attribute(TupleValue(tuple(dict.fromkeys(found))), self.place)

    @attribute(ListType(EntityType("scaling_policy")))
    def policies(self) -> Attribute:
        """Its policies."""
        return Attribute(listing(self.policy_list), self.place)


class ScalingPolicy(Part):
    """A policy that changes a scaling target's capacity."""

    kind = "scaling_policy"

    def __init__(self, target: ScalingTarget, node: Node) -> None:
        super().__init__(target, node)
        self.address = node.instance.address
        self.header = node.instance.header
        self.of_target = target

    @attribute(ListType(STRING))
    def differing_keys(self) -> Attribute:
        """Those of its three keys that are known to differ from its target's."""
        found = [n for n in _KEYS if same(*self._both(n)) is False]
        place = self.node.get(found[0]).place if found else self.place
        return Attribute(TupleValue(tuple(found)), place)

    @attribute(BOOL)
    def copies_keys(self) -> Attribute:
        """Whether its three keys are its target's."""
        answers = [same(*self._both(name)) for name in _KEYS]
        wrong = next((n for n, a in zip(_KEYS, answers, strict=True) if a is False), None)
        return Attribute(all_of(answers), self.node.get(wrong).place if wrong else self.place)

    def _both(self, name: str) -> tuple[Value, Value]:
        return self.node.get(name).text(), self.of_target.own.get(name).text()

    @attribute(STRING)
    def type(self) -> Attribute:
        """StepScaling (the default), TargetTrackingScaling or PredictiveScaling."""
        return self._text("policy_type", "StepScaling")

    @property
    def _metric(self) -> Node:
        tracking = self.node.block("target_tracking_scaling_policy_configuration")
        return tracking.block("predefined_metric_specification")

    @attribute(STRING, nullable=True)
    def metric(self) -> Attribute:
        """The predefined metric that it tracks; null where it tracks none."""
        return self._metric.get("predefined_metric_type").attribute(STRING)

    @attribute(BOOL)
    def label_fits(self) -> Attribute:
        """Whether resource_label names load balancer and target group by their arn_suffix.

        True where the metric needs no label.
        """
        metric = self._metric.get("predefined_metric_type").text()
        node = self._metric.get("resource_label")
        answer: Tri = True
        if not is_null(metric):
            answer = any_of([negated(one_of(metric, _REQUESTS)), _is_label(node.value)])
        return Attribute(answer, node.place)


# ---- names in texts ---------------------------------------------------------------------------


def _pieces(value: Value) -> Iterator[Value]:
    bare = plain(value)
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        for part in bare.content.parts:
            yield from _pieces(part)
    elif isinstance(bare, Unknown) and bare.ref is None and bare.prefix:
        yield bare.prefix
        yield Unknown(STRING, bare.origins)
    else:
        yield bare


def _text(value: Value) -> str:
    """The known text in a value, with a mark for each unknown piece."""
    return "".join(p if isinstance(p, str) else "\0" for p in _pieces(value))


def _split(value: Value) -> list[Value] | None:
    """What stands between the slashes of a text; None where a piece may hold slashes itself."""
    groups: list[list[Value]] = [[]]
    for piece in _pieces(value):
        if isinstance(piece, str):
            first, *others = piece.split("/")
            groups[-1].append(first)
            groups.extend([each] for each in others)
        else:
            groups[-1].append(piece)
    return [_joined(group) for group in groups]


def _joined(pieces: Sequence[Value]) -> Value:
    kept = [piece for piece in pieces if piece != ""]
    if len(kept) == 1:
        return kept[0]
    if all(isinstance(piece, str) for piece in kept):
        return "".join(map(str, kept))
    return Unknown(STRING, unknown(*kept).origins, not_null=True, content=Parts(tuple(kept)))


def _form(value: Value) -> Value:
    """What a resource_id is made of."""
    bare = plain(value)
    if is_null(bare):
        return NULL
    refs = [p.ref for p in _pieces(value) if isinstance(p, Unknown) and p.ref is not None]
    if any(ref.path in _ARNS and ".aws_ecs_" in f".{ref.address}" for ref in refs):
        return "arn"
    text = _text(value)
    if "arn:" in text:
        return "arn"
    if "\0" not in text:
        return "named" if _NAMED.fullmatch(text) else "malformed"
    before = text.partition("\0")[0]
    if not before.startswith(_PREFIX[: len(before)]):
        return "malformed"
    names = [ref for ref in refs if ref.kind == "computed" and ref.path == ".name"]
    if len(names) == text.count("\0") and _NAMED.fullmatch(text.replace("\0", "x")):
        return "named"
    return Unknown(STRING, unknown(value).origins, not_null=True)


def _is_label(value: Value) -> Tri:
    """Whether a text is BALANCER/GROUP, both by their arn_suffix."""
    if is_null(value):
        return False
    pieces = list(_pieces(value))
    text = _text(value)
    if "\0" not in text:
        return bool(_LABEL.fullmatch(text))
    refs = [p.ref for p in pieces if isinstance(p, Unknown)]
    if any(ref is None for ref in refs):
        return unknown(value)
    types = [_type_of(ref.address) for ref in refs if ref is not None]
    paths = [ref.path for ref in refs if ref is not None]
    known = [t for t in types if t in ("load_balancer", "target_group")]
    if len(known) != len(refs):
        return unknown(value)
    if any(path not in (".arn_suffix",) for path in paths):
        return False
    return types == ["load_balancer", "target_group"] and text == "\0/\0"


def _type_of(address: str) -> str:
    for name in ("target_group", "lb", "alb"):
        if re.search(rf"(?:^|\.)aws_(?:lb_|alb_)?{name}\.", address):
            return "target_group" if name == "target_group" else "load_balancer"
    return ""
