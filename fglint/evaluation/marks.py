"""Marks of values: sensitive, ephemeral, and where a secret comes from."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.source import Range


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Terraform's own mark."""


@dataclass(frozen=True, slots=True)
class Ephemeral:
    """Terraform's mark of what is in no plan and no state."""


@dataclass(frozen=True, slots=True)
class SecretOrigin:
    """fglint's mark: the value comes from a source of secrets; nonsensitive() keeps it.

    `source` is the reference as a message may print it ("random_password.db.result").
    `reason` says why it counts: "generated", "stored", "sensitive variable", "secret name" …
    `weak` sources count only for a leaf with a secret-like name (random_string).
    """

    source: str
    reason: str
    weak: bool = False
    range: Range | None = field(default=None, compare=False)


SENSITIVE = Sensitive()

EPHEMERAL = Ephemeral()

Mark = Sensitive | Ephemeral | SecretOrigin

Marks = frozenset[Mark]

NO_MARKS: Marks = frozenset()


def terraform_marks(marks: Marks) -> Marks:
    """Terraform's own marks among these: what whatever is computed from the value keeps, too."""
    return frozenset(found for found in marks if not isinstance(found, SecretOrigin))
