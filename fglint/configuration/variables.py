"""Input variables: their declared types and where their values come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fglint.configuration.designation import designated
from fglint.configuration.module import Declaration, Placed
from fglint.configuration.stand_ins import major_version
from fglint.configuration.type_constraints import Constraint, constraint_of
from fglint.configuration.wrapped import unwrapped
from fglint.diagnostic import Diagnostic
from fglint.evaluation.convert import convert
from fglint.evaluation.defaults import with_defaults
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import is_null, marks_deep
from fglint.evaluation.marks import EPHEMERAL, SENSITIVE, Mark, SecretOrigin
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import DYNAMIC, STRING
from fglint.evaluation.values import Unknown, Value, mark, plain, unmark
from fglint.provider import secrets
from fglint.source import Range, ReadError, SourceFile
from fglint.syntax import parse_expression
from fglint.syntax.nodes import Literal

if TYPE_CHECKING:
    from fglint.configuration.scopes import ModuleInstance
    from fglint.configuration.session import Session


class Given(NamedTuple):
    """A value from outside: an expression, or raw text of the command line or environment."""

    placed: Placed
    raw: str | None = None


def prepare(root: ModuleInstance) -> None:
    """Collects the values given to the root module, the last to win."""
    session = root.session
    declared = root.written.variables
    for name, given in _all_given(root):
        if name in declared:
            session.given[name] = given
        elif given.raw is None:
            session.report(
                Diagnostic(
                    "warning",
                    "Value for undeclared variable",
                    f'The root module declares no variable named "{name}".',
                    given.placed.range,
                )
            )
        elif given.placed.source.path != _ENVIRONMENT:
            session.error(
                "Value for undeclared variable",
                f'A variable named "{name}" was given with --var, but the root module declares '
                "none of that name.",
                None,
            )


_ENVIRONMENT = "TF_VAR"


def _all_given(root: ModuleInstance) -> Iterator[tuple[str, Given]]:
    session = root.session
    for key, text in sorted((session.options.environment or {}).items()):
        if key.startswith("TF_VAR_"):
            yield key.removeprefix("TF_VAR_"), _raw(_ENVIRONMENT, text)
    names = session.files.names(root.written.directory)
    automatic: list[str] = ["terraform.tfvars", "terraform.tfvars.json"]
    automatic = [name for name in automatic if name in names]
    automatic += [n for n in names if n.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    for name in automatic:
        yield from _file(session, root.written.directory / name)
    for kind, text in session.options.variables:
        if kind == "file":
            yield from _file(session, Path(text))
            continue
        name, equals, value = text.partition("=")
        if not equals:
            session.error("Invalid --var", f'"{text}" is not of the form NAME=VALUE.', None)
            continue
        yield name.strip(), _raw("--var", value)


def _raw(path: str, text: str) -> Given:
    source = SourceFile(path, text)
    return Given(Placed(Literal(0, len(text), text), source), text)


def _file(session: Session, path: Path) -> Iterator[tuple[str, Given]]:
    try:
        file = session.reader.file(path)
    except ReadError as error:
        shown = session.files.display(path)
        session.error("Unreadable variables file", f"{shown} cannot be read: {error}.", None)
        return
    for diagnostic in file.diagnostics:
        session.report(diagnostic)
    for block in file.body.blocks:
        session.error(
            "Unexpected block",
            "A variables file holds assignments only, NAME = VALUE.",
            block.header(),
        )
    for name, attribute in file.body.attributes.items():
        yield name, Given(Placed(attribute.expression, file.source))


# ---- values -----------------------------------------------------------------------------------


def value(module: ModuleInstance, name: str, declaration: Declaration) -> Value:
    """The value of an input variable, converted, defaulted and marked.

    A required variable of the root module without a value is unknown.
    """
    session = module.session
    constraint = constraint_of(session, declaration)
    found, placed = _given(module, name, constraint)
    at = None if placed is None else placed.range
    default = declaration.written.get("default")
    from_default = found is None
    if found is None and default is not None:
        found, at = session.attempt(default, module), default.range
    if found is None:
        result: Value = _without_value(module, name, declaration, constraint)
    else:
        nullable = not _is_false(declaration.written.get("nullable"))
        if is_null(found) and not nullable and default is not None and not from_default:
            found, at = session.attempt(default, module), default.range
            from_default = True
        written = None if from_default else placed
        result = _converted(session, name, found, constraint, at, written)
        if is_null(result) and not nullable:
            session.error(
                "Required variable not set",
                f'The variable "{name}" must not be null.',
                at,
            )
        if EPHEMERAL in marks_deep(result) and not _is_true(declaration.written.get("ephemeral")):
            session.error(
                "Ephemeral value not allowed",
                f'The variable "{name}" does not take ephemeral values: add ephemeral = true.',
                at,
            )
        bare = plain(result)
        if not nullable and isinstance(bare, Unknown) and not bare.not_null:
            result = _not_null(result)
    return mark(result, _marks(module, name, declaration, constraint, result))


def _given(
    module: ModuleInstance, name: str, constraint: Constraint
) -> tuple[Value | None, Placed | None]:
    session = module.session
    if module.call is not None:
        if name == "version" and module.call.is_stand_in:
            return _version(module), None
        placed = module.call.declaration.written.get(name)
        if placed is None:
            return None, None
        assert module.arguments is not None
        return session.attempt(placed, module.arguments), placed
    given = session.given.get(name)
    if given is None:
        return None, None
    placed = given.placed
    if given.raw is not None and constraint.is_text:
        return given.raw, None
    if given.raw is not None:
        node, diagnostics = parse_expression(placed.source)
        for diagnostic in diagnostics:
            session.report(diagnostic)
        placed = Placed(node, placed.source)
    return session.attempt(placed, nothing(session)), placed


def _version(module: ModuleInstance) -> Value | None:
    """The major version that the call of a stand-in asks for; None where it may be one of several.

    A stand-in that calls another one passes its own on.
    """
    assert module.call is not None
    written = module.call.declaration.written
    placed, source = written.get("version"), written.get("source")
    constraint = None
    if placed is not None and module.arguments is not None:
        value = plain(module.session.attempt(placed, module.arguments))
        if not isinstance(value, str):
            return None if is_null(value) or isinstance(value, Unknown) else value
        constraint = value
    return major_version(constraint, "" if source is None else source.range.text.strip('"'))


def nothing(session: Session) -> ModuleInstance:
    """The scope of values from outside: they may not refer to anything."""
    from fglint.configuration.module import Module
    from fglint.configuration.scopes import ModuleInstance

    return ModuleInstance(session, Module(session.root, "."))


def _without_value(
    module: ModuleInstance, name: str, declaration: Declaration, constraint: Constraint
) -> Value:
    not_null = _is_false(declaration.written.get("nullable"))
    stands_in = module.stands_in
    if stands_in is not None:
        origin = Origin("module", stands_in.address, f".{name}", because=stands_in.because)
        return Unknown.of(origin, constraint.type)
    if module.call is None:
        module.session.unset_variables.append(name)
        how = " or ".join(_files_that_set(module.session, name)) or "--var or --var-file"
        because = f"var.{name} has no value; give one with {how}"
        address = f"var.{name}"
    else:
        because = f"{module.address} is not given its argument {name}"
        address = f"{module.address}.var.{name}"
    origin = Origin("variable", address, because=because, range=declaration.header)
    return Unknown.of(origin, constraint.type, not_null=not_null)


def _files_that_set(session: Session, name: str) -> Iterator[str]:
    """The options that give a variable of the root its value by a file beside it, at most two."""
    sets = re.compile(rf"(?m)^[ \t]*{re.escape(name)}[ \t]*=".encode())
    names = [each for each in session.files.names(session.root) if each.endswith(".tfvars")]
    found = [session.root / each for each in names if _holds(session, session.root / each, sets)]
    return (f"--var-file {session.files.display(path)}" for path in found[:2])


def _holds(session: Session, path: Path, wanted: re.Pattern[bytes]) -> bool:
    try:
        return wanted.search(session.files.bytes(path)) is not None
    except ReadError:
        return False


def _converted(
    session: Session,
    name: str,
    found: Value,
    constraint: Constraint,
    at: Range | None,
    written: Placed | None,
) -> Value:
    try:
        if constraint.defaults is not None:
            found = with_defaults(found, constraint.type, constraint.defaults)
        return convert(found, constraint.type)
    except EvaluationError as error:
        flat = None
        if written is not None:
            flat = unwrapped(session, found, constraint.type, written)
        if flat is not None:
            return flat
        what = "Invalid default value for variable"
        if written is not None or at is None:
            what = "Invalid value for input variable"
        session.error(
            what,
            f'The value of variable "{name}" does not fit its type {constraint.type}: '
            f"{error.detail or error.summary}.",
            at,
        )
        because = f"the value of var.{name} does not fit its type"
        return Unknown(constraint.type, (Origin("error", f"var.{name}", because=because),))


def _not_null(value: Value) -> Value:
    bare, marks = unmark(value)
    assert isinstance(bare, Unknown)
    return mark(replace(bare, not_null=True), marks)


def _marks(
    module: ModuleInstance,
    name: str,
    declaration: Declaration,
    constraint: Constraint,
    result: Value,
) -> frozenset[Mark]:
    marks: set[Mark] = set()
    if _is_true(declaration.written.get("ephemeral")):
        marks.add(EPHEMERAL)
    if is_null(result):
        return frozenset(marks)
    address = f"{module.address}.var.{name}" if module.address else f"var.{name}"
    flagged = declaration.written.get("sensitive")
    if flagged is not None and not _is_false(flagged):
        marks |= {SENSITIVE, SecretOrigin(address, "sensitive variable", range=declaration.header)}
    elif constraint.type in (STRING, DYNAMIC) and secrets.secret_name(name):
        bare = plain(result)
        is_text = isinstance(bare, (str, Unknown))
        if is_text and name not in designated(module.session, module.written):
            marks.add(SecretOrigin(address, "secret name", range=declaration.header))
    return frozenset(marks)


def _is_true(placed: Placed | None) -> bool:
    node = None if placed is None else placed.unquoted()
    return isinstance(node, Literal) and node.value is True


def _is_false(placed: Placed | None) -> bool:
    if placed is None:
        return False
    node = placed.unquoted()
    return isinstance(node, Literal) and node.value is False
