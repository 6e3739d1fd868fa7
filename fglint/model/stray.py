"""Rules of a load balancer's security groups that open ports on which nothing listens.

Port 80 and port 443 of a load balancer that faces the internet are where its clients come: a rule
for them lets nobody in who finds something there.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from fglint.evaluation.values import Unknown, Value
from fglint.model import reach
from fglint.model.existence import exists
from fglint.model.listing import listing
from fglint.model.logic import Tri, all_of, outside, unknown
from fglint.model.reading import known_text, whole_number
from fglint.model.security_group_rule import SecurityGroupRule

if TYPE_CHECKING:
    from fglint.model.load_balancer import LoadBalancer

_OF_CLIENTS = (80, 443)
_OF_OPERATORS = (22, 3389)


def stray_rules(balancer: LoadBalancer) -> Value:
    """The rules that let in the whole internet on a port that no listener has."""
    ports, doubts = _ports(balancer)
    most = len(doubts) if balancer.listener_list else inf
    found: list[tuple[SecurityGroupRule, Tri]] = []
    unseen = list(balancer.side.doubts)
    for group in balancer.side.groups:
        unseen.extend(reach.unread(group, "ingress"))
        for rule in group.contents[0]:
            if rule.way == "ingress":
                strays = _strays(rule, ports, doubts, most)
                found.append((rule, all_of([rule.is_open, strays, rule.present])))
    return listing(found, [unknown(each) for each in unseen])


def _ports(balancer: LoadBalancer) -> tuple[set[int], list[Unknown]]:
    """The ports that have a listener, and why others may have one."""
    ports = set(_OF_CLIENTS)
    doubts: list[Unknown] = []
    for listener, maybe in balancer.listener_list:
        value = listener.read("port").value
        port = whole_number(value)
        if port is not None and not maybe:
            ports.add(port)
        else:
            owner = listener.written("load_balancer_arn").value
            there = exists(listener.instance, balancer.instance) if listener.instance else True
            doubts.append(unknown(value, owner, there))
    if not balancer.listener_list:
        because = f"{balancer} has no listener in the configuration"
        doubts.append(outside(str(balancer), because))
    return ports, doubts


def _strays(rule: SecurityGroupRule, ports: set[int], doubts: list[Unknown], most: float) -> Tri:
    """Whether a rule is for a port that is none of these; each doubt may be for one more."""
    if rule.is_all is not False:
        return rule.is_all
    if known_text(rule.protocol_value) not in ("tcp", "udp"):
        return False
    first, last = (rule.written.get(name).number() for name in ("from_port", "to_port"))
    low, high = whole_number(first), whole_number(last)
    if low is None or high is None:
        return unknown(first, last)
    others = high - low + 1 - sum(low <= port <= high for port in ports)
    if others <= 0:
        return False
    operators = any(low <= port <= high and port not in ports for port in _OF_OPERATORS)
    return True if operators or others > most else unknown(*doubts)
