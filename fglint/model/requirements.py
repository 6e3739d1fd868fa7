"""Which versions of Terraform, providers and modules a configuration asks for.

Source: Terraform's documentation, "Version Constraints" and "Dependency Lock File".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from fglint.configuration.loader import Configuration
from fglint.configuration.module import Module
from fglint.records import dataclass
from fglint.syntax.nodes import Block, Expression, Literal, ObjectCons

LOCK_FILE = ".terraform.lock.hcl"
_LOCKED = re.compile(r'provider\s+"[^"]*/hashicorp/aws"\s*\{[^}]*?\bversion\s*=\s*"(\d+)\.')
_PART = re.compile(r"^\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+)((?:\.\d+)*)\s*(?:-[\w.]+)?\s*$")


@dataclass(frozen=True, slots=True)
class Majors:
    """The major versions that are permitted, from `least` to `most`; None is no bound."""

    least: int = 0
    most: int | None = None

    def within(self, other: Majors) -> Majors:
        """Those that both permit."""
        bounds = [each for each in (self.most, other.most) if each is not None]
        return Majors(max(self.least, other.least), min(bounds) if bounds else None)


def majors(constraint: str) -> Majors:
    """The major versions that a constraint permits; all where a part of it cannot be read."""
    found = Majors()
    for part in constraint.split(","):
        match = _PART.match(part)
        if match is not None:
            found = found.within(_majors(match[1] or "=", int(match[2]), match[3]))
    return found


def _majors(operator: str, major: int, rest: str) -> Majors:
    match operator:
        case "=":
            return Majors(major, major)
        case ">=" | ">":
            return Majors(major)
        case "<=":
            return Majors(0, major)
        case "<":
            return Majors(0, major if rest.strip(".0") else major - 1)
        case "~>" if rest:
            return Majors(major, major)
        case "~>":
            return Majors(major)  # the last number given may grow
        case _:
            return Majors()


def aws_majors(configuration: Configuration) -> Majors:
    """The major versions of hashicorp/aws that the lock file or all modules permit."""
    locked = _locked(configuration)
    if locked is not None:
        return Majors(locked, locked)
    found = Majors()
    for module in configuration.session.modules:
        for constraint in aws_constraints(module):
            found = found.within(majors(constraint))
    return found


def _locked(configuration: Configuration) -> int | None:
    files = configuration.session.files
    path = Path(configuration.directory) / LOCK_FILE
    if not files.exists(path):
        return None
    found = _LOCKED.search(files.source(path).text)
    return None if found is None else int(found[1])


def terraform_blocks(module: Module) -> Iterator[Block]:
    """The `terraform` blocks of a module."""
    for file in module.files:
        yield from file.body.blocks_of("terraform")


def aws_constraints(module: Module) -> Iterator[str]:
    """The constraints that a module has for the version of hashicorp/aws."""
    for block in terraform_blocks(module):
        for required in block.body.blocks_of("required_providers"):
            for name, attribute in required.body.attributes.items():
                found = _constraint(name, attribute.expression)
                if found:
                    yield found
    for provider in module.providers.values():
        placed = provider.written.get("version")
        if placed is not None and provider.block.label(0) == "aws":
            yield _text(placed.node)


def _constraint(name: str, node: Expression) -> str:
    """The constraint of one required provider, where that is hashicorp/aws."""
    if isinstance(node, Literal):
        return _text(node) if name == "aws" else ""
    if not isinstance(node, ObjectCons):
        return ""
    entries = {_key(item.key): _text(item.value) for item in node.items}
    source = entries.get("source", "")
    is_aws = source.endswith("hashicorp/aws") if source else name == "aws"
    return entries.get("version", "") if is_aws else ""


def _key(node: Expression) -> str:
    return str(getattr(node, "name", "") or getattr(node, "value", ""))


def _text(node: Expression) -> str:
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else ""
