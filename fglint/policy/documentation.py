"""Pages made from the rules and the model: what is documented is what runs."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence

from fglint.evaluation.types import EntityType, ListType, Type
from fglint.finding import Severity, Verdict
from fglint.model.entity import Entity
from fglint.policy.functions import DOMAIN
from fglint.policy.rule import Example, Option, Rule
from fglint.policy.wording import shown

_TITLES = {
    Verdict.FAIL: "Fails",
    Verdict.PASS: "Passes",
    Verdict.UNKNOWN: "Cannot be decided",
    Verdict.NOT_APPLICABLE: "Does not apply",
}
GENERATED = "<!-- Made by `fglint docs`; change the rule or the model instead. -->"


# ---- rules ------------------------------------------------------------------------------------


def rule_page(rule: Rule, examples: Sequence[Example] = ()) -> str:
    """The page of one rule, Markdown."""
    parts = [f"# {rule.name}", rule.summary, _facts(rule)]
    if rule.rationale:
        parts += ["## Why", rule.rationale.strip()]
    parts += ["## What to do", rule.remedy]
    if rule.options:
        parts += ["## Options", _options(rule)]
    if rule.supersedes:
        names = ", ".join(f"`{name}`" for name in rule.supersedes)
        parts.append(f"Its finding hides that of {names} at the same resource.")
    if examples:
        parts += ["## Examples", *_examples(examples)]
    if rule.references:
        parts += ["## References", "\n".join(f"* <{each}>" for each in rule.references)]
    parts += ["## Ignoring it", _ignoring(rule)]
    return "\n\n".join(parts) + "\n"


def severities(rule: Rule) -> tuple[Severity, ...]:
    """The severities of a rule's asserts, the rule's own first."""
    others = {each.severity for each in rule.asserts if each.severity is not None}
    others.discard(rule.severity)
    return (rule.severity, *sorted(others, key=lambda each: each.rank))


def _facts(rule: Rule) -> str:
    own, *others = (each.value for each in severities(rule))
    rows = [
        ("severity", f"{own} (in some cases {', '.join(others)})" if others else own),
        ("judges", f"each `{rule.kind}`"),
        ("runs", "by default" if rule.default else "when it is selected"),
    ]
    if rule.fix_safeties:
        rows.append(("fix", " or ".join(rule.fix_safeties)))
    if rule.same_as:
        rows.append(("elsewhere", ", ".join(rule.same_as)))
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {text} |" for name, text in rows)])


def _options(rule: Rule) -> str:
    head = "| option | type | default | meaning |\n|---|---|---|---|"
    return "\n".join([head, *map(_option, rule.options)])


def _option(option: Option) -> str:
    default = shown(option.default)
    type_ = str(option.type)
    if option.values:
        type_ = " or ".join(f"`{shown(each)}`" for each in option.values)
    return f"| `{option.name}` | {type_} | `{default}` | {option.description} |"


def _examples(examples: Sequence[Example]) -> Iterable[str]:
    for verdict, title in _TITLES.items():
        found = [each for each in examples if each.verdict is verdict]
        if found:
            yield f"### {title}"
        for example in found:
            yield f"{_sentence(example)}:\n\n```terraform\n{_code(example)}\n```"


def _sentence(example: Example) -> str:
    text = example.title[:1].upper() + example.title[1:]
    if example.stack.startswith("fglint:"):
        text += f" (beside the stack `{example.stack.removeprefix('fglint:')}`)"
    return text


def _code(example: Example) -> str:
    source, body = example.block.body.source, example.block.body
    inside = source.text[body.start : body.end].strip("{}").strip("\n")
    lines = [line for line in inside.split("\n") if not line.strip().startswith("source = ")]
    return textwrap.dedent("\n".join(lines)).strip("\n").rstrip()


def _ignoring(rule: Rule) -> str:
    return f"```terraform\n# fglint: ignore[{rule.name}] -- why it does not matter here\n```"


def rule_index(rules: Iterable[Rule]) -> str:
    """The index of all rules: by folder, and by the ids of other tools."""
    ordered = sorted(rules, key=lambda rule: (rule.folder, rule.severity.rank, rule.name))
    parts = ["# Rules", GENERATED]
    for folder in dict.fromkeys(rule.folder for rule in ordered):
        rows = [rule for rule in ordered if rule.folder == folder]
        parts += [f"## {folder}", _table(rows)]
    parts += ["## By the ids of other tools", _elsewhere(ordered)]
    return "\n\n".join(parts) + "\n"


def _table(rules: Sequence[Rule]) -> str:
    head = "| rule | severity | runs | what it says |\n|---|---|---|---|"
    rows = [
        f"| [{rule.name}]({rule.name}.md) | {rule.severity.value} "
        f"| {'by default' if rule.default else 'when selected'} | {rule.summary} |"
        for rule in rules
    ]
    return "\n".join([head, *rows])


def _elsewhere(rules: Sequence[Rule]) -> str:
    pairs = sorted((other, rule.name) for rule in rules for other in rule.same_as)
    head = "| id | rule |\n|---|---|"
    return "\n".join([head, *(f"| {other} | [{name}]({name}.md) |" for other, name in pairs)])


# ---- the model --------------------------------------------------------------------------------


def model_page(kinds: Mapping[str, type[Entity]], subjects: Collection[str]) -> str:
    """What rules can read: every kind with its attributes, and the functions."""
    parts = [
        "# The model",
        GENERATED,
        "A rule judges the entities of one kind and reads their attributes. An attribute that may "
        "be null says so; any attribute can be unknown, and the condition that needs it is then "
        "unknown with the cause. Attributes of null are null; lists are empty, never null. What is "
        "not written has the default that Terraform's provider gives it. Sizes are CPU units and "
        "MiB, times seconds, unless the meaning says otherwise.",
        "Rules judge these kinds; the others below are met on the way, as attributes of these.",
        "\n".join(f"* [{name}](#{name}): {_doc(kinds[name].__doc__)}" for name in sorted(subjects)),
    ]
    for name in sorted(kinds):
        parts += [f"## {name}", _doc(kinds[name].__doc__), _attributes(kinds[name])]
    parts += ["## Functions", "Beside Terraform's functions that read no files and no clock:"]
    for function in sorted(DOMAIN.values(), key=lambda each: each.name):
        names = ", ".join(parameter for parameter, _ in function.parameters)
        parts.append(f"* `{function.name}({names})` → {_type(function.returns)}: {function.doc}")
    return "\n\n".join(parts) + "\n"


def _attributes(kind: type[Entity]) -> str:
    head = "| attribute | type | meaning |\n|---|---|---|"
    rows = [
        f"| `{name}` | {_type(schema.type)}{' or null' if schema.nullable else ''} "
        f"| {_doc(schema.doc)} |"
        for name, schema in sorted(kind.schema().items())
    ]
    return "\n".join([head, *rows])


def _type(type_: Type) -> str:
    match type_:
        case EntityType(kind=kind) if kind:
            return f"[{kind}](#{kind})"
        case ListType(element=element):
            return f"list of {_type(element)}"
        case _:
            return str(type_)


def _doc(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")
