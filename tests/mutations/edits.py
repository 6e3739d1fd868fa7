"""Edits of a stack, each of one thing: a block less, an argument else, a block more."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Files = dict[str, str]  # the texts of a stack, by file name
Edit = Callable[[Files], None]
BOTH = ("nat", "endpoints")


@dataclass(frozen=True)
class Mutation:
    """A stack with one thing wrong, and the rules that say so."""

    name: str
    rules: frozenset[str]
    edits: tuple[Edit, ...]
    stacks: tuple[str, ...] = BOTH


def mutation(name: str, rules: str, *edits: Edit, stacks: tuple[str, ...] = BOTH) -> Mutation:
    """A mutation of one or more stacks; `rules` are names with spaces between them."""
    return Mutation(name, frozenset(rules.split()), edits, stacks)


def in_nat(name: str, rules: str, *edits: Edit) -> Mutation:
    """A mutation of the stack with NAT alone."""
    return mutation(name, rules, *edits, stacks=("nat",))


def in_endpoints(name: str, rules: str, *edits: Edit) -> Mutation:
    """A mutation of the stack with endpoints alone."""
    return mutation(name, rules, *edits, stacks=("endpoints",))


def drop(address: str) -> Edit:
    """Takes a block away, and what waits for it by depends_on."""

    def edit(files: Files) -> None:
        file, block = _block(files, address)
        files[file] = files[file].replace(block, "")
        unwait(address, required=False)(files)

    return edit


def unwait(address: str, *, required: bool = True) -> Edit:
    """Takes an address out of the lists of depends_on."""

    def edit(files: Files) -> None:
        line = re.compile(rf"^ +{re.escape(address)},\n", re.MULTILINE)
        counts = 0
        for name, text in files.items():
            files[name], count = line.subn("", text)
            counts += count
        assert counts or not required, f"nothing waits for {address}"

    return edit


def wait(address: str) -> Edit:
    """Lets the service wait for an address by depends_on."""
    start = "  depends_on = [\n"
    return put("aws_ecs_service.app", start, f"{start}    {address},\n")


def put(address: str, old: str, new: str = "") -> Edit:
    """Replaces a text that stands once in a block."""

    def edit(files: Files) -> None:
        file, block = _block(files, address)
        assert 1 == block.count(old), f"{old!r} stands {block.count(old)} times in {address}"
        files[file] = files[file].replace(block, block.replace(old, new))

    return edit


def without(address: str, argument: str) -> Edit:
    """Takes an argument of one line, or a nested block, out of a block."""

    def edit(files: Files) -> None:
        file, block = _block(files, address)
        line = rf"^ +{argument} += .*\n"
        nested = rf"^( +){argument} \{{\n(?:.*\n)*?\1\}}\n"
        changed, count = re.subn(f"{line}|{nested}", "", block, flags=re.MULTILINE)
        assert 1 == count, f"{argument} stands {count} times in {address}"
        files[file] = files[file].replace(block, changed)

    return edit


def within(address: str, argument: str, value: str) -> Edit:
    """Gives an argument, which need not be there, another value."""

    def edit(files: Files) -> None:
        file, block = _block(files, address)
        changed, count = re.subn(
            rf"^( +{argument} += ).*\n", rf"\g<1>{value}\n", block, flags=re.MULTILINE
        )
        if count == 0:
            header, rest = block.split("\n", 1)
            changed = f"{header}\n  {argument} = {value}\n{rest}"
        assert count <= 1, f"{argument} stands {count} times in {address}"
        files[file] = files[file].replace(block, changed)

    return edit


def add(text: str) -> Edit:
    """Adds blocks."""

    def edit(files: Files) -> None:
        files["outputs.tf"] += f"\n{text}\n"

    return edit


def _block(files: Files, address: str) -> tuple[str, str]:
    """The file and the text of a block: `aws_lb.main`, `data.aws_vpc.main`, `variable.name`."""
    kind, *labels = address.split(".")
    if kind == "locals":  # a block of locals by one of its names
        pattern = re.compile(rf"^locals \{{\n  {labels[0]} = (?:.*\n)*?\}}\n", re.MULTILINE)
        return _only(files, pattern, address)
    if kind not in ("data", "variable"):
        kind, labels = "resource", [kind, *labels]
    quoted = "".join(f' "{label}"' for label in labels)
    pattern = re.compile(rf"^{kind}{re.escape(quoted)} \{{\n(?:.*\n)*?\}}\n", re.MULTILINE)
    return _only(files, pattern, address)


def _only(files: Files, pattern: re.Pattern[str], address: str) -> tuple[str, str]:
    found = [(name, match[0]) for name, text in files.items() for match in pattern.finditer(text)]
    assert 1 == len(found), f"{address} stands {len(found)} times"
    return found[0]
