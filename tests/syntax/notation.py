"""Trees in one line, for tables of expected trees: (operator operand …)."""

from __future__ import annotations

import json

from fglint.source import SourceFile
from fglint.syntax import parse, parse_expression
from fglint.syntax.nodes import (
    Binary,
    Body,
    Call,
    Conditional,
    Expression,
    File,
    For,
    GetAttr,
    Index,
    Invalid,
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


def read(text: str) -> Expression:
    """The expression that a text without errors is."""
    node, diagnostics = parse_expression(SourceFile("main.tf", text))
    assert [] == diagnostics
    return node


def read_file(text: str, path: str = "main.tf") -> File:
    """The file that a text without errors is."""
    file = parse(SourceFile(path, text))
    assert () == file.diagnostics
    return file


def notation(node: Expression) -> str:
    """The tree of an expression in one line."""
    match node:
        case Literal(value=str() as value):
            return json.dumps(value, ensure_ascii=False)
        case Literal(value=None | bool() as value):
            return json.dumps(value)
        case Literal(value=value):
            return str(value)
        case Variable(name=name):
            return name
        case SplatItem():
            return "@"
        case Invalid():
            return "?"
        case GetAttr(object=inner, name=name):
            return f"(. {notation(inner)} {name})"
        case Index(collection=collection, key=key, legacy=legacy):
            return f"({'.' if legacy else ''}[] {notation(collection)} {notation(key)})"
        case Splat(source=source, body=body, full=full):
            return f"({'[*]' if full else '.*'} {notation(source)} {notation(body)})"
        case Call(name=name, arguments=arguments, expand=expand):
            return _listed(f"call {name}", arguments, "..." if expand else "")
        case Unary(operator=operator, operand=operand):
            return f"({operator} {notation(operand)})"
        case Binary(operator=operator, left=left, right=right):
            return f"({operator} {notation(left)} {notation(right)})"
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            return f"(? {notation(condition)} {notation(then)} {notation(otherwise)})"
        case For():
            return _for(node)
        case TupleCons(items=items):
            return _listed("tuple", items)
        case ObjectCons(items=items):
            members = [f" ({notation(item.key)} {notation(item.value)})" for item in items]
            return f"(object{''.join(members)})"
        case Parentheses(expression=inner):
            return f"(() {notation(inner)})"
        case Template(parts=parts, heredoc=heredoc):
            return _listed("heredoc" if heredoc else "template", parts)
        case TemplateIf(condition=condition, then=then, otherwise=otherwise):
            return f"(if {notation(condition)} {notation(then)} {notation(otherwise)})"
        case TemplateFor():
            names = ",".join(filter(None, (node.key_name, node.value_name)))
            return f"(each {names} {notation(node.collection)} {notation(node.body)})"
        case _:
            raise AssertionError(type(node))


def _listed(head: str, items: tuple[Expression, ...], tail: str = "") -> str:
    return f"({' '.join([head, *map(notation, items)])}{tail})"


def _for(node: For) -> str:
    names = ",".join(filter(None, (node.key_name, node.value_name)))
    value = notation(node.value) + ("..." if node.group else "")
    if node.key is not None:
        value = f"{notation(node.key)}=>{value}"
    condition = f" {notation(node.condition)}" if node.condition is not None else ""
    return f"(for {names} {notation(node.collection)} {value}{condition})"


def outline(body: Body) -> list[str]:
    """The items of a body, a line each, nested ones indented."""
    items: list[tuple[int, list[str]]] = [
        (each.start, [f"{each.name} = {notation(each.expression)}"])
        for each in body.attributes.values()
    ]
    for block in body.blocks:
        header = " ".join(
            [block.type, *(json.dumps(label.value, ensure_ascii=False) for label in block.labels)]
        )
        items.append((block.start, [header, *(f"  {line}" for line in outline(block.body))]))
    return [line for _, lines in sorted(items) for line in lines]
