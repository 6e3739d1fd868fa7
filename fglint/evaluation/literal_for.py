"""`for` as Terraform evaluates it while planning: for reproducing a plan to the letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from fglint.evaluation.convert import convert
from fglint.evaluation.elements import elements_of
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.frame import Code, Frame
from fglint.evaluation.inspection import origins_of
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import BOOL, DYNAMIC, STRING
from fglint.evaluation.values import (
    Null,
    ObjectValue,
    TupleValue,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)
from fglint.syntax.nodes import For, TemplateFor


class LiteralFor:
    """One evaluation: what is not known of one element makes the whole unknown."""

    def __init__(self, node: For | TemplateFor, frame: Frame, source: Value) -> None:
        self.node = node
        self.frame = frame
        self.source, self.marks = unmark(source)
        self.origins: dict[Origin, None] = dict.fromkeys(origins_of(self.source))
        self.known = True

    def items(self, value: Code, condition: Code | None) -> Value:
        """`[for …]`."""
        if self._ends_early(condition):
            return self._unknown()
        found = [value(frame) for frame in self._frames(condition)]
        return mark(TupleValue(tuple(found)), self.marks) if self.known else self._unknown()

    def entries(self, key: Code, value: Code, condition: Code | None, *, group: bool) -> Value:
        """`{for …}`."""
        if self._ends_early(condition):
            return self._unknown()
        found: dict[str, list[Value]] = {}
        for frame in self._frames(condition):
            name = self._name(key(frame))
            if name is None:
                continue
            found.setdefault(name, []).append(value(frame))
            if len(found[name]) > 1 and not group:
                raise EvaluationError(
                    "Duplicate object key",
                    f"Two different items produced the key \"{name}\" in this 'for' expression. "
                    "If duplicates are expected, use the ellipsis (...) after the value expression "
                    "to enable grouping by key.",
                )
        if not self.known:
            return self._unknown()
        values = {n: TupleValue(tuple(all_)) if group else all_[0] for n, all_ in found.items()}
        return mark(ObjectValue(values), self.marks)

    def _unknown(self) -> Value:
        return mark(Unknown(DYNAMIC, tuple(self.origins)), self.marks)

    def _ends_early(self, condition: Code | None) -> bool:
        """Whether nothing is known of the elements; errors that any element would have."""
        untyped = isinstance(self.source, Unknown) and self.source.type == DYNAMIC
        if untyped:
            self.marks = frozenset()
            return True
        elements_of(self.source)
        if condition is not None:
            names = [self.node.value_name, *filter(None, [self.node.key_name])]
            any_ = {**self.frame.names, **{name: Unknown() for name in names}}
            given = condition(Frame(self.frame.scope, any_))
            _kept(given)
            if isinstance(self.source, Unknown):
                self.marks |= unmark(given)[1]
        return isinstance(self.source, Unknown)

    def _frames(self, condition: Code | None) -> Iterator[Frame]:
        """A frame for each element that is kept for sure."""
        for key, element, _ in elements_of(self.source):
            self.frame.count()
            names = {self.node.value_name: element}
            if self.node.key_name:
                names[self.node.key_name] = key
            frame = self.frame.bind(names)
            if condition is not None:
                given = condition(frame)
                self.marks |= unmark(given)[1]
                kept = self._tolerantly(partial(_kept, given))
                if isinstance(kept, Unknown):
                    self._doubt(kept)
                    continue
                if not kept:
                    continue
            yield frame

    def _tolerantly(self, convert_: Callable[[], Value]) -> Value:
        """What is converted; where something was unknown before, an error does not count."""
        try:
            return convert_()
        except EvaluationError:
            if self.known:
                raise
            return Unknown()

    def _name(self, key: Value) -> str | None:
        bare, marks = unmark(key)
        self.marks |= marks
        name = self._tolerantly(partial(_name_of, bare))
        if isinstance(name, Unknown):
            self._doubt(name)
            return None
        assert isinstance(name, str)
        return name

    def _doubt(self, value: Unknown) -> None:
        self.known = False
        self.origins |= dict.fromkeys(value.origins)


def _name_of(key: Value) -> Value:
    if isinstance(key, Null):
        raise EvaluationError(
            "Invalid object key",
            "Key expression in 'for' expression must not produce a null value.",
        )
    try:
        return key if isinstance(key, Unknown) else plain(convert(key, STRING))
    except EvaluationError as error:
        raise EvaluationError(
            "Invalid object key", f"The key expression produced an invalid result: {error.detail}."
        ) from None


def _kept(value: Value) -> Value:
    bare = plain(value)
    if isinstance(bare, Null):
        raise EvaluationError("Condition is null", "The value of the 'if' clause must not be null.")
    try:
        return plain(convert(bare, BOOL))
    except EvaluationError as error:
        raise EvaluationError(
            "Invalid 'for' condition", f"The 'if' clause value is invalid: {error.detail}."
        ) from None
