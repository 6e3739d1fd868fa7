"""JSON syntax: .tf.json and .tfvars.json files as the same trees.

Which members are blocks is known for the top level; below it, the schema decides, and `blocks`
reads a member as the blocks that it stands for.
"""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import normalize

from fglint.source import SourceFile
from fglint.syntax.depth import check_depth
from fglint.syntax.json_values import Reader, decoded
from fglint.syntax.nodes import (
    Attribute,
    Block,
    Body,
    Expression,
    File,
    Label,
    Literal,
    ObjectCons,
    ObjectItem,
    TupleCons,
)
from fglint.syntax.trouble import Trouble, at_most

LABELS = {
    "terraform": 0,
    "locals": 0,
    "moved": 0,
    "import": 0,
    "removed": 0,
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "check": 1,
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
}


def parse_json(source: SourceFile) -> File:
    """The tree of a .tf.json file: its top-level members are blocks."""
    reader = Reader(source)
    items = _top(reader)
    body = _body(source, items, 0, len(source.text))
    found: list[Block] = []
    for item in items:
        name = _name(source, item.key)
        if name in LABELS:
            found.extend(_blocks(source, name, item.key, item.value, LABELS[name]))
            body.attributes.pop(name, None)
    body.blocks = tuple(found)
    return File(source, body, (), at_most(reader.diagnostics))


def parse_json_values(source: SourceFile) -> File:
    """The tree of a .tfvars.json file: members are arguments, strings are no templates."""
    reader = Reader(source, literal=True)
    body = _body(source, _top(reader), 0, len(source.text))
    return File(source, body, (), at_most(reader.diagnostics))


def _top(reader: Reader) -> list[ObjectItem]:
    """The members of the object, or of the array of objects, that the file is."""
    items: list[ObjectItem] = []
    try:
        reader.advance()
        if reader.kind == "[":
            array = reader.value()
            for element in array.items if isinstance(array, TupleCons) else ():
                items.extend(element.items if isinstance(element, ObjectCons) else ())
        elif reader.kind == "{":
            reader.members(items)
        else:
            raise reader.trouble("Invalid JSON file", "The file must hold one JSON object.")
        if reader.kind != "end":
            raise reader.trouble(
                "Extra characters after JSON value", "The file must hold one JSON object only."
            )
    except Trouble as trouble:
        reader.diagnostics.append(trouble.diagnostic(reader.source))
    return [item for item in items if _is_shallow(reader, item)]


def _is_shallow(reader: Reader, item: ObjectItem) -> bool:
    """Whether a member can be evaluated; a diagnostic when it is too deep for that."""
    try:
        check_depth(item.value)
    except Trouble as trouble:
        reader.diagnostics.append(trouble.diagnostic(reader.source))
        return False
    return True


def blocks(body: Body, attribute: Attribute, type: str, label_count: int = 0) -> list[Block]:
    """The blocks that a member of a JSON body stands for.

    An object is one block, an array one for each element, null none. Labels are the keys of
    nested objects. What cannot be a block, such as a string, is left out.
    """
    key = Literal(attribute.start, attribute.name_end, attribute.name)
    return list(_blocks(body.source, type, key, attribute.expression, label_count))


def _blocks(
    source: SourceFile,
    type_: str,
    key: Expression,
    value: Expression,
    label_count: int,
    labels: tuple[Label, ...] = (),
) -> Iterator[Block]:
    if isinstance(value, TupleCons):
        for element in value.items:
            yield from _blocks(source, type_, key, element, label_count, labels)
    elif not isinstance(value, ObjectCons):
        return
    elif label_count == 0:
        header_end = labels[-1].end if labels else key.end
        body = _body(source, value.items, value.start, value.end)
        yield Block(key.start, value.end, type_, labels, body, header_end)
    else:
        for item in value.items:
            name = _name(source, item.key)
            if name == "//":
                continue
            label = Label(item.key.start, item.key.end, name)
            yield from _blocks(source, type_, key, item.value, label_count - 1, (*labels, label))


def _body(
    source: SourceFile, items: list[ObjectItem] | tuple[ObjectItem, ...], start: int, end: int
) -> Body:
    attributes: dict[str, Attribute] = {}
    again: dict[str, list[Expression]] = {}
    for item in items:
        name = _name(source, item.key)
        if name == "//":
            continue
        key = item.key
        attribute = Attribute(key.start, item.end, name, key.end, item.value)
        first = attributes.setdefault(name, attribute)
        if first is not attribute:
            again.setdefault(name, []).append(item.value)
    for name, values in again.items():
        first = attributes[name]
        first.expression = _joined([first.expression, *values])
    return Body(start, end, source, attributes, (), json=True)


def _joined(values: list[Expression]) -> Expression:
    """Members of one name: the blocks of all, if they are blocks."""
    if not all(isinstance(value, ObjectCons | TupleCons) for value in values[1:]):
        return values[0]
    items: list[Expression] = []
    for value in values:
        items.extend(value.items if isinstance(value, TupleCons) else (value,))
    return TupleCons(values[0].start, values[-1].end, tuple(items))


def _name(source: SourceFile, key: Expression) -> str:
    """A key as a name of a body: no template, unlike the key of an object's value."""
    name = decoded(source.text[key.start + 1 : key.end - 1])
    return name if name.isascii() else normalize("NFC", name)
