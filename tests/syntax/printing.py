"""Writes a tree as text that reads as the same tree."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from fglint.syntax.nodes import (
    Binary,
    Body,
    Call,
    Conditional,
    Expression,
    For,
    GetAttr,
    Index,
    Literal,
    ObjectCons,
    Parentheses,
    Splat,
    SplatItem,
    Template,
    TemplateFor,
    TemplateIf,
    TupleCons,
    Unary,
    Variable,
)

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def printed(node: Expression) -> str:
    """The text of an expression."""
    match node:
        case Literal(value=str() as value):
            return f'"{_quoted(value)}"'
        case Literal(value=Fraction() as value):
            return format(Decimal(value.numerator) / Decimal(value.denominator), "f")
        case Literal(value=int() as value) if not isinstance(value, bool):
            return str(value)
        case Literal(value=value):
            return {True: "true", False: "false", None: "null"}[value]  # type: ignore[index]
        case Variable(name=name):
            return name
        case SplatItem():
            return ""
        case GetAttr(object=inner, name=name):
            return f"{printed(inner)}.{name}"
        case Index(collection=collection, key=key, legacy=True):
            return f"{printed(collection)}.{printed(key)}"
        case Index(collection=collection, key=key):
            return f"{printed(collection)}[{printed(key)}]"
        case Splat(source=source, body=body, full=full):
            return f"{printed(source)}{'[*]' if full else '.*'}{printed(body)}"
        case Call(name=name, arguments=arguments, expand=expand):
            return f"{name}({', '.join(map(printed, arguments))}{'...' if expand else ''})"
        case Unary(operator=operator, operand=operand):
            return f"{operator} {printed(operand)}"
        case Binary(operator=operator, left=left, right=right):
            return f"{printed(left)} {operator} {printed(right)}"
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            return f"{printed(condition)} ? {printed(then)} : {printed(otherwise)}"
        case For():
            return _for(node)
        case TupleCons(items=items):
            return f"[{', '.join(map(printed, items))}]"
        case ObjectCons(items=items):
            members = [f"{_key(item.key)} = {printed(item.value)}" for item in items]
            return "{" + ", ".join(members) + "}"
        case Parentheses(expression=inner):
            return f"({printed(inner)})"
        case Template(parts=parts):
            return f'"{_parts(parts)}"'
        case _:
            raise AssertionError(type(node))


def printed_body(body: Body, indentation: str = "") -> str:
    """The text of a body."""
    lines = [
        f"{indentation}{each.name} = {printed(each.expression)}\n"
        for each in body.attributes.values()
    ]
    for block in body.blocks:
        header = " ".join([block.type, *(f'"{_quoted(each.value)}"' for each in block.labels)])
        inner = printed_body(block.body, indentation + "  ")
        lines.append(f"{indentation}{header} {{\n{inner}{indentation}}}\n")
    return "".join(lines)


def _key(node: Expression) -> str:
    return printed(node)


def _for(node: For) -> str:
    names = ", ".join(filter(None, (node.key_name, node.value_name)))
    condition = f" if {printed(node.condition)}" if node.condition is not None else ""
    head = f"for {names} in {printed(node.collection)} :"
    if node.key is None:
        return f"[{head} {printed(node.value)}{condition}]"
    value = f"{printed(node.key)} => {printed(node.value)}{'...' if node.group else ''}"
    return f"{{{head} {value}{condition}}}"


def _parts(parts: tuple[Expression, ...]) -> str:
    return "".join(_part(part) for part in parts)


def _part(part: Expression) -> str:
    match part:
        case Literal(value=str() as value):
            return _quoted(value)
        case TemplateIf(condition=condition, then=then, otherwise=otherwise):
            second = f"%{{ else }}{_parts(otherwise.parts)}" if otherwise.parts else ""
            return f"%{{ if {printed(condition)} }}{_parts(then.parts)}{second}%{{ endif }}"
        case TemplateFor():
            names = ", ".join(filter(None, (part.key_name, part.value_name)))
            head = f"%{{ for {names} in {printed(part.collection)} }}"
            return f"{head}{_parts(part.body.parts)}%{{ endfor }}"
        case _:
            return f"${{{printed(part)}}}"


def _quoted(value: str) -> str:
    text = "".join(_ESCAPES.get(character, character) for character in value)
    return text.replace("${", "$${").replace("%{", "%%{")
