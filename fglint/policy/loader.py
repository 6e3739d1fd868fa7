"""Reads rule files. What is wrong with one is a diagnostic at its place; the others still load.

A check needs no examples, which are most of a rule file's text: unless `examples` are asked for,
only what stands before the first of them is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from fglint.configuration.module import Placed
from fglint.diagnostic import Diagnostic
from fglint.evaluation.convert import convert
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.expressions import compile_expression
from fglint.evaluation.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, Type
from fglint.evaluation.values import NULL, TupleValue, Value, children, plain
from fglint.finding import Severity
from fglint.model.deployment import KINDS
from fglint.policy import index
from fglint.policy.bundle import installed_rules
from fglint.policy.rule import (
    EXAMPLE_BLOCKS,
    OPERATIONS,
    Assert,
    Example,
    FixStatement,
    FixStep,
    Option,
    Rule,
    RuleSet,
)
from fglint.policy.scope import ConstantScope
from fglint.source import Files, Range, ReadError, SourceFile
from fglint.syntax import parse
from fglint.syntax.nodes import Block, Body, Call, Expression, File, Variable

STACKS = "stacks"  # the directory of the small deployments that examples build on

_FIRST_EXAMPLE = re.compile(rf'^  (?:{"|".join(EXAMPLE_BLOCKS)})\s+"', re.MULTILINE)
_ARGUMENTS = {
    "rule": (
        "summary", "severity", "rationale", "remedy", "references", "same_as", "default",
        "supersedes", "when",
    ),
    "assert": ("for_each", "condition", "error_message", "at", "remedy", "severity", "judgement"),
    "option": ("type", "default", "description", "values"),
    "fix": ("of", *OPERATIONS, "when", "safety"),
    "also": ("of", *OPERATIONS),
}  # fmt: skip
_BLOCKS = ("option", "locals", "assert", *EXAMPLE_BLOCKS)


class RuleError(Exception):
    """A rule file says something that no rule can say, at a place."""

    def __init__(self, message: str, range: Range) -> None:
        super().__init__(message)
        self.range = range

    def diagnostic(self) -> Diagnostic:
        """The error as trouble with the input."""
        return Diagnostic("error", "Error in rule file", str(self), self.range)


def rule_files(directory: Path) -> list[Path]:
    """All rule files below a directory, sorted; those of stacks are none."""
    found = directory.rglob("*.hcl")
    return sorted(p for p in found if STACKS not in p.relative_to(directory).parts[:-1])


def load_rules(directories: Iterable[Path], files: Files | None = None) -> RuleSet:
    """All rules below these directories; of two with one name, the second is an error."""
    files = files or Files()
    rules: dict[str, Rule] = {}
    diagnostics: list[Diagnostic] = []
    for directory in directories:
        for loaded in _loaded(directory, files):
            if isinstance(loaded, Diagnostic):
                diagnostics.append(loaded)
            elif loaded.name in rules:
                other = rules[loaded.name].path
                message = f'a rule named "{loaded.name}" stands in {files.display(other)}, too'
                diagnostics.append(RuleError(message, loaded.range).diagnostic())
            else:
                rules[loaded.name] = loaded
    return RuleSet(rules, tuple(diagnostics))


def _loaded(directory: Path, files: Files) -> Iterable[Rule | Diagnostic]:
    """The rules of a directory; those of the package by their index, where there is one."""
    indexed = index.decode(directory, files) if directory == installed_rules() else None
    if indexed is not None:
        return indexed
    return (each for path in rule_files(directory) for each in read_rules(path, files))


def read_rules(path: Path, files: Files) -> Iterator[Rule | Diagnostic]:
    """The rules of one file, or what is wrong with it. Their examples are not read."""
    try:
        source = files.source(path)
    except ReadError as error:
        yield Diagnostic("error", "Unreadable rule file", f"{files.display(path)}: {error}.")
        return
    file = _without_examples(source)
    errors = [found for found in file.diagnostics if found.severity == "error"]
    yield from errors
    if errors:
        return
    for block in file.body.blocks:
        try:
            yield _rule(block, path)
        except RuleError as error:
            yield error.diagnostic()
    if not file.body.blocks:
        yield Diagnostic("error", "Error in rule file", f"{source.path} holds no rule.")


def _without_examples(source: SourceFile) -> File:
    """The file up to its first example; the whole file where that is no file."""
    found = _FIRST_EXAMPLE.search(source.text)
    if found is not None:
        head = SourceFile(source.path, source.text[: found.start()] + "}\n")
        file = parse(head)
        if not file.diagnostics and len(file.body.blocks) == 1:
            return file
    return parse(source)


def read_examples(rule: Rule, files: Files) -> list[Example]:
    """The examples of a rule, in the order of its file; RuleError where one is malformed."""
    file = parse(files.source(rule.path))
    for diagnostic in file.diagnostics:
        if diagnostic.severity == "error" and diagnostic.range is not None:
            raise RuleError(f"{diagnostic.summary}: {diagnostic.detail}", diagnostic.range)
    found: list[Example] = []
    for block in file.body.blocks:
        if block.label(1) == rule.name:
            examples = [each for each in block.body.blocks if each.type in EXAMPLE_BLOCKS]
            found.extend(_example(each, rule) for each in examples)
    return found


# ---- one rule ---------------------------------------------------------------------------------


def _rule(block: Block, path: Path) -> Rule:
    if block.type != "rule":
        raise RuleError(f'a rule file holds "rule" blocks, not "{block.type}"', block.header())
    if len(block.labels) != 2:
        raise RuleError('a rule has two labels: rule "KIND" "NAME" { … }', block.header())
    kind, name = block.label(0), block.label(1)
    if kind not in KINDS:
        message = f'there is no kind "{kind}"{did_you_mean(kind, KINDS)}'
        raise RuleError(message, block.body.range(block.labels[0]))
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        message = f'a rule\'s name is written in kebab-case, which "{name}" is not'
        raise RuleError(message, block.body.range(block.labels[1]))
    _check_arguments(block, "rule")
    for nested in block.body.blocks:
        if nested.type == "fix":
            raise RuleError("a fix stands in the assert that it repairs", nested.header())
        if nested.type not in _BLOCKS:
            message = f'a rule has no block "{nested.type}"{did_you_mean(nested.type, _BLOCKS)}'
            raise RuleError(message, nested.header())
    read = _Constants(block.body)
    return Rule(
        name=name,
        kind=kind,
        folder=path.parent.name,
        path=path,
        source=block.body.source,
        range=block.header(),
        summary=read.text("summary", block),
        severity=_severity(read.text("severity", block), read.range("severity", block)),
        remedy=read.text("remedy", block),
        rationale=read.text("rationale"),
        references=read.texts("references"),
        same_as=read.texts("same_as"),
        default=read.flag("default", True),
        supersedes=read.texts("supersedes"),
        options=tuple(_option(each) for each in block.body.blocks_of("option")),
        locals=_locals(block),
        when=_placed(block.body, "when"),
        asserts=_asserts(block),
    )


def _check_arguments(block: Block, type_: str) -> None:
    allowed = _ARGUMENTS[type_]
    for name, attribute in block.body.attributes.items():
        if name not in allowed:
            message = f'{article(type_)} has no argument "{name}"{did_you_mean(name, allowed)}'
            raise RuleError(message, block.body.source.range(attribute.start, attribute.name_end))
    for nested in () if type_ == "rule" else block.body.blocks:
        if (type_, nested.type) in (("assert", "fix"), ("fix", "also")):
            continue
        raise RuleError(f'{article(type_)} has no block "{nested.type}"', nested.header())


def _locals(block: Block) -> dict[str, Placed]:
    found: dict[str, Placed] = {}
    for nested in block.body.blocks_of("locals"):
        for name, attribute in nested.body.attributes.items():
            found[name] = Placed(attribute.expression, nested.body.source)
    return found


def _asserts(block: Block) -> tuple[Assert, ...]:
    found = tuple(_assert(each) for each in block.body.blocks_of("assert"))
    if not found:
        raise RuleError("a rule has one assert or more", block.header())
    return found


def _assert(block: Block) -> Assert:
    _check_arguments(block, "assert")
    read = _Constants(block.body)
    condition, message = _placed(block.body, "condition"), _placed(block.body, "error_message")
    if condition is None or message is None:
        raise RuleError("an assert has a condition and an error_message", block.header())
    severity = read.text("severity")
    return Assert(
        condition=condition,
        error_message=message,
        for_each=_placed(block.body, "for_each"),
        at=_placed(block.body, "at"),
        remedy=_placed(block.body, "remedy"),
        severity=_severity(severity, read.range("severity", block)) if severity else None,
        judgement=read.flag("judgement", False),
        range=block.header(),
        fixes=tuple(map(_fix, block.body.blocks_of("fix"))),
    )


def _option(block: Block) -> Option:
    _check_arguments(block, "option")
    if len(block.labels) != 1:
        raise RuleError('an option has one label: option "NAME" { … }', block.header())
    read = _Constants(block.body)
    type_: Type = DYNAMIC
    placed = _placed(block.body, "type")
    if placed is not None:
        type_ = _option_type(placed.node, placed.range)
    default = read.value("default", block)
    try:
        default = convert(default, type_)
        values = tuple(convert(each, type_) for each in children(read.value("values")))
    except EvaluationError as error:
        raise RuleError(error.detail or error.summary, block.header()) from None
    return Option(block.label(0), type_, default, read.text("description", block), values)


def _option_type(node: Expression, at: Range) -> Type:
    primitives = {"string": STRING, "number": NUMBER, "bool": BOOL}
    match node:
        case Variable(name=name) if name in primitives:
            return primitives[name]
        case Call(name="list", arguments=(inner,)):
            return ListType(_option_type(inner, at))
        case Call(name="map", arguments=(inner,)):
            return MapType(_option_type(inner, at))
        case _:
            message = "an option's type is string, number or bool, or list(…) or map(…) of these"
            raise RuleError(message, at)


def _fix(block: Block) -> FixStatement:
    _check_arguments(block, "fix")
    read = _Constants(block.body)
    safety = read.text("safety", block)
    if safety not in ("safe", "unsafe", "manual"):
        raise RuleError('safety is "safe", "unsafe" or "manual"', read.range("safety", block))
    steps = (_step(block), *map(_step, block.body.blocks_of("also")))
    return FixStatement(
        safety="safe" if safety == "safe" else "unsafe" if safety == "unsafe" else "manual",
        when=_placed(block.body, "when"),
        steps=steps,
    )


def _step(block: Block) -> FixStep:
    if block.type == "also":
        _check_arguments(block, "also")
    found = {name: _placed(block.body, name) for name in OPERATIONS}
    operations = {name: placed for name, placed in found.items() if placed is not None}
    if not operations:
        raise RuleError(f"a fix has one of {', '.join(OPERATIONS)}", block.header())
    return FixStep(_placed(block.body, "of"), operations)


def _example(block: Block, rule: Rule) -> Example:
    if len(block.labels) != 1:
        raise RuleError(f'an example has one label: {block.type} "WHY" {{ … }}', block.header())
    read = _Constants(block.body)
    options = {option.name: option for option in rule.options}
    given: dict[str, Value] = {}
    for nested in block.body.blocks_of("options"):
        inner = _Constants(nested.body)
        for name in nested.body.attributes:
            option = options.get(name.replace("_", "-"))
            if option is None:
                message = f'{rule.name} has no option "{name}"{did_you_mean(name, options)}'
                raise RuleError(message, inner.range(name, nested))
            given[option.name] = convert(inner.value(name), option.type)
    return Example(EXAMPLE_BLOCKS[block.type], block.label(0), block, read.text("source"), given)


# ---- arguments that are constants -------------------------------------------------------------


def _placed(body: Body, name: str) -> Placed | None:
    attribute = body.attributes.get(name)
    return None if attribute is None else Placed(attribute.expression, body.source)


def _severity(text: str, at: Range) -> Severity:
    try:
        return Severity(text)
    except ValueError:
        known = ", ".join(each.value for each in Severity)
        raise RuleError(f'"{text}" is no severity; there are {known}', at) from None


class _Constants:
    """Arguments whose values stand in the file: they refer to nothing."""

    def __init__(self, body: Body) -> None:
        self.body = body

    def range(self, name: str, block: Block) -> Range:
        """The place of an argument, the block's header where it is absent."""
        placed = _placed(self.body, name)
        return block.header() if placed is None else placed.range

    def value(self, name: str, required_in: Block | None = None) -> Value:
        """The value of an argument, null where it is absent."""
        placed = _placed(self.body, name)
        if placed is None:
            if required_in is not None:
                raise RuleError(f'"{name}" is missing', required_in.header())
            return NULL
        try:
            return compile_expression(placed.node, placed.source, dialect="rule")(ConstantScope())
        except EvaluationError as error:
            message = f'"{name}" must be a constant: {error.detail or error.summary}'
            raise RuleError(message, placed.range) from None

    def text(self, name: str, required_in: Block | None = None) -> str:
        """The text of an argument, empty where it is absent."""
        value = plain(self.value(name, required_in))
        if isinstance(value, str):
            return value
        if value == NULL:
            return ""
        raise self._wrong(name, "a string")

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list, empty where it is absent."""
        value = plain(self.value(name))
        if value == NULL:
            return ()
        items = value.items if isinstance(value, TupleValue) else (NULL,)
        if not all(isinstance(item, str) for item in items):
            raise self._wrong(name, "a list of strings")
        return tuple(str(item) for item in items)

    def flag(self, name: str, default: bool) -> bool:
        """The bool of an argument."""
        value = plain(self.value(name))
        if isinstance(value, bool):
            return value
        if value == NULL:
            return default
        raise self._wrong(name, "true or false")

    def _wrong(self, name: str, expected: str) -> RuleError:
        placed = _placed(self.body, name)
        assert placed is not None
        return RuleError(f'"{name}" must be {expected}', placed.range)


# ---- words ------------------------------------------------------------------------------------


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean "NAME"?` with the nearest known name, empty when none is near."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


def article(noun: str) -> str:
    """The noun with "a" or "an" before it."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
