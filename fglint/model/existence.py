"""Whether one resource exists where another does: what a shared count or for_each tells.

A resource whose count or for_each is not known is one instance that may not exist. Beside another
with the same count, or one that counts or iterates over the other, it does exist.
"""

from __future__ import annotations

import re
from typing import Literal

from fglint.configuration.instance import Instance
from fglint.evaluation.origins import Origin
from fglint.evaluation.values import Unknown
from fglint.model.logic import Tri, unknown

_COUNTED = re.compile(r"^length\((.+?)(?:\.\*|\[\*\])?(?:\.[a-z_]+)?\)$")


def exists(instance: Instance, beside: Instance | None = None) -> Tri:
    """Whether an instance exists, given that another one does."""
    if not instance.maybe or instance is beside:
        return True
    if beside is not None and _module_exists(instance, beside) and _counted_alike(instance, beside):
        return True
    return may_not_exist(instance)


def may_not_exist(instance: Instance) -> Unknown:
    """The doubt about an instance whose count or for_each is not known, and what causes it."""
    causes = list(dict.fromkeys(origin.cause for origin in instance.doubts))
    because = f"whether {instance.address} is created is not known"
    if causes:
        because = f"{because}: {'; '.join(causes[:2])}"
    return unknown(Origin("instances", instance.address, because=because))


def _module_exists(instance: Instance, beside: Instance) -> bool:
    if "[*]" not in instance.module:
        return True
    return beside.module == instance.module or beside.module.startswith(f"{instance.module}.")


def _counted_alike(instance: Instance, beside: Instance) -> bool:
    """Whether the number of the one follows from that of the other."""
    if not instance.address.endswith("[*]"):
        return True
    own = _expansion(instance)
    if own is None or instance.module != beside.module:
        return False
    if own == _expansion(beside):
        return True
    return _subject_of(own) == f"{beside.type}.{beside.name}"


def _expansion(instance: Instance) -> tuple[Literal["count", "for_each"], str] | None:
    """The argument that says how many there are, and its text without spaces."""
    body = instance.block.body
    names: tuple[Literal["count", "for_each"], ...] = ("count", "for_each")
    for name in names:
        found = body.attributes.get(name)
        if found is not None:
            node = found.expression
            return name, "".join(body.source.text[node.start : node.end].split())
    return None


def _subject_of(expansion: tuple[str, str]) -> str:
    """The resource that for_each iterates over, or whose instances count counts."""
    name, text = expansion
    if name == "for_each":
        return text
    found = _COUNTED.match(text)
    return found[1] if found else ""
