"""Where references to secrets stand: in containers, and in what services pass to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import Presence
from fglint.model.container import Container
from fglint.model.reading import Element, Node
from fglint.model.secret import Secret
from fglint.model.service import Service
from fglint.model.task import Task

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment


def secrets(deployment: Deployment) -> list[Secret]:
    """All references to secrets: of tasks by container, then of services."""
    found: list[Secret] = []
    for task in deployment.tasks:
        for container in task.container_list:
            found.extend(_of_container(task, container))
    seen: set[str] = set()
    for service in deployment.services:
        if service.runs_on_fargate is not False and service.address not in seen:
            seen.add(service.address)
            found.extend(_of_service(service))
    return found


def _of_container(task: Task, container: Container) -> Iterator[Secret]:
    node = container.node
    yield from _entries(task, container, node.get("secrets"), "valueFrom", "secret")
    logs = node.get("logConfiguration").get("secretOptions")
    yield from _entries(task, container, logs, "valueFrom", "log option")
    credentials = node.get("repositoryCredentials")
    if not is_null(credentials.get("credentialsParameter").value):
        key = "credentialsParameter"
        yield Secret(task, container, credentials, key, "registry credentials", container.maybe)


def _of_service(service: Service) -> Iterator[Secret]:
    for connect in service.whole.blocks("service_connect_configuration"):
        for logs in connect.blocks("log_configuration"):
            what = "log option of Service Connect"
            yield from _entries(service, None, logs.get("secret_option"), "value_from", what)
    if service.managed:
        for container in service.whole.blocks("primary_container"):
            yield from _entries(service, None, container.get("secret"), "value_from", "secret")
            for block in container.blocks("repository_credentials"):
                key = "credentials_parameter"
                yield Secret(service, None, block, key, "registry credentials", service.maybe)


def _entries(
    owner: Task | Service, container: Container | None, node: Node, key: str, what: str
) -> Iterator[Secret]:
    maybe = owner.maybe if container is None else container.maybe
    for item in node.elements().items:
        yield Secret(owner, container, item.node, key, what, maybe or _may_lack(item))


def _may_lack(item: Element) -> bool:
    return item.presence is not Presence.ONE
