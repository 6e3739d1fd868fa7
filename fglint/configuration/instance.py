"""A planned resource or data source instance: what Terraform would plan, where it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, Literal

from fglint.evaluation.origins import Origin
from fglint.evaluation.values import ObjectValue, Value
from fglint.records import dataclass
from fglint.source import Range
from fglint.syntax.nodes import Block

if TYPE_CHECKING:
    from fglint.configuration.trail import Trail

Path = tuple[str | int, ...]  # ("network_configuration", 0, "subnets")


@dataclass(frozen=True, slots=True, eq=False)
class Lifecycle:
    """The lifecycle block; `ignore_changes` holds attribute names, or "*" for all."""

    create_before_destroy: bool = False
    prevent_destroy: bool = False
    ignore_changes: frozenset[str] = frozenset()


def _no_trail(path: Path) -> None:
    """Nothing is known of the way to a value."""


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """One instance of a resource or data source, planned for creation.

    `values` has every attribute of the provider's schema: what is configured, converted; null or
    an empty collection where nothing is; Unknown with a `ref` (this address and the attribute)
    for what is known after apply. Of a type whose schema is not known it has what is written.
    Blocks are lists or sets of objects; a dynamic block over an unknown makes the collection an
    Unknown whose content is an OpenList. `maybe` is true when it may not exist: count or for_each
    is unknown (the address then ends in `[*]`), or that of a module around it; `doubts` say why.
    `locate` finds where a value is written, `trail` the way to there. `written` gives what is
    written, whatever the schema says: earlier versions of the provider had other arguments.
    `stood_in_for` is the call of a module that is not downloaded, whose stand-in declares it.
    """

    address: str
    mode: Literal["managed", "data"]
    type: str
    name: str
    key: int | str | None
    module: str  # the module instance's address, "" for the root
    values: ObjectValue
    maybe: bool
    block: Block
    provider: str  # identity of its provider configuration: "aws", "aws.us_east_1" of the root
    lifecycle: Lifecycle
    locate: Callable[[Path], Range] = field(repr=False)
    doubts: tuple[Origin, ...] = ()
    trail: Callable[[Path], Trail | None] = field(default=_no_trail, repr=False)
    written: Callable[[], dict[str, Value]] = field(default=dict, repr=False)
    stood_in_for: Range | None = None

    @property
    def header(self) -> Range:
        """The range of the block's header, or of the call that a stand-in stands for."""
        return self.stood_in_for or self.block.header()

    def get(self, name: str) -> Value | None:
        """The planned value of an attribute; None when the schema has none of that name."""
        return self.values.items.get(name)
