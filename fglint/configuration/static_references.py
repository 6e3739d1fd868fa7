"""What Terraform says of a reference to a resource before it evaluates it: `try` does not help.

Only for reproducing a plan: a check finds such a reference in error when it evaluates it, and has
the schema of one version of the provider, while another may be in use.
"""

from __future__ import annotations

from fglint.configuration.module import Declaration
from fglint.evaluation import access
from fglint.evaluation.errors import EvaluationError, StaticError
from fglint.evaluation.references import Reference, chain
from fglint.evaluation.values import Unknown, Value
from fglint.provider.schema import BlockSchema, Mode, resource_schema
from fglint.syntax.nodes import Expression, GetAttr, Index
from fglint.syntax.nodes import Literal as LiteralNode

_UNSUPPORTED = "Unsupported attribute"
_INVALID = "Invalid index"


def refused(reference: Reference, declaration: Declaration) -> StaticError | None:
    """The error of a reference to a declared resource; None where there is none."""
    steps = _static_steps(reference)
    repeated = next((n for n in ("count", "for_each") if declaration.written.get(n)), None)
    if repeated is None and steps and isinstance(steps[0], Index):
        return StaticError(
            "Unexpected resource instance key",
            f'Because {reference} has neither "count" nor "for_each" set, references to it must '
            "not include an index key.",
        )
    if repeated is not None and steps:
        first = steps.pop(0)
        if isinstance(first, GetAttr):
            return StaticError(
                "Missing resource instance key",
                f'Because {reference} has "{repeated}" set, its attributes must be accessed on '
                "specific instances.",
            )
    mode: Mode = "data" if reference.kind == "data" else "managed"
    schema = resource_schema(mode, reference.names[0])
    try:
        if schema is not None:
            _in_block(schema, steps)
    except EvaluationError as error:
        return StaticError(error.summary, error.detail)
    return None


def _static_steps(reference: Reference) -> list[Expression]:
    """The attributes and literal keys that follow the resource, up to anything else."""
    found = chain(reference.node)
    nodes = found[1] if found is not None else []
    steps: list[Expression] = []
    for node in nodes[nodes.index(reference.head) + 1 :] if reference.head in nodes else []:
        literal = isinstance(node, Index) and isinstance(node.key, LiteralNode)
        if not literal and not isinstance(node, GetAttr):
            break
        steps.append(node)
    return steps


def _name(step: Expression) -> str:
    if isinstance(step, GetAttr):
        return step.name
    key = step.key.value if isinstance(step, Index) and isinstance(step.key, LiteralNode) else None
    if not isinstance(key, str):
        raise EvaluationError(_INVALID, "An object has attributes, which are given by name.")
    return key


def _in_block(schema: BlockSchema, steps: list[Expression]) -> None:
    if not steps:
        return
    name, rest = _name(steps[0]), steps[1:]
    attribute = schema.attributes.get(name)
    if attribute is not None:
        value: Value = Unknown(attribute.type)
        for step in rest:
            value = _step(value, step)
        return
    nested = schema.blocks.get(name)
    if nested is None:
        raise EvaluationError(
            _UNSUPPORTED,
            f'This object has no argument, nested block, or exported attribute named "{name}".',
        )
    if nested.nesting in ("single", "group"):
        _in_block(nested.block, rest)
    elif rest and nested.nesting == "set":
        raise EvaluationError("Cannot index a set value", f'Block type "{name}" makes a set.')
    elif rest and not isinstance(rest[0], Index):
        raise EvaluationError(
            "Invalid operation", f'Block type "{name}" makes a list, which takes an index first.'
        )
    else:
        _in_block(nested.block, rest[1:])


def _step(value: Value, step: Expression) -> Value:
    if isinstance(step, GetAttr):
        return access.get_attr(value, step.name)
    assert isinstance(step, Index)
    assert isinstance(step.key, LiteralNode)
    key = step.key.value
    return access.index(value, key if isinstance(key, (str, int)) else Unknown())
