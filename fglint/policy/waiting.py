"""Modules that wait for others: what a depends_on of a call has to name."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.configuration.scopes import ModuleCall, ModuleInstance
from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.policy.spelling import module_of
from fglint.syntax.members import CannotEditError


def call_to_wait(deployment: Deployment, user: Entity, other: Entity) -> tuple[ModuleCall, str]:
    """The call around an entity that has to wait for another one, and what it waits for.

    The call stands in the innermost module around both; CannotEditError where there is none, or
    where what it would wait for waits for it.
    """
    around = _modules(deployment, user)
    outside = {"", *_addresses(module_of(other.address))}
    for module in around:
        call = module.call
        if call is None or call.parent.address not in outside:
            continue
        prefix = f"{call.parent.address}." if call.parent.address else ""
        local = other.address.removeprefix(prefix)
        wanted = ".".join(local.split(".")[:2]).partition("[")[0]
        if module.written.providers:
            raise CannotEditError(f"{call.address} configures providers, and cannot wait")
        _check_order(deployment, call.address, f"{prefix}{wanted}")
        return call, wanted
    raise CannotEditError(f"no module around {user.address} is called beside {other.address}")


def _modules(deployment: Deployment, user: Entity) -> list[ModuleInstance]:
    """The module instances around an entity, the innermost first."""
    own = {*_addresses(module_of(user.address))}
    found = [module for module in deployment.configuration.modules() if module.address in own]
    return sorted(found, key=lambda module: len(module.address), reverse=True)


def _addresses(module: str) -> Iterator[str]:
    """The addresses of a module instance and of those around it."""
    parts = module.split("module.")
    for end in range(2, len(parts) + 1):
        yield "module.".join(parts[:end]).removesuffix(".")


def _check_order(deployment: Deployment, first: str, last: str) -> None:
    graph = deployment.graph
    waiting = [node for node in graph.edges if _is_in(node, first)]
    for node in graph.edges:
        if _is_in(node, last) and any(graph.reaches(node, each) for each in waiting):
            raise CannotEditError(f"{last} depends on {first} itself")


def _is_in(node: str, address: str) -> bool:
    return node == address or node.startswith((f"{address}.", f"{address}["))
