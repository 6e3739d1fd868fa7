#!/usr/bin/env python3
"""Compares fglint's parser with Go's HCL parser and with python-hcl2, over real files.

    compare_parsers.py [--node-modules DIR] [--without-go] [--python-hcl2] [--show N] PATH…

Every .tf, .tofu, .tfvars and .hcl file below the paths is parsed by each. Printed are the files
that one front end accepts and another rejects, the first value that differs where both accept
(constants as values, other expressions as the source text of their range, templates part by
part), and, with --python-hcl2, each structural difference between the two trees. Exit status 1
when there is a disagreement.

Go's parser is the WebAssembly build in the npm package @cdktf/hcl2json. Install it anywhere, and
name the folder:

    npm install --prefix /some/folder @cdktf/hcl2json
    compare_parsers.py --node-modules /some/folder/node_modules DIR…

It accepts single files only, so what Terraform finds wrong above the syntax does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fglint.source import SourceFile
from fglint.syntax import parse
from fglint.syntax.nodes import (
    Body,
    Conditional,
    Expression,
    File,
    GetAttr,
    Index,
    Literal,
    ObjectCons,
    Template,
    TemplateFor,
    TemplateIf,
    TupleCons,
    Unary,
    Variable,
)

BRIDGE = r"""
const { parse } = require('@cdktf/hcl2json');
const { readFileSync } = require('fs');
(async () => {
  for (const path of readFileSync(0, 'utf8').split('\0').filter(Boolean)) {
    let answer;
    try {
      answer = { value: await parse(path, readFileSync(path, 'utf8')) };
    } catch (error) {
      const message = String(error.message || error);
      answer = message.startsWith('convert') ? { form: message } : { error: message };
    }
    console.log(JSON.stringify(answer));
  }
})();
"""
SUFFIXES = (".tf", ".tofu", ".tfvars", ".hcl")

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(slots=True)
class Answer:
    """What a front end says of a file: an error, the values in it, or why they have no form."""

    error: str | None = None
    form: str | None = None
    value: Json = None


@dataclass(slots=True)
class Disagreements:
    """Counts what differs, and prints the first of each kind."""

    show: int
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, text: str) -> None:
        """Counts one disagreement."""
        self.counts[kind] += 1
        if self.counts[kind] <= self.show:
            print(f"{kind}: {text}")


class WithoutForm(Exception):
    """Blocks that have no form in JSON."""


def files_below(paths: list[Path]) -> Iterator[Path]:
    """The files in native syntax, in order; byte sequences that are not UTF-8 are left out."""
    for path in paths:
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        for each in found:
            if each.suffix in SUFFIXES and each.is_file():
                try:
                    each.read_bytes().decode()
                except UnicodeDecodeError:
                    print(f"{each}: not UTF-8, left out")
                    continue
                yield each


def ask_go(paths: list[Path], node_modules: Path | None) -> Iterator[Answer]:
    """What Go's parser says of each file."""
    environment = dict(os.environ)
    if node_modules is not None:
        environment["NODE_PATH"] = str(node_modules.resolve())
    run = subprocess.run(
        ["node", "-e", BRIDGE],
        input="\0".join(str(path.resolve()) for path in paths),
        capture_output=True,
        check=False,
        text=True,
        env=environment,
    )
    lines = run.stdout.removesuffix("\n").split("\n")  # JSON may hold U+2028
    if len(lines) != len(paths):
        raise SystemExit(f"node answered {len(lines)} of {len(paths)} files: {run.stderr[-2000:]}")
    for line in lines:
        yield Answer(**json.loads(line))


def own_answer(file: File) -> Answer:
    """What fglint's parser says of a file, in the form of hcl2json."""
    if file.diagnostics:
        first = file.diagnostics[0]
        return Answer(error=f"{first.range}: {first.summary}; {first.detail}")
    try:
        return Answer(value=Renderer(file.source.text).body(file.body))
    except WithoutForm as error:
        return Answer(form=f"{error} is a block and an argument, or has labels only sometimes")


@dataclass(slots=True)
class Renderer:
    """Writes a tree as hcl2json does: constants as values, the rest as "${source text}"."""

    text: str

    def body(self, body: Body) -> dict[str, Json]:
        """The arguments by name, the blocks below their type and labels."""
        out: dict[str, Json] = {
            name: self.value(each.expression) for name, each in body.attributes.items()
        }
        for block in body.blocks:
            place, key = out, block.type
            for label in block.labels:
                inner = place.setdefault(key, {})
                if not isinstance(inner, dict):
                    raise WithoutForm(block.type)
                place, key = inner, label.value
            inner = place.setdefault(key, [])
            if not isinstance(inner, list):
                raise WithoutForm(block.type)
            inner.append(self.body(block.body))
        return out

    def value(self, node: Expression) -> Json:
        """An expression as a value of JSON."""
        match node:
            case Literal(value=Fraction() as value):
                return float(value)
            case Literal(value=str() as value):
                return escaped(value)
            case Literal(value=bool() | int() | None as value):
                return value
            case Unary(operator="-", operand=Literal(value=int() | Fraction() as value)):
                return -float(value)
            case Unary(operator="!", operand=Literal(value=bool() as value)):
                return not value
            case Template():
                return self.value(node.parts[0]) if node.wraps else self.string(node)
            case TupleCons(items=items):
                return [self.value(item) for item in items]
            case ObjectCons(items=items):
                return {self.key(item.key): self.value(item.value) for item in items}
            case _:
                return self.wrapped(node)

    def key(self, node: Expression) -> str:
        """The key of an object; hcl2json writes a traversal there without "${}"."""
        return self.source(node) if is_traversal(node) else self.string(node)

    def string(self, node: Expression) -> str:
        """A part of a template, or a key, as text."""
        match node:
            case Literal(value=str() as value):
                return escaped(value)
            case Literal(value=bool() | None as value):
                return json.dumps(value)
            case Literal(value=Fraction() as value):
                return format(Decimal(repr(float(value))), "f")
            case Literal(value=value):
                return str(value)
            case Template(parts=parts):
                return "".join(self.string(part) for part in parts)
            case TemplateIf(condition=condition, then=then, otherwise=otherwise):
                return self.conditional(condition, then, otherwise)
            case Conditional(condition=condition, then=then, otherwise=otherwise):
                return self.conditional(condition, then, otherwise)
            case TemplateFor():
                names = f"{node.key_name}, " if node.key_name else ""
                source = self.source(node.collection)
                head = f"%{{for {names}{node.value_name} in {source}}}"
                return f"{head}{self.string(node.body)}%{{endfor}}"
            case _:
                return self.wrapped(node)

    def conditional(self, condition: Expression, then: Expression, otherwise: Expression) -> str:
        """A conditional inside a template, which hcl2json writes as a directive."""
        second = self.string(otherwise)
        second = f"%{{else}}{second}" if second else ""
        return f"%{{if {self.source(condition)}}}{self.string(then)}{second}%{{endif}}"

    def wrapped(self, node: Expression) -> str:
        """The source of an expression as an interpolation."""
        return f"${{{self.source(node)}}}"

    def source(self, node: Expression) -> str:
        """The text of an expression."""
        return self.text[node.start : node.end]


def escaped(text: str) -> str:
    """Text of a template with what would begin a sequence escaped."""
    return text.replace("${", "$${").replace("%{", "%%{")


def is_traversal(node: Expression) -> bool:
    """Whether an expression is a name with steps that are constant."""
    match node:
        case GetAttr(object=inner):
            return is_traversal(inner)
        case Index(collection=inner, key=Literal()):
            return is_traversal(inner)
        case _:
            return isinstance(node, Variable)


def first_difference(own: Json, other: Json, at: str = "") -> str | None:
    """The first place where two values differ; None when they are equal."""
    if isinstance(own, dict) and isinstance(other, dict):
        for key in sorted(own.keys() | other.keys()):
            if key not in own or key not in other:
                return f"{at}.{key}: only {'Go' if key in other else 'fglint'} has it"
            found = first_difference(own[key], other[key], f"{at}.{key}")
            if found:
                return found
        return None
    if isinstance(own, list) and isinstance(other, list):
        if len(own) != len(other):
            return f"{at}: {len(own)} elements, Go {len(other)}"
        pairs = (
            first_difference(one, two, f"{at}[{index}]")
            for index, (one, two) in enumerate(zip(own, other, strict=True))
        )
        return next((found for found in pairs if found), None)
    if isinstance(own, bool) or isinstance(other, bool):
        equal = own is other
    elif isinstance(own, int | float) and isinstance(other, int | float):
        equal = abs(own - other) <= 1e-12 * max(abs(own), abs(other))
    else:
        equal = own == other
    return None if equal else f"{at}: {own!r}, Go {other!r}"


def main() -> int:
    """Prints the disagreements and a summary."""
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("--node-modules", type=Path)
    options.add_argument("--without-go", action="store_true")
    options.add_argument("--python-hcl2", action="store_true")
    options.add_argument("--show", type=int, default=20)
    options.add_argument("paths", nargs="+", type=Path)
    given = options.parse_args()
    paths = list(files_below(given.paths))
    found = Disagreements(given.show)
    answers = iter([Answer()] * len(paths))
    if not given.without_go:
        answers = ask_go(paths, given.node_modules)
    accepted = 0
    for path, answer in zip(paths, answers, strict=True):
        file = parse(SourceFile(str(path), path.read_bytes().decode()))
        own = own_answer(file)
        accepted += own.error is None
        if given.without_go:
            pass
        elif own.error is None and answer.error is None:
            difference = first_difference(own.value, answer.value)
            if difference and not own.form and not answer.form:
                found.add("value differs", f"{path}: {difference}")
        elif own.error is not None and answer.error is not None:
            found.counts["rejected by both"] += 1
        elif own.error is not None:
            found.add("only fglint rejects", own.error)
        else:
            found.add("only Go rejects", f"{path}: {answer.error}")
        if given.python_hcl2:
            compare_with_python_hcl2(file, found)
    summary = ", ".join(f"{count} {kind}" for kind, count in found.counts.items())
    print(f"{len(paths)} files, {accepted} accepted by fglint; {summary or 'no disagreement'}")
    return int(any(kind != "rejected by both" for kind in found.counts))


def compare_with_python_hcl2(file: File, found: Disagreements) -> None:
    """Counts the structural differences to python-hcl2's tree of the same file."""
    from fglint.syntax.backends import python_hcl2

    for each in python_hcl2.differences(file, python_hcl2.parse(file.source)):
        found.add(f"python-hcl2: {each.summary}", f"{each.range}: {each.detail}")


if __name__ == "__main__":
    sys.exit(main())
