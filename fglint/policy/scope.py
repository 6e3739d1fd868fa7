"""What the names in a rule's expressions mean: the subject, each, local, option."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from fglint.evaluation.errors import EvaluationError, StaticError
from fglint.evaluation.origins import Origin
from fglint.evaluation.values import ObjectValue, Value
from fglint.policy import functions
from fglint.records import dataclass
from fglint.source import Files, SourceFile

if TYPE_CHECKING:
    from fglint.evaluation.functions.registry import Context
    from fglint.model.deployment import Deployment
    from fglint.model.entity import Entity
    from fglint.policy.rule import Rule
    from fglint.source import Range

_NOWHERE = SourceFile("rule", "")
_NO_FILES = Files()


class RuleContext:
    """The functions' context of a rule: no files, no clock, and the model's own functions."""

    def __init__(self, deployment: Deployment | None = None) -> None:
        self.deployment = deployment
        self.files = _NO_FILES
        self.directory = Path()
        self.depth = 0
        self.assuming = True

    def render(self, source: SourceFile, variables: dict[str, Value], depth: int) -> Value:
        """Not in rules: the loader refuses templatefile()."""
        raise EvaluationError("Unsupported function", "rules read no template files")

    def domain(self, name: str) -> Callable[[Sequence[Value]], Value] | None:
        """The model's function of that name."""
        return functions.bound(name, self.deployment)

    def warn(self, summary: str, detail: str, at: Range) -> None:
        """Rules are taken by the letter: there is nothing to warn of."""

    def call_origin(self, name: str) -> Origin:
        """The origin of an impure function; the loader refuses those in rules."""
        return Origin("function", f"{name}()")


class ConstantScope:
    """A scope in which nothing is declared."""

    def __init__(self) -> None:
        self.context: Context = RuleContext()

    def whole(self, root: str) -> Value:
        """Nothing has a name here."""
        raise StaticError("Reference to undeclared name", f'there is no "{root}" here')

    def builtin(self, root: str, name: str) -> Value:
        """Nothing has a name here."""
        return self.whole(root)

    def variable(self, name: str) -> Value:
        """Nothing has a name here."""
        return self.whole("var")

    def local(self, name: str) -> Value:
        """Nothing has a name here."""
        return self.whole("local")

    def module(self, name: str) -> Value:
        """Nothing has a name here."""
        return self.whole("module")

    def resource(self, mode: str, type_: str, name: str) -> Value:
        """Nothing has a name here."""
        return self.whole(type_)

    def place(self) -> SourceFile:
        """No file."""
        return _NOWHERE


@dataclass(frozen=True, slots=True)
class Each:
    """The element that a for_each visits."""

    key: Value
    value: Value


@dataclass(eq=False)
class SubjectScope(ConstantScope):
    """One subject of a rule. Locals are evaluated when first read, once for the subject."""

    rule: Rule
    subject: Entity
    options: Mapping[str, Value]
    context: Context
    each: Each | None = None
    _locals: dict[str, Value | None] = field(default_factory=dict)

    def at(self, each: Each) -> SubjectScope:
        """The scope for one element; the locals are the same."""
        return SubjectScope(self.rule, self.subject, self.options, self.context, each, self._locals)

    def whole(self, root: str) -> Value:
        """The subject by its kind, or all options."""
        if root == self.rule.kind:
            return self.subject
        if root == "option":
            return ObjectValue(dict(self.options))
        return super().whole(root)

    def builtin(self, root: str, name: str) -> Value:
        """each.key and each.value."""
        if root == "each" and self.each is not None:
            if name == "key":
                return self.each.key
            if name == "value":
                return self.each.value
        raise StaticError("Reference to undeclared name", f"there is no {root}.{name} here")

    def local(self, name: str) -> Value:
        """The value of a local; it knows the subject but not the element."""
        placed = self.rule.locals.get(name)
        if placed is None:
            raise StaticError("Reference to undeclared name", f"there is no local.{name} here")
        if name in self._locals:
            known = self._locals[name]
            if known is None:
                raise EvaluationError("Cycle", f"local.{name} depends on itself")
            return known
        self._locals[name] = None
        scope = (
            self
            if self.each is None
            else SubjectScope(
                self.rule, self.subject, self.options, self.context, None, self._locals
            )
        )
        value = self._locals[name] = self.rule.compiler.evaluate(placed.node, scope)
        return value

    def place(self) -> SourceFile:
        """The rule's file."""
        return self.rule.source
