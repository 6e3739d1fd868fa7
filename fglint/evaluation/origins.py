"""Why a value is unknown."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Literal

from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.source import Range


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an unknown comes from, which is also its identity.

    kind: "computed" (a resource's attribute, known after apply), "data" (read from outside),
    "variable" (has no value), "module" (its source is not here), "function" (one call of
    timestamp() and the like), "error" (evaluation failed; there is a diagnostic), "schema"
    (the provider's schema is not known), "instances" (count or for_each is not known).
    `address` is Terraform's notation with module path and instance key, `path` the rest of the
    reference as written in Terraform: ".arn", "[0].id". `because` is the cause in words, with
    what would settle it.
    """

    kind: Literal[
        "computed", "data", "variable", "module", "function", "error", "schema", "instances"
    ]
    address: str
    path: str = ""
    because: str = field(default="", compare=False)
    range: Range | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.address + self.path

    def child(self, step: str) -> Origin:
        """The origin of a member: `step` is ".name" or "[key]"."""
        return replace(self, path=self.path + step)

    @property
    def cause(self) -> str:
        """Why the value is unknown, as a sentence without its full stop."""
        if self.because:
            return self.because
        if self.kind == "computed":
            return f"{self} is known only after apply"
        if self.kind == "data":
            return f"{self} is read from outside the configuration"
        return f"{self} is not known"

    @property
    def is_one(self) -> bool:
        """Whether it denotes one value: that of an unknown number of instances does not."""
        return "[*]" not in self.address and "[*]" not in self.path
