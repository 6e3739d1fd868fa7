"""The scope inside a dynamic block: its iterator, over the scope around it."""

from __future__ import annotations

from fglint.evaluation.access import get_attr
from fglint.evaluation.functions.registry import Context
from fglint.evaluation.scope import Scope
from fglint.evaluation.values import (
    ObjectValue,
    Value,
)
from fglint.source import SourceFile


class IteratorScope:
    """The scope inside a dynamic block: its iterator on top of the block's scope."""

    def __init__(self, outer: Scope, name: str, key: Value, value: Value) -> None:
        self.outer = outer
        self.name = name
        self.members = {"key": key, "value": value}
        self.context: Context = outer.context
        self.variable = outer.variable
        self.local = outer.local
        self.module = outer.module

    def builtin(self, root: str, name: str) -> Value:
        """An iterator may be called `each`; all else is the block's."""
        if root == self.name and name in self.members:
            return self.members[name]
        return self.outer.builtin(root, name)

    def whole(self, root: str) -> Value:
        """The iterator as an object of key and value."""
        return ObjectValue(dict(self.members)) if root == self.name else self.outer.whole(root)

    def resource(self, mode: str, type_: str, name: str) -> Value:
        """`setting.value` reads like a resource of type "setting"."""
        if type_ == self.name and mode == "managed":
            return get_attr(self.whole(type_), name)
        return self.outer.resource(mode, type_, name)

    def place(self) -> SourceFile:
        """The block's."""
        return self.outer.place()
