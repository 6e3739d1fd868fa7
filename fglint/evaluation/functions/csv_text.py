"""csvdecode(): text in the form of RFC 4180, read as Go's library reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fglint.evaluation.functions.arguments import failed, normalized
from fglint.evaluation.functions.registry import function
from fglint.evaluation.types import DYNAMIC, STRING, ListType, Type, object_type
from fglint.evaluation.values import ListValue, ObjectValue, Value, plain


def _row_type(arguments: Sequence[Value]) -> Type:
    text = plain(arguments[0])
    return ListType(_object_type(_records(text))) if isinstance(text, str) else DYNAMIC


def _object_type(records: Iterator[tuple[int, list[str]]]) -> Type:
    return object_type(dict.fromkeys(_header(records), STRING))


def _header(records: Iterator[tuple[int, list[str]]]) -> list[str]:
    _, header = next(records, (0, []))
    if not header:
        raise failed("csvdecode", "missing header line")
    names = list(map(normalized, header))
    for name in names:
        if names.count(name) > 1:
            raise failed("csvdecode", f'duplicate column name "{name}"')
    return names


def _row(names: list[str], fields: list[str]) -> Value:
    return ObjectValue(dict(zip(names, map(normalized, fields), strict=True)))


@function(STRING, returns=_row_type)
def csvdecode(str: str) -> Value:
    """A list of objects, one for each line, with the header's names."""
    records = _records(str)
    names = _header(records)
    rows: list[Value] = []
    for line, fields in records:
        if len(fields) != len(names):
            raise _error(line, "wrong number of fields")
        rows.append(_row(names, fields))
    return ListValue(tuple(rows), object_type(dict.fromkeys(names, STRING)))


def _error(line: int, why: str) -> Exception:
    return failed("csvdecode", f"CSV parse error on line {line}: {why}")


def _lines(text: str) -> list[str]:
    """The lines with their line feeds; a carriage return before one, or at the end, is dropped."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    if not lines[-1]:
        lines.pop()
    elif lines[-1].endswith("\r"):
        lines[-1] = lines[-1][:-1]
    return [line[:-2] + "\n" if line.endswith("\r\n") else line for line in lines]


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The fields of each line that is not empty, with its number."""
    lines = _lines(text)
    index = 0
    while index < len(lines):
        start = index
        if lines[index] in ("\n", ""):
            index += 1
            continue
        fields, index = _record(lines, index)
        yield start + 1, fields


def _record(lines: list[str], index: int) -> tuple[list[str], int]:
    """The fields of the record that begins at a line, and the line after it."""
    fields: list[str] = []
    rest = lines[index]
    while True:
        if not rest.startswith('"'):
            field, comma, rest = rest.partition(",")
            if '"' in field:
                raise _error(index + 1, 'bare " in non-quoted-field')
            fields.append(field if comma else field.removesuffix("\n"))
            if not comma:
                return fields, index + 1
            continue
        field, rest, index = _quoted(lines, index, rest[1:])
        fields.append(field)
        if rest.removesuffix("\n") == "":
            return fields, index + 1
        rest = rest[1:]  # the comma


def _quoted(lines: list[str], index: int, rest: str) -> tuple[str, str, int]:
    """A quoted field, what follows on its last line, and which line that is."""
    parts: list[str] = []
    while True:
        before, quote, after = rest.partition('"')
        parts.append(before)
        if quote and after.startswith('"'):
            parts.append('"')
            rest = after[1:]
        elif quote:
            if after.startswith(",") or after.removesuffix("\n") == "":
                return "".join(parts), after, index
            raise _error(index + 1, 'extraneous or missing " in quoted-field')
        else:
            index += 1
            if index >= len(lines):
                raise _error(index, 'extraneous or missing " in quoted-field')
            rest = lines[index]
