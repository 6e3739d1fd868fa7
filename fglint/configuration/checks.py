"""What Terraform checks beside values: names, validations, conditions, sensitive outputs."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.configuration.expansion import RepeatScope
from fglint.configuration.module import Declaration, Module, Placed, Written
from fglint.configuration.resources import ResourceNode
from fglint.configuration.scopes import ModuleInstance, flag, undeclared
from fglint.configuration.session import Session
from fglint.configuration.static_references import refused
from fglint.configuration.walk import Found, references_in, references_of
from fglint.diagnostic import Diagnostic
from fglint.evaluation.convert import convert
from fglint.evaluation.errors import EvaluationError, StaticError
from fglint.evaluation.inspection import marks_deep
from fglint.evaluation.marks import EPHEMERAL, SENSITIVE
from fglint.evaluation.references import chain
from fglint.evaluation.scope import Scope
from fglint.evaluation.types import BOOL
from fglint.evaluation.values import Unknown, plain
from fglint.source import Range
from fglint.syntax.nodes import Block, GetAttr

# ---- names ------------------------------------------------------------------------------------


def check_references(root: ModuleInstance) -> None:
    """Reports references to what is not declared, whether or not they are evaluated."""
    session = root.session
    for module in session.modules:
        for found in _references(module):
            error = _undeclared(module, found, session)
            if error is not None:
                head = found.reference.head
                quoted = found.ordering and found.placed.unquoted() is not found.placed.node
                at = found.placed.range if quoted else _range(found, head.start, head.end)
                session.failed(error, at)


def _range(found: Found, start: int, end: int) -> Range:
    return found.placed.source.range(start, end)


def _references(module: Module) -> Iterator[Found]:
    for group in (module.variables, module.outputs, module.resources, module.calls):
        for declaration in group.values():
            yield from references_of(declaration)
    for placed in module.locals.values():
        yield from references_in(placed)


def _undeclared(module: Module, found: Found, session: Session) -> StaticError | None:
    reference = found.reference
    names = reference.names
    match reference.kind:
        case "var" if names[0] not in module.variables:
            return undeclared("input variable", str(reference), _named("var", module.variables))
        case "local" if names[0] not in module.locals:
            return undeclared("local value", str(reference), _named("local", module.locals))
        case "module" if names[0] not in module.calls:
            return undeclared("module", str(reference), _named("module", module.calls))
        case "managed" | "data":
            declaration = module.resources.get((reference.kind, names[0], names[1]))
            if declaration is not None and session.options.plan_only and not found.ordering:
                return refused(reference, declaration)
            if declaration is not None:
                return _without_key(found, declaration)
            if reference.kind == "managed" and names[0] == "ephemeral":
                return None
            known = [each.address for each in module.resources.values()]
            return undeclared("resource", str(reference), known)
        case _:
            return None


def _without_key(found: Found, declaration: Declaration) -> StaticError | None:
    """The error of an attribute of a resource that has for_each: one of its instances has it."""
    if found.ordering or declaration.written.get("for_each") is None:
        return None
    reference = found.reference
    nodes = chain(reference.node)
    for node in nodes[1] if nodes else ():
        if isinstance(node, GetAttr) and node.object is reference.head:
            return StaticError(
                "Missing resource instance key",
                f'Because {reference} has "for_each" set, its attributes must be accessed on '
                f"specific instances: {reference}[each.key].{node.name}.",
            )
    return None


def check_expression(module: ModuleInstance, placed: Placed) -> None:
    """Raises the error of a reference to what the module does not declare."""
    for found in references_in(placed):
        error = _undeclared(module.written, found, module.session)
        if error is not None:
            raise error


def _named(kind: str, declared: dict[str, Declaration] | dict[str, Placed]) -> list[str]:
    return [f"{kind}.{name}" for name in declared]


# ---- conditions -------------------------------------------------------------------------------


def validate_variable(module: ModuleInstance, name: str, declaration: Declaration) -> None:
    """Reports validations that are known to fail."""
    for block in declaration.written.blocks_of("validation"):
        _check(module.session, block, module, "Invalid value for variable")


def check_conditions(module: ModuleInstance, node: ResourceNode) -> None:
    """Reports pre- and postconditions that are known to fail."""
    for lifecycle in node.declaration.written.blocks_of("lifecycle"):
        written = Written((lifecycle.body,))
        for kind in ("precondition", "postcondition"):
            for block in written.blocks_of(kind):
                for instance, one in zip(node.instances, node.expansion.repetitions, strict=True):
                    if instance.maybe:
                        continue
                    itself = instance.values if kind == "postcondition" else None
                    scope = RepeatScope(module, one, node.expansion.keyed, itself=itself)
                    _check(module.session, block, scope, f"Resource {kind} failed")


def check_output(module: ModuleInstance, name: str, declaration: Declaration) -> None:
    """Reports an output of the root that shows a sensitive value, and preconditions that fail."""
    for block in declaration.written.blocks_of("precondition"):
        _check(module.session, block, module, "Module output value precondition failed")
    placed = declaration.written.get("value")
    if placed is None:
        return
    marks = marks_deep(module.output(name))
    if EPHEMERAL in marks and not (module.call is not None and flag(declaration, "ephemeral")):
        module.session.error(
            "Ephemeral value not allowed",
            f'The value of output "{name}" is ephemeral: it cannot be kept in the state.',
            placed.range,
        )
    if module.call is not None or flag(declaration, "sensitive"):
        return
    if SENSITIVE in marks:
        module.session.error(
            "Output refers to sensitive values",
            f'The value of output "{name}" is sensitive: add sensitive = true.',
            placed.range,
        )


def _check(session: Session, block: Block, scope: Scope, summary: str) -> None:
    written = Written((block.body,))
    condition = written.get("condition")
    if condition is None:
        session.error("Missing required argument", 'A "condition" is required.', block.header())
        return
    try:
        holds = plain(convert(session.evaluate(condition, scope), BOOL))
    except EvaluationError as error:
        session.failed(error, condition.range)
        return
    if holds is True or isinstance(holds, Unknown):
        return
    session.report(Diagnostic("error", summary, _message(session, written, scope), condition.range))


def _message(session: Session, written: Written, scope: Scope) -> str:
    placed = written.get("error_message")
    if placed is None:
        return "The condition is false."
    try:
        text = session.evaluate(placed, scope)
    except EvaluationError:
        return "The condition is false."
    # A marked text is not a plain str: it may hold a secret.
    return text if isinstance(text, str) else "The condition is false."
