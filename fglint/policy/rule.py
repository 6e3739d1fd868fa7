"""Rules as data: what a rule file says, before any subject is judged."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import Literal

from fglint.configuration.module import Placed
from fglint.diagnostic import Diagnostic
from fglint.evaluation.expressions import Compiler
from fglint.evaluation.types import Type
from fglint.evaluation.values import Value
from fglint.finding import Severity, Verdict
from fglint.records import dataclass
from fglint.source import Range, SourceFile
from fglint.syntax.nodes import Block

EXAMPLE_BLOCKS: dict[str, Verdict] = {verdict.value: verdict for verdict in Verdict}


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """A setting of a rule: `[rules.NAME]` sets it, conditions read it as `option.name`.

    `name` is written with hyphens in the settings; `values`, where it is not empty, are all that
    are allowed.
    """

    name: str
    type: Type
    default: Value
    description: str
    values: tuple[Value, ...] = ()

    @property
    def attribute(self) -> str:
        """The name by which conditions read it."""
        return self.name.replace("-", "_")


# What a fix does: arguments, members and blocks of what `of` is, or the expression that it is.
OPERATIONS = (
    "rename", "set", "append", "remove", "add", "create", "drop", "retype", "await",
    "enclose", "unwrap", "replace", "refer", "lengthen",
)  # fmt: skip
EXPRESSIONS = frozenset({"enclose", "unwrap", "replace", "refer", "lengthen"})


@dataclass(frozen=True, slots=True, eq=False)
class FixStep:
    """A change of one thing: what it is, and what is done to it, by the operation's name.

    `of` is the entity whose block or object is changed, or an attribute that stands in it; a list
    of such for the same change of each; the subject where it is absent.
    """

    of: Placed | None
    operations: dict[str, Placed]

    @property
    def parts(self) -> tuple[Placed, ...]:
        """All its expressions."""
        return (*(() if self.of is None else (self.of,)), *self.operations.values())


@dataclass(frozen=True, slots=True, eq=False)
class FixStatement:
    """How the text changes so that an assert holds; evaluated in the assert's scope.

    All steps are made or none, where `when` is true. What a manual one would write is printed for
    the reader to place.
    """

    safety: Literal["safe", "unsafe", "manual"]
    when: Placed | None
    steps: tuple[FixStep, ...]

    @property
    def parts(self) -> tuple[Placed, ...]:
        """All its expressions."""
        found = tuple(part for step in self.steps for part in step.parts)
        return found if self.when is None else (self.when, *found)


@dataclass(frozen=True, slots=True, eq=False)
class Assert:
    """One condition of a rule, and what to say where it is false.

    `remedy` is a template that replaces the rule's own where the condition is false.
    A judgement decides by a value's provenance while the value itself is unknown: the law that
    no verdict is reversed by knowing more does not bind it.
    """

    condition: Placed
    error_message: Placed
    for_each: Placed | None
    at: Placed | None
    remedy: Placed | None
    severity: Severity | None
    judgement: bool
    range: Range
    fixes: tuple[FixStatement, ...] = ()  # the first that can be made is made


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A small configuration and the verdict that the rule gives of it.

    `stack` is the source that it builds on: "fglint:NAME", a path relative to the rule file, or
    empty. `options` are the rule's options that it sets.
    """

    verdict: Verdict
    title: str
    block: Block
    stack: str
    options: dict[str, Value]

    @property
    def range(self) -> Range:
        """The place of its header."""
        return self.block.header()


@dataclass(eq=False)
class Rule:
    """One rule. Its expressions are compiled when a subject is first judged by them.

    `folder` is the name of the directory that holds the file; `default` tells whether the rule
    runs without being selected.
    """

    name: str
    kind: str
    folder: str
    path: Path
    source: SourceFile
    range: Range
    summary: str
    severity: Severity
    remedy: str
    rationale: str = ""
    references: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    default: bool = True
    supersedes: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    locals: dict[str, Placed] = field(default_factory=dict)
    when: Placed | None = None
    asserts: tuple[Assert, ...] = ()

    @property
    def fix_safeties(self) -> tuple[str, ...]:
        """The safeties of its fixes, safe first; without those that are left to the reader."""
        found = {fix.safety for each in self.asserts for fix in each.fixes}
        return tuple(sorted(found - {"manual"}))

    @cached_property
    def compiler(self) -> Compiler:
        """Compiles the expressions of the file."""
        return Compiler(self.source, "rule")


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """The rules that were loaded, by name, and what is wrong with their files."""

    rules: dict[str, Rule]
    diagnostics: tuple[Diagnostic, ...] = ()

    def folders(self) -> tuple[str, ...]:
        """The names of all folders, sorted."""
        return tuple(sorted({rule.folder for rule in self.rules.values()}))
