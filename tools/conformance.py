#!/usr/bin/env python3
"""Says what fglint's evaluator makes of expressions and modules, to compare with Terraform.

    conformance.py expressions PRELUDE [--refined]      lines {"expr": …} in, one answer a line out
    conformance.py plan DIR [--var K=V] [--var-file F]      the planned values as one JSON object

The answers are Terraform's: what fglint knows beyond it of unknown values is left out, unless
--refined asks for it. Relative files of --var-file lie in DIR. `TF_VAR_*` of the environment
counts.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fglint import graph
from fglint.configuration.checks import check_expression
from fglint.configuration.loader import Configuration, load
from fglint.configuration.module import Placed
from fglint.configuration.session import LoadOptions, Read
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import is_wholly_known, marks_deep, type_of, unmark_deep
from fglint.evaluation.marks import SENSITIVE
from fglint.evaluation.numbers import format_number, of_precision
from fglint.evaluation.refinement import as_terraform
from fglint.evaluation.types import (
    BOOL,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    Type,
    to_json,
)
from fglint.evaluation.values import (
    NULL,
    ListValue,
    MapValue,
    Marked,
    Null,
    ObjectValue,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    children,
    mark,
    plain,
    sorted_items,
    unmark,
)
from fglint.provider.schema import resource_schema
from fglint.source import Files, SourceFile
from fglint.syntax import parse_expression

Mask = Any  # True, False, or a list or dictionary of masks


class Text(str):
    """Text that is JSON already."""

    __slots__ = ()


def render(value: Value) -> tuple[Text, Mask, Mask]:
    """A value as JSON text, and where it is unknown and sensitive."""
    if isinstance(value, Marked):
        text, unknown, inner = render(value.value)
        return text, unknown, True if SENSITIVE in value.marks else inner
    match value:
        case Unknown():
            return Text("null"), True, False
        case Null():
            return Text("null"), False, False
        case bool() | str():
            return Text(json.dumps(value)), False, False
        case int() | Fraction():
            return Text(_number(value)), False, False
        case float():
            return Text("0" if value == 0 else json.dumps(str(value))), False, False
        case TupleValue(items) | ListValue(items, _) | SetValue(items, _):
            rendered = [render(item) for item in items]
            text = Text("[" + ",".join(one[0] for one in rendered) + "]")
            return text, _masks([r[1] for r in rendered]), _masks([r[2] for r in rendered])
        case ObjectValue() | MapValue():
            return _render_members(value)
        case _:
            raise TypeError(type(value))


def _number(value: int | Fraction) -> str:
    """A number as a plan holds it: what is not whole in double precision, if that is exact."""
    exact = Fraction(value)
    if exact.denominator == 1 and -(1 << 63) < exact < 1 << 63:
        return str(int(exact))
    if exact.denominator != 1 and -1e300 < exact < 1e300 and Fraction(float(exact)) == exact:
        return format_number(of_precision(exact, 53))
    return format_number(value)


def _masks(masks: list[Mask]) -> Mask:
    return masks if any(mask is not False for mask in masks) else False


def _render_members(value: ObjectValue | MapValue) -> tuple[Text, Mask, Mask]:
    members: list[str] = []
    unknown: dict[str, Mask] = {}
    sensitive: dict[str, Mask] = {}
    for key, item in sorted_items(value):
        text, mask, secret = render(item)
        if mask is not True:
            members.append(f"{json.dumps(key)}:{text}")
        if mask is not False:
            unknown[key] = mask
        if secret is not False:
            sensitive[key] = secret
    return Text("{" + ",".join(members) + "}"), unknown or False, sensitive or False


# ---- expressions ------------------------------------------------------------------------------


def expressions(prelude: Path) -> None:
    """Answers each line of the standard input."""
    configuration = load_prelude(prelude)
    for line in sys.stdin:
        print(answer(configuration, json.loads(line)["expr"]), flush=True)


def load_prelude(prelude: Path) -> Configuration:
    """The module in which expressions are evaluated."""
    return load(prelude, Files(base=prelude), LoadOptions(plan_only=True))


def answer(configuration: Configuration, text: str) -> str:
    """The answer to one expression, as JSON."""
    source = SourceFile("expression", text)
    node, diagnostics = parse_expression(source)
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        return json.dumps({"error": diagnostics[0].summary})
    before = len(configuration.session.diagnostics)
    try:
        placed = Placed(node, source)
        check_expression(configuration.root, placed)
        value = configuration.session.evaluate(placed, configuration.root)
    except EvaluationError as error:
        return json.dumps({"error": f"{error.summary}: {error.detail}"})
    if len(configuration.session.diagnostics) > before:
        return json.dumps({"error": list(configuration.session.diagnostics.values())[-1].summary})
    sensitive = SENSITIVE in marks_deep(value)
    bare = unmark_deep(value)[0]
    if _is_infinite(bare):
        return json.dumps({"special": "infinity"})  # of either sign
    rendered, unknown, _ = render(bare)
    type_ = "dynamic" if isinstance(bare, Null) else to_json(type_of(bare))
    fields = [f'"value":{rendered}']
    fields += [f'"unknown":{json.dumps(unknown)}'] if unknown is not False else []
    fields += ['"sensitive":true'] if sensitive else []
    fields += [f'"type":{json.dumps(type_)}'] if is_wholly_known(bare) else []
    return "{" + ",".join(fields) + "}"


def _is_infinite(value: Value) -> bool:
    if isinstance(value, float):
        return value != 0
    return any(map(_is_infinite, children(value)))


# ---- modules ----------------------------------------------------------------------------------


def stand_in(address: str, type_: str, values: Mapping[str, Value]) -> dict[str, Value]:
    """What data sources read in recorded plans: a marker in place of each text."""
    schema = resource_schema("data", type_)
    assert schema is not None
    own = (address,)
    read: dict[str, Value] = {
        name: mark(_marker(attribute.type, f"<data.{type_}.{name}>"), unmark(values[name])[1])
        for name, attribute in schema.attributes.items()
        if attribute.computed
        and isinstance(bare := plain(values[name]), Unknown)
        and own == tuple(origin.address for origin in bare.origins)
    }
    name = plain(values["name"]) if type_ == "aws_ssm_parameter" else None
    if isinstance(name, str) and name.endswith("/recommended"):  # what is published is JSON
        text = json.dumps({"image_id": plain(read["value"])})
        read["value"] = mark(text, unmark(values["value"])[1])
    return read


def _marker(type_: Type, text: str) -> Value:
    match type_:
        case ListType(element) if element == STRING:
            return ListValue(tuple(f"{text}#{index}" for index in range(3)), element)
        case SetType(element) if element == STRING:
            return SetValue(tuple(f"{text}#{index}" for index in range(3)), element)
        case ListType(element):
            return ListValue((), element)
        case SetType(element):
            return SetValue((), element)
        case MapType(element):
            return MapValue({}, element)
        case ObjectType(attributes):
            return ObjectValue({name: _marker(t, f"{text}.{name}") for name, t in attributes})
        case _:
            known: dict[Type, Value] = {STRING: text, NUMBER: 0, BOOL: False}
            return known.get(type_, NULL)


def plan(arguments: list[str], *, plan_only: bool = True, read: Read | None = None) -> str:
    """The plan of a module, as JSON; without `plan_only`, as a check loads it."""
    directory = Path(arguments[0])
    variables: list[tuple[Any, str]] = []
    rest = iter(arguments[1:])
    for option in rest:
        text = next(rest)
        file = option == "--var-file"
        variables.append(("file", str(directory / text)) if file else ("var", text))
    options = LoadOptions(tuple(variables), dict(os.environ), plan_only=plan_only, read=read)
    configuration = load(directory, Files(base=directory), options)
    diagnostics = [(d.severity, d.summary) for d in configuration.diagnostics]
    cycles = graph.build(configuration).cycles()
    refused = [
        *(f"Cycle: {', '.join(cycle)}" for cycle in cycles),
        *(f"Invalid count or for_each argument: {one}" for one in configuration.uncounted),
        *(f"No value for required variable: {one}" for one in configuration.unset_variables),
        *(f"Module not installed: {one}" for one in configuration.not_here),
    ]
    diagnostics.extend(("error", summary) for summary in refused)
    ok = all(severity != "error" for severity, _ in diagnostics)
    outputs = [
        f"{json.dumps(name)}:{_member(configuration.root.output(name))}"
        for name in configuration.root.written.outputs
        if ok
    ]
    resources = [
        f"{json.dumps(instance.address)}:{_member(instance.values, 'values')}"
        for instance in configuration.instances
        if ok and (instance.mode == "managed" or instance.address in configuration.session.deferred)
    ]
    listed = [{"severity": severity, "summary": summary} for severity, summary in diagnostics]
    return (
        f'{{"ok":{json.dumps(ok)},"outputs":{{{",".join(outputs)}}},'
        f'"resources":{{{",".join(resources)}}},"diagnostics":{json.dumps(listed)}}}'
    )


def _member(value: Value, key: str = "value") -> str:
    rendered, unknown, sensitive = render(value)
    if key == "values":
        unknown, sensitive = unknown or {}, sensitive or {}
    masks = f'"unknown":{json.dumps(unknown)},"sensitive":{json.dumps(sensitive)}'
    return f'{{"{key}":{rendered},{masks}}}'


def main() -> None:
    """Runs the command in a thread whose stack fits deep configurations."""
    command, *arguments = sys.argv[1:]
    if command == "expressions" and "--refined" in arguments:
        expressions(Path(arguments[0]))
        return
    with as_terraform():
        if command == "expressions":
            expressions(Path(arguments[0]))
        else:
            print(plan(arguments))


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("expressions", "plan"):
        sys.exit(__doc__)
    sys.setrecursionlimit(100_000)
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
