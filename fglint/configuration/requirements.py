"""Which versions of Terraform, providers and modules a configuration asks for.

Source: Terraform's documentation, "Version Constraints" and "Dependency Lock File".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from fglint.configuration.module import Module
from fglint.configuration.session import Session
from fglint.diagnostic import Diagnostic
from fglint.records import dataclass
from fglint.syntax.nodes import Block, Expression, Literal, ObjectCons

SCHEMA_MAJOR = 6  # of hashicorp/aws, whose schema fglint has
_UNSUPPORTED = ("Unsupported argument", "Unsupported block type")
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


def aws_majors(session: Session, directory: Path) -> Majors:
    """The major versions of hashicorp/aws that the lock file or all modules permit."""
    locked = _locked(session, directory)
    if locked is not None:
        return Majors(locked, locked)
    found = Majors()
    for module in session.modules:
        for constraint in aws_constraints(module):
            found = found.within(majors(constraint))
    return found


def _locked(session: Session, directory: Path) -> int | None:
    files = session.files
    path = directory / LOCK_FILE
    if not files.exists(path):
        return None
    found = _LOCKED.search(files.source(path).text)
    return None if found is None else int(found[1])


def of_other_version(session: Session, directory: Path) -> list[Diagnostic]:
    """The diagnostics, those about hashicorp/aws as remarks where an older one is asked for.

    What version 6 does not have, which is the schema here, an older one may have.
    """
    found = list(session.diagnostics.values())
    if not any(map(_is_unsupported, found)):
        return found
    most = aws_majors(session, directory).most
    if most is None or most >= SCHEMA_MAJOR:
        return found
    return [_remark(each, most) if _is_unsupported(each) else each for each in found]


def _is_unsupported(diagnostic: Diagnostic) -> bool:
    about_aws = diagnostic.detail.startswith(("aws_", "data.aws_"))
    return about_aws and diagnostic.severity == "warning" and diagnostic.summary in _UNSUPPORTED


def _remark(diagnostic: Diagnostic, most: int) -> Diagnostic:
    said, _, meant = diagnostic.detail.partition(" Did you mean ")
    near = f"; {meant.rstrip('?')} is near" if meant else ""
    detail = (
        f"{said.rstrip('.')} in version {SCHEMA_MAJOR} of hashicorp/aws, by which fglint reads "
        f"it{near}. The configuration asks for version {most}, which may have it."
    )
    return replace(diagnostic, severity="info", detail=detail)


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
