"""Which hop of a trace the answer of a rule is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from fglint.evaluation.values import Value, plain
from fglint.model.entity import Entity
from fglint.model.hop import Hop
from fglint.policy.wording import text_of
from fglint.syntax.nodes import GetAttr, Node, children

if TYPE_CHECKING:
    from fglint.policy.check import Answer

# The steps that rules decide; those of answers whose condition reads certain attributes apart.
STEPS: dict[str, tuple[str, Mapping[str, str]]] = {
    "missing-load-balancer": ("internet", {}),
    "internet-facing-lb-in-private-subnet": ("internet", {}),
    "broken-dns-alias": ("dns", {}),
    "listener-without-tls": (
        "listener",
        {
            "names_certificate": "certificate",
            "certificate_region_fits": "certificate",
            "certificate_key_usable": "certificate",
            "certificate_fits": "certificate",
        },
    ),
    "outdated-tls-policy": ("listener", {}),
    "invalid-listener-protocol": ("listener", {}),
    "http-without-redirect": ("listener", {}),
    "unvalidated-certificate": ("certificate", {}),
    "broken-load-balancer-chain": (
        "target_group",
        {
            "forwarded": "rule",
            "container_exists": "container_port",
            "port_declared": "container_port",
            "carries_protocol": "container_port",
        },
    ),
    "invalid-target-group-health-check": ("target_group", {}),
    "blocked-load-balancer-path": ("security_groups", {"clients_let_in": "listener"}),
    "service-races-listener": ("order", {}),
    "missing-network-configuration": ("network", {}),
    "mixed-vpcs": ("network", {}),
    "blocked-task-egress": ("network", {}),
    "task-in-public-subnet": ("subnet", {"assign_public_ip": "network"}),
    "missing-egress-path": ("route", {}),
    "malformed-container-definitions": ("task", {}),
    "unresolvable-ecr-image": ("registry", {}),
    "wrong-registry-credentials": ("registry", {}),
    "missing-execution-role": ("role", {}),
    "insufficient-execution-role": ("role", {}),
    "missing-log-group": ("log_group", {}),
    "incomplete-awslogs-options": ("log_group", {}),
    "invalid-environment-file": ("environment_file", {}),
    "invalid-secret-reference": ("secret", {}),
    "unreadable-secret": ("secret", {"decryptable": "key"}),
}
RULES = tuple(STEPS)


def place_of(rule: str, answer: Answer, hops: Sequence[Hop]) -> Hop:
    """The hop that an answer is for, among those with its subject."""
    element = _element(answer)
    if element is not None:
        for hop in hops:
            if element in hop.elements:
                return hop
    step, apart = STEPS[rule]
    for name in _read(answer):
        step = apart.get(name, step)
    at_step = [hop for hop in hops if hop.step == step]
    return next((hop for hop in at_step if not hop.elements), (at_step or list(hops))[0])


def _element(answer: Answer) -> Entity | None:
    each = None if answer.scope is None else answer.scope.each
    value = None if each is None else plain(each.value)
    return value if isinstance(value, Entity) else None


def _read(answer: Answer) -> Iterator[str]:
    """The names of the attributes that an answer's condition reads."""
    pending: list[Node] = [] if answer.statement is None else [answer.statement.condition.node]
    while pending:
        node = pending.pop()
        if isinstance(node, GetAttr):
            yield node.name
        pending.extend(children(node))


def sentence(words: Sequence[Value]) -> str:
    """What stands at a hop, in words."""
    return "".join(text_of(word) for word in words)
