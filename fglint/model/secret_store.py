"""What the configuration says of secrets that it makes: their values, and whether they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.holes import json_text_value
from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import (
    Encoded,
    MapValue,
    ObjectValue,
    OpenMap,
    Parts,
    Unknown,
    Value,
    plain,
)
from fglint.model.logic import Tri, unknown
from fglint.model.reading import known_text, root

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

_NAMED = ("aws_secretsmanager_secret", "aws_ssm_parameter")


def versions_of(deployment: Deployment, secret: Instance) -> list[Instance]:
    """The versions of a secret in the configuration."""
    links = deployment.links
    return [
        version
        for version in links.of("aws_secretsmanager_secret_version")
        if links.find(root(version).get("secret_id").value, "secret").instance is secret
    ]


def lacks_key(deployment: Deployment, instance: Instance | None, key: str) -> Tri:
    """Whether the value that the configuration gives to a secret lacks a JSON key.

    False where it gives none, more than one, or one that is changed by hand (ignore_changes).
    """
    if not key or instance is None or instance.type != "aws_secretsmanager_secret":
        return False
    found = versions_of(deployment, instance)
    if len(found) != 1 or found[0].lifecycle.ignore_changes:
        return False
    for name in ("secret_string", "secret_string_wo"):
        value = root(found[0]).get(name).value
        if not is_null(value):
            return _lacks(value, key)
    return False


def _lacks(value: Value, key: str) -> Tri:
    try:
        found = json_text_value(value)
    except EvaluationError:
        return True
    bare = plain(found)
    if isinstance(bare, (ObjectValue, MapValue)):
        return key not in bare.items
    if isinstance(bare, Unknown) and isinstance(bare.content, OpenMap):
        if key in bare.content.entries:
            return False
        return unknown(bare) if bare.content.rest is not None else True
    if isinstance(bare, Unknown):
        is_text = isinstance(getattr(plain(value), "content", None), (Encoded, Parts))
        return unknown(bare) if not is_text or bare.origins else True
    return True


def absent_resource(deployment: Deployment, text: str) -> str | None:
    """The address of the secret or parameter of that name with no instances; None for none."""
    name = text.rpartition(":")[2] if text.startswith("arn:") else text
    for module in deployment.configuration.modules():
        for (mode, type_, label), declaration in module.written.resources.items():
            if mode != "managed" or type_ not in _NAMED:
                continue
            placed = declaration.written.get("name")
            if placed is None or module.resource_node(mode, type_, label).instances:
                continue
            written = known_text(module.session.attempt(placed, module))
            if written is not None and written in (text, name, f"/{name}"):
                prefix = f"{module.address}." if module.address else ""
                return f"{prefix}{type_}.{label}"
    return None
