#!/usr/bin/env python3
"""Compares, leaf by leaf, what fglint makes of a root module with a plan that Terraform made.

    compare_plan.py PLAN [DIR] [--var K=V] [--var-file F] [--check] [--list KIND]

PLAN is a JSON object such as `conformance.py plan` prints: resources and outputs with their values
and masks. DIR is the root module; without it, the plan's own member "directory". With --check,
values are what a check knows, not only what Terraform plans. --list prints the leaves of a kind.

A leaf is an attribute, or an element of one, that holds no other. Its kinds:

    equal     known to both, and the same
    unknown   unknown to both
    unread    read by a data source whose schema fglint does not have: a marker in the plan
    refined   unknown to Terraform, known here: only with --check
    wrong     all else, always printed; the exit status is then 1
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fglint.evaluation.refinement import as_terraform

Json = Any
KINDS = ("equal", "unknown", "unread", "refined", "wrong")
MARKER = re.compile(r"(<|\\u003c)data\.")


@dataclass(frozen=True)
class Leaf:
    """One comparison: where, how it came out, and what each side says."""

    path: str
    kind: str
    expected: Json = None
    actual: Json = None

    def __str__(self) -> str:
        return f"{self.kind:8} {self.path}: {_short(self.expected)} | {_short(self.actual)}"


class Unknown:
    """Stands where a value is not known."""

    def __repr__(self) -> str:
        return "(unknown)"


UNKNOWN = Unknown()


def masked(value: Json, unknown: Json) -> Json:
    """A value with UNKNOWN where its mask is true."""
    if unknown is True:
        return UNKNOWN
    if isinstance(value, list):
        masks = unknown if isinstance(unknown, list) else []
        masks = [*masks, *[False] * (len(value) - len(masks))]
        return [masked(item, mask) for item, mask in zip(value, masks, strict=False)]
    if isinstance(value, dict):
        by_name = unknown if isinstance(unknown, dict) else {}
        names = [*value, *(n for n, mask in by_name.items() if mask is True and n not in value)]
        return {name: masked(value.get(name), by_name.get(name, False)) for name in names}
    return value


def leaves(path: str, expected: Json, actual: Json, *, refined: bool) -> Iterator[Leaf]:
    """Compares two values in which UNKNOWN stands for what is not known."""
    if expected is UNKNOWN:
        if _holds_unknown(actual):
            yield Leaf(path, "unknown")
        else:
            yield Leaf(path, "refined" if refined else "wrong", expected, actual)
    elif isinstance(expected, dict) and isinstance(actual, dict):
        for name in {**expected, **actual}:
            at = f"{path}.{name}"
            if name not in actual or name not in expected:
                yield Leaf(at, "wrong", expected.get(name, "absent"), actual.get(name, "absent"))
            else:
                yield from leaves(at, expected[name], actual[name], refined=refined)
        if not expected and not actual:
            yield Leaf(path, "equal")
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        if refined:  # what is known of an element tells a set where it stands
            actual = _in_order(expected, actual)
        for index, pair in enumerate(zip(expected, actual, strict=True)):
            yield from leaves(f"{path}[{index}]", *pair, refined=refined)
        if not expected:
            yield Leaf(path, "equal")
    elif refined and _may_become(expected, actual):
        yield Leaf(path, "refined", expected, actual)
    elif type(expected) is type(actual) and expected == actual:
        yield Leaf(path, "equal")
    elif MARKER.search(json.dumps(expected, default=str)) and actual is UNKNOWN:
        yield Leaf(path, "unread", expected, actual)
    else:
        yield Leaf(path, "wrong", expected, actual)


def _in_order(expected: list[Json], actual: list[Json]) -> list[Json]:
    """The elements, each at the place of the first that it does not contradict."""
    left, ordered = list(actual), []
    for one in expected:
        fitting = (each for each in left if not _contradicts(one, each))
        found = next(fitting, None)
        if found is None:
            return actual
        left.remove(found)
        ordered.append(found)
    return ordered


def _may_become(expected: Json, actual: Json) -> bool:
    """Whether elements of a set that are not known may all be among these, some the same."""
    if not (isinstance(expected, list) and isinstance(actual, list) and _holds_unknown(expected)):
        return False
    fitting = [[n for n, a in enumerate(actual) if not _contradicts(e, a)] for e in expected]
    return all(fitting) and {n for some in fitting for n in some} == set(range(len(actual)))


def _contradicts(expected: Json, actual: Json) -> bool:
    return any(leaf.kind == "wrong" for leaf in leaves("", expected, actual, refined=True))


def _holds_unknown(value: Json) -> bool:
    if isinstance(value, (list, dict)):
        return any(map(_holds_unknown, value.values() if isinstance(value, dict) else value))
    return value is UNKNOWN


def compare(expected: Json, actual: Json, *, refined: bool) -> Iterator[Leaf]:
    """Compares the outputs and resources of two plans."""
    if not expected["ok"] or not actual["ok"]:
        if expected["ok"] or not refined:  # a check goes on where Terraform stops
            kind = "equal" if expected["ok"] is actual["ok"] else "wrong"
            yield Leaf("the plan", kind, expected["diagnostics"], actual["diagnostics"])
        return
    for member, key in (("outputs", "value"), ("resources", "values")):
        ours, theirs = expected[member], actual[member]
        for address in sorted({**ours, **theirs}):
            path = f"output {address}" if member == "outputs" else address
            if address not in ours or address not in theirs:
                where = "missing" if address in ours else "not expected"
                yield Leaf(path, "wrong", None, where)
                continue
            pair = (masked(each[address][key], each[address]["unknown"]) for each in (ours, theirs))
            yield from leaves(path, *pair, refined=refined)


def _short(value: Json) -> str:
    text = repr(value) if isinstance(value, Unknown) else json.dumps(value, default=str)
    return text if len(text) <= 160 else f"{text[:157]}…"


def _conformance() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "conformance", Path(__file__).with_name("conformance.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main() -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("plan", type=Path)
    parser.add_argument("directory", nargs="?")
    for option in ("--var", "--var-file"):
        parser.add_argument(
            option, dest="given", action="append", default=[], type=f"{option} {{}}".format
        )
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--list", dest="listed", action="append", default=["wrong"], choices=KINDS)
    options = parser.parse_args()
    text = options.plan.read_text("utf-8")
    directory = options.directory or json.loads(text)["directory"]
    expected = loads(text.replace("$DIR", str(Path(directory).resolve())))
    arguments = [directory, *(part for given in options.given for part in given.split(" ", 1))]
    command = _conformance()
    if options.check:
        planned = command.plan(arguments, plan_only=False, read=command.stand_in)
    else:
        with as_terraform():
            planned = command.plan(arguments, read=command.stand_in)
    count: Counter[str] = Counter()
    for leaf in compare(expected, loads(planned), refined=options.check):
        count[leaf.kind] += 1
        if leaf.kind in options.listed:
            print(leaf)
    print(f"{options.plan.stem}:", ", ".join(f"{count[kind]} {kind}" for kind in KINDS))
    return 1 if count["wrong"] else 0


def loads(text: str) -> Json:
    """JSON with exact numbers."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


if __name__ == "__main__":
    sys.setrecursionlimit(100_000)
    threading.stack_size(512 * 1024 * 1024)
    status: list[int] = []
    thread = threading.Thread(target=lambda: status.append(main()))
    thread.start()
    thread.join()
    sys.exit(status[0] if status else 2)
