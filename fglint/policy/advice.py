"""What to write in a module so that something waits there, or refers to something."""

from __future__ import annotations

from collections.abc import Iterable

from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.policy.spelling import Spelling, module_of
from fglint.policy.waiting import call_to_wait
from fglint.syntax.members import CannotEditError


def to_wait(deployment: Deployment, user: Entity, others: Iterable[Entity]) -> str:
    """How an entity is made to wait for others: by depends_on in it, or in the call around it."""
    spelling = Spelling(deployment, module_of(user.address), user)
    wanted: dict[str, dict[str, None]] = {}
    rest: dict[str, None] = {}
    for other in others:
        try:
            kind = user.kind.replace("_", " ")
            where, name = f"the {kind}", spelling.text(other, "depends_on")
        except CannotEditError:
            try:
                call, name = call_to_wait(deployment, user, other)
            except CannotEditError:
                rest[other.address] = None
                continue
            where = f"the call of {call.address}"
        wanted.setdefault(where, {})[name] = None
    found = [
        f"Add depends_on = [{', '.join(names)}] to {where}." for where, names in wanted.items()
    ]
    if rest:
        found.append(f"Let {user} depend on {' and on '.join(rest)}.")
    return " ".join(found)


def reference(deployment: Deployment, user: Entity, entity: Entity, attribute: str) -> str:
    """The reference to an attribute as the module of a user writes it, or the whole address."""
    spelling = Spelling(deployment, module_of(user.address), user, lenient=True)
    return spelling.reference(entity, f".{attribute}")
