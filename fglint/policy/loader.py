"""Reads rule files. What is wrong with one is a diagnostic at its place; the others still load.

A check needs no examples, which are most of a rule file's text: unless `examples` are asked for,
only what stands before the first of them is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from fglint.diagnostic import Diagnostic
from fglint.policy import index
from fglint.policy.blocks import read_example, read_rule
from fglint.policy.bundle import installed_rules
from fglint.policy.mistakes import RuleError
from fglint.policy.rule import EXAMPLE_BLOCKS, Example, Rule, RuleSet
from fglint.source import Files, ReadError, SourceFile
from fglint.syntax import parse
from fglint.syntax.nodes import Block, File

STACKS = "stacks"  # the directory of the small deployments that examples build on

_FIRST_EXAMPLE = re.compile(rf'^  (?:{"|".join(EXAMPLE_BLOCKS)})\s+"', re.MULTILINE)


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
        read = read_rule(block, path)
        if isinstance(read, Rule):
            yield read
        else:
            yield from (error.diagnostic() for error in read)
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
    return [read_example(block, rule) for block in example_blocks(rule, files)]


def example_blocks(rule: Rule, files: Files) -> list[Block]:
    """The blocks of a rule's examples; RuleError where the file cannot be parsed with them."""
    file = parse(files.source(rule.path))
    for diagnostic in file.diagnostics:
        if diagnostic.severity == "error" and diagnostic.range is not None:
            raise RuleError(f"{diagnostic.summary}: {diagnostic.detail}", diagnostic.range)
    return [
        nested
        for block in file.body.blocks
        if block.label(1) == rule.name
        for nested in block.body.blocks
        if nested.type in EXAMPLE_BLOCKS
    ]
