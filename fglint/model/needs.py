"""What a task reaches from its subnet before its containers run: registries, logs, secrets, files.

Source: "Amazon ECS interface VPC endpoints" and "Amazon ECR interface VPC endpoints" in the AWS
documentation, read 2026-11. Tasks on Fargate need none of the endpoints ecs, ecs-agent and
ecs-telemetry, and ECS itself decrypts secrets, so that kms is not needed to start either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import Parts, Unknown, Value, plain
from fglint.model import image as images
from fglint.model.container import Container
from fglint.model.links import Links
from fglint.model.logic import Tri, all_of, any_of, negated, unknown
from fglint.model.reading import Node, known_text
from fglint.records import dataclass

IMAGE = ("ecr.api", "ecr.dkr", "s3")


@dataclass(frozen=True, slots=True)
class Need:
    """The endpoint of an AWS service, and whether the task reaches it."""

    endpoint: str
    needed: Tri


@dataclass(frozen=True, slots=True)
class Needs:
    """All endpoints that a task reaches, and whether it pulls an image over the internet."""

    endpoints: tuple[Need, ...]
    internet: Tri


def needs_of(links: Links, containers: Iterable[Container], exec_: Tri) -> Needs:
    """What a task with these containers needs; `exec_` is whether ECS Exec is on."""
    answers: dict[str, list[Tri]] = {}
    internet: list[Tri] = []
    for container in containers:
        for name, needed in _of_container(links, container):
            answers.setdefault(name, []).append(_if_there(container, needed))
        internet.append(_if_there(container, images.is_public(links, container.image_value)))
    answers.setdefault("ssmmessages", []).append(exec_)
    found = [Need(name, any_of(each)) for name, each in answers.items()]
    return Needs(tuple(need for need in found if need.needed is not False), any_of(internet))


def _if_there(container: Container, needed: Tri) -> Tri:
    if needed is True and container.maybe:
        return unknown(container.node.value)
    return needed


def _of_container(links: Links, container: Container) -> Iterator[tuple[str, Tri]]:
    private = images.is_private_ecr(links, container.image_value)
    for name in IMAGE:
        yield name, private
    yield "logs", container.uses_awslogs()
    yield "s3", container.takes_environment_files()
    for node in _references(container):
        yield from _store(links, node.value)


def _references(container: Container) -> Iterator[Node]:
    for entry in container.node.get("secrets").elements():
        yield entry.get("valueFrom")
    for entry in container.node.get("logConfiguration").get("secretOptions").elements():
        yield entry.get("valueFrom")
    credentials = container.node.get("repositoryCredentials").get("credentialsParameter")
    if not is_null(credentials.value):
        yield credentials


def _store(links: Links, value: Value) -> Iterator[tuple[str, Tri]]:
    """Through which endpoint ECS reads a secret; through one of two where it is not known."""
    found = store_of(links, value)
    if found is not None:
        yield found, True
        return
    cause = unknown(value)
    yield "secretsmanager", cause
    yield "ssm", cause


def store_of(links: Links, value: Value) -> str | None:
    """`secretsmanager` or `ssm`, where a secret reference shows it."""
    bare = plain(value)
    pieces = bare.content.parts if _has_parts(bare) else (bare,)  # type: ignore[union-attr]
    for piece in pieces:
        for class_, store in (("secret", "secretsmanager"), ("parameter", "ssm")):
            link = links.find(piece, class_)
            if link.instance is not None:
                return store
        text = known_text(piece) or ""
        if ":secretsmanager:" in text:
            return "secretsmanager"
        if ":ssm:" in text:
            return "ssm"
    whole = known_text(bare)
    return "ssm" if whole and not whole.startswith("arn:") else None


def _has_parts(value: Value) -> bool:
    return isinstance(value, Unknown) and isinstance(value.content, Parts)


def covered(needs: Needs, works: Iterable[tuple[Need, Tri]]) -> Tri:
    """Whether endpoints stand for all needs, given which of them work."""
    answers: list[Tri] = [negated(needs.internet)]
    answers.extend(any_of([negated(need.needed), answer]) for need, answer in works)
    return all_of(answers)
