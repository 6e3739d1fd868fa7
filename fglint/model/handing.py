"""What modules that are not here are given: they may add to it.

A module that is not downloaded may write rules of the security group, routes of the table, policies
of the role, endpoints of the VPC or listeners of the target group whose id, ARN or name its
arguments have. depends_on gives it nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from fglint.configuration.loader import Configuration
from fglint.configuration.scopes import ModuleCall
from fglint.configuration.stand_ins import canonical
from fglint.evaluation.values import Unknown
from fglint.graph import Graph, given_to
from fglint.model.logic import outside

# Modules whose documentation says that they add nothing to what they are given, but for some.
_KNOWN = "terraform-aws-modules/"
_ADDING = frozenset({"iam", "network-firewall", "transit-gateway", "vpc", "vpn-gateway"})


class Handing:
    """The modules that are not here, by what they are given."""

    def __init__(self, configuration: Configuration, graph: Graph) -> None:
        self._configuration = configuration
        self._graph = graph

    def additions(self, address: str) -> list[Unknown]:
        """Why a resource may have more than the configuration says, one for each module."""
        return [
            outside(call, f"{call} is given {address}, and its module is not downloaded")
            for call in self._by_address.get(address, ())
        ]

    @cached_property
    def _by_address(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for call in self._configuration.calls:
            if call.written is None and call.contract is None and not _adds_nothing(call):
                for address in dict.fromkeys(self._resources(call)):
                    found.setdefault(address, []).append(call.address)
        return found

    def _resources(self, call: ModuleCall) -> Iterator[str]:
        """The resources that a call's arguments lead to, through variables, locals and outputs."""
        resources = {instance.address for instance in self._configuration.instances}
        seen: set[str] = set()
        pending = list(given_to(call))
        while pending:
            node = pending.pop()
            if node in resources:
                yield node
            elif node not in seen:
                seen.add(node)
                pending.extend(self._graph.edges.get(node, ()))


def _adds_nothing(call: ModuleCall) -> bool:
    placed = call.declaration.written.get("source")
    source = "" if placed is None else canonical(placed.range.text.strip('"'))
    return source.startswith(_KNOWN) and source.split("/")[1] not in _ADDING
