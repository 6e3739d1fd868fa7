"""How evaluation sees the module around an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fglint.evaluation.functions.registry import Context
    from fglint.evaluation.values import Value
    from fglint.source import SourceFile


class Scope(Protocol):
    """What the references of an expression mean. Configuration and rules implement it.

    Each method raises StaticError for what is not declared, and Reported where the value's own
    evaluation failed before.
    """

    context: Context

    def builtin(self, root: str, name: str) -> Value:
        """The value of each.key, count.index, path.module, terraform.workspace, self.NAME."""

    def whole(self, root: str) -> Value:
        """The value of a root used alone (`each`, `var`, `local`, a model's subject)."""

    def variable(self, name: str) -> Value:
        """The value of var.NAME."""

    def local(self, name: str) -> Value:
        """The value of local.NAME."""

    def module(self, name: str) -> Value:
        """The value of module.NAME: an object of outputs, or a collection of such objects."""

    def resource(self, mode: str, type_: str, name: str) -> Value:
        """The value of a "managed" or "data" resource: its instance, or all of them."""

    def place(self) -> SourceFile:
        """The file that the expressions of this scope stand in, for the ranges of errors."""
