"""From the blocks of a rule file to rules and examples; every mistake of a rule is found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from fglint.configuration.module import Placed
from fglint.evaluation.convert import convert
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, Type
from fglint.evaluation.values import Value, children
from fglint.finding import Severity
from fglint.model.deployment import KINDS, SUBJECTS
from fglint.policy.constants import Constants, placed
from fglint.policy.mistakes import RuleError, article, did_you_mean
from fglint.policy.rule import (
    EXAMPLE_BLOCKS,
    OPERATIONS,
    Assert,
    Example,
    FixStatement,
    FixStep,
    Option,
    Rule,
)
from fglint.syntax.nodes import Block, Call, Expression, Variable

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
_BLOCKS: dict[str, tuple[str, ...]] = {
    "rule": ("option", "locals", "assert", *EXAMPLE_BLOCKS),
    "assert": ("fix",),
    "fix": ("also",),
}
_T = TypeVar("_T")


class _Mistakes(list[RuleError]):
    """The mistakes of one rule, gathered while its parts are read."""

    def attempt(self, read: Callable[[], _T], otherwise: _T) -> _T:
        """What is read, or something in its place where it is wrong."""
        try:
            return read()
        except RuleError as error:
            self.append(error)
            return otherwise


def read_rule(block: Block, path: Path) -> Rule | list[RuleError]:
    """The rule of a block, or all that is wrong with it, in the order of the file."""
    mistakes = _Mistakes()
    if block.type != "rule":
        message = f'a rule file holds "rule" blocks, not "{block.type}"'
        return [RuleError(message, block.header())]
    if len(block.labels) != 2:
        return [RuleError('a rule has two labels: rule "KIND" "NAME" { … }', block.header())]
    mistakes.extend(_wrong_labels(block))
    mistakes.extend(_wrong_names(block, "rule"))
    read = Constants(block.body)
    rule = Rule(
        name=block.label(1),
        kind=block.label(0),
        folder=path.parent.name,
        path=path,
        source=block.body.source,
        range=block.header(),
        summary=mistakes.attempt(lambda: read.text("summary", block), ""),
        severity=mistakes.attempt(lambda: _severity(read, block), Severity.INFO),
        remedy=mistakes.attempt(lambda: read.text("remedy", block), ""),
        rationale=mistakes.attempt(lambda: read.text("rationale"), ""),
        references=mistakes.attempt(lambda: read.texts("references"), ()),
        same_as=mistakes.attempt(lambda: read.texts("same_as"), ()),
        default=mistakes.attempt(lambda: read.flag("default", True), True),
        supersedes=mistakes.attempt(lambda: read.texts("supersedes"), ()),
        options=_options(block, mistakes),
        locals=_locals(block),
        when=placed(block.body, "when"),
        asserts=_asserts(block, mistakes),
    )
    mistakes.sort(key=lambda error: error.range.start)
    return list(mistakes) or rule


def _wrong_labels(block: Block) -> Iterator[RuleError]:
    kind, name = block.label(0), block.label(1)
    if kind not in SUBJECTS:
        yield RuleError(no_kind(kind), block.body.range(block.labels[0]))
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        message = f'a rule\'s name is written in kebab-case, which "{name}" is not'
        yield RuleError(message, block.body.range(block.labels[1]))


def no_kind(kind: str) -> str:
    """Why rules judge nothing of a kind, in words."""
    if kind in KINDS:
        return f"rules do not judge {article(kind)} by itself: judge what it is an attribute of"
    listed = f"there are {', '.join(sorted(SUBJECTS))}"
    return f'there is no kind "{kind}"{did_you_mean(kind, SUBJECTS) or f"; {listed}"}'


def _wrong_names(block: Block, type_: str) -> Iterator[RuleError]:
    """Arguments and blocks that a block of this type does not have."""
    arguments, blocks = _ARGUMENTS[type_], _BLOCKS.get(type_, ())
    for name, attribute in block.body.attributes.items():
        if name not in arguments:
            message = f'{article(type_)} has no argument "{name}"{did_you_mean(name, arguments)}'
            yield RuleError(message, block.body.source.range(attribute.start, attribute.name_end))
    for nested in block.body.blocks:
        if nested.type == "fix" and type_ == "rule":
            yield RuleError("a fix stands in the assert that it repairs", nested.header())
        elif nested.type not in blocks:
            near = did_you_mean(nested.type, blocks)
            yield RuleError(f'{article(type_)} has no block "{nested.type}"{near}', nested.header())


def _locals(block: Block) -> dict[str, Placed]:
    found: dict[str, Placed] = {}
    for nested in block.body.blocks_of("locals"):
        for name, attribute in nested.body.attributes.items():
            found[name] = Placed(attribute.expression, nested.body.source)
    return found


# ---- asserts ----------------------------------------------------------------------------------


def _asserts(block: Block, mistakes: _Mistakes) -> tuple[Assert, ...]:
    blocks = list(block.body.blocks_of("assert"))
    if not blocks:
        mistakes.append(RuleError("a rule has one assert or more", block.header()))
    found: list[Assert] = []
    for each in blocks:
        mistakes.extend(_wrong_names(each, "assert"))
        made = mistakes.attempt(lambda each=each: _assert(each, mistakes), None)  # type: ignore[misc]
        if made is not None:
            found.append(made)
    return tuple(found)


def _assert(block: Block, mistakes: _Mistakes) -> Assert | None:
    read = Constants(block.body)
    condition, message = placed(block.body, "condition"), placed(block.body, "error_message")
    if condition is None or message is None:
        raise RuleError("an assert has a condition and an error_message", block.header())
    severity = placed(block.body, "severity")
    return Assert(
        condition=condition,
        error_message=message,
        for_each=placed(block.body, "for_each"),
        at=placed(block.body, "at"),
        remedy=placed(block.body, "remedy"),
        severity=None if severity is None else _severity(read, block),
        judgement=read.flag("judgement", False),
        range=block.header(),
        fixes=_fixes(block, mistakes),
    )


def _severity(read: Constants, block: Block) -> Severity:
    text = read.text("severity", block)
    try:
        return Severity(text)
    except ValueError:
        known = [each.value for each in Severity]
        listed = f"there are {', '.join(known)}"
        message = f'"{text}" is no severity{did_you_mean(text, known)} ({listed})'
        raise RuleError(message, read.range("severity", block)) from None


def _fixes(block: Block, mistakes: _Mistakes) -> tuple[FixStatement, ...]:
    found: list[FixStatement] = []
    for each in block.body.blocks_of("fix"):
        mistakes.extend(_wrong_names(each, "fix"))
        found.append(_fix(each, mistakes))
    return tuple(found)


def _fix(block: Block, mistakes: _Mistakes) -> FixStatement:
    read = Constants(block.body)
    safety = read.text("safety", block)
    if safety not in ("safe", "unsafe", "manual"):
        raise RuleError('safety is "safe", "unsafe" or "manual"', read.range("safety", block))
    also = list(block.body.blocks_of("also"))
    for each in also:
        mistakes.extend(_wrong_names(each, "also"))
    return FixStatement(
        safety="safe" if safety == "safe" else "unsafe" if safety == "unsafe" else "manual",
        when=placed(block.body, "when"),
        steps=tuple(map(_step, (block, *also))),
    )


def _step(block: Block) -> FixStep:
    found = {name: placed(block.body, name) for name in OPERATIONS}
    operations = {name: each for name, each in found.items() if each is not None}
    if not operations:
        raise RuleError(f"a fix has one of {', '.join(OPERATIONS)}", block.header())
    return FixStep(placed(block.body, "of"), operations)


# ---- options ----------------------------------------------------------------------------------


def _options(block: Block, mistakes: _Mistakes) -> tuple[Option, ...]:
    found: dict[str, Option] = {}
    for each in block.body.blocks_of("option"):
        mistakes.extend(_wrong_names(each, "option"))
        made = mistakes.attempt(lambda each=each: _option(each), None)  # type: ignore[misc]
        if made is not None and made.name in found:
            message = f'the option "{made.name}" is there twice'
            mistakes.append(RuleError(message, each.header()))
        elif made is not None:
            found[made.name] = made
    return tuple(found.values())


def _option(block: Block) -> Option | None:
    if len(block.labels) != 1:
        raise RuleError('an option has one label: option "NAME" { … }', block.header())
    read = Constants(block.body)
    type_: Type = DYNAMIC
    written = placed(block.body, "type")
    if written is not None:
        type_ = _option_type(written.node, written)
    default = _converted(read, block, "default", type_)
    values = children(_converted(read, block, "values", ListType(type_)))
    return Option(block.label(0), type_, default, read.text("description", block), tuple(values))


def _converted(read: Constants, block: Block, name: str, type_: Type) -> Value:
    """The value of an argument that fits a type; only `values` may be absent."""
    value = read.value(name, None if name == "values" else block)
    try:
        return convert(value, type_)
    except EvaluationError as error:
        message = f'"{name}" does not fit the type {type_}: {error.detail or error.summary}'
        raise RuleError(message, read.range(name, block)) from None


_PRIMITIVES = {"string": STRING, "number": NUMBER, "bool": BOOL}


def _option_type(node: Expression, written: Placed) -> Type:
    match node:
        case Variable(name=name) if name in _PRIMITIVES:
            return _PRIMITIVES[name]
        case Call(name="list", arguments=(inner,)):
            return ListType(_option_type(inner, written))
        case Call(name="map", arguments=(inner,)):
            return MapType(_option_type(inner, written))
        case _:
            near = did_you_mean(node.name, _PRIMITIVES) if isinstance(node, Variable) else ""
            message = "an option's type is string, number or bool, or list(…) or map(…) of these"
            raise RuleError(message + near, written.source.range(node.start, node.end))


# ---- examples ---------------------------------------------------------------------------------


def read_example(block: Block, rule: Rule) -> Example:
    """The example of a block; RuleError where it is malformed."""
    if len(block.labels) != 1:
        raise RuleError(f'an example has one label: {block.type} "WHY" {{ … }}', block.header())
    for name, attribute in block.body.attributes.items():
        if name != "source":
            message = f'an example has no argument "{name}"{did_you_mean(name, ["source"])}'
            raise RuleError(message, block.body.source.range(attribute.start, attribute.name_end))
    read = Constants(block.body)
    options = {option.name: option for option in rule.options}
    given: dict[str, Value] = {}
    for nested in block.body.blocks_of("options"):
        inner = Constants(nested.body)
        for name in nested.body.attributes:
            option = options.get(name.replace("_", "-"))
            if option is None:
                message = f'{rule.name} has no option "{name}"{did_you_mean(name, options)}'
                raise RuleError(message, inner.range(name, nested))
            given[option.name] = _converted(inner, nested, name, option.type)
    return Example(EXAMPLE_BLOCKS[block.type], block.label(0), block, read.text("source"), given)
