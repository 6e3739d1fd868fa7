"""Functions of files and paths."""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import replace
from pathlib import Path

from fglint.evaluation.functions.arguments import failed, invalid, normalized
from fglint.evaluation.functions.encoding import encode_base64
from fglint.evaluation.functions.reading import content_of, outside
from fglint.evaluation.functions.registry import Context, Parameter, function
from fglint.evaluation.inspection import marks_deep
from fglint.evaluation.origins import Origin
from fglint.evaluation.refinement import STATE
from fglint.evaluation.sets import make_set
from fglint.evaluation.types import BOOL, DYNAMIC, STRING, SetType
from fglint.evaluation.values import MapValue, ObjectValue, Unknown, Value, mark, plain, unmark
from fglint.source import SourceFile

_NAME = re.compile(r"[^\W\d][\w-]*\Z")


# ---- paths ------------------------------------------------------------------------------------


@function(STRING, returns=STRING)
def basename(path: str) -> Value:
    """The last element of a path."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


@function(STRING, returns=STRING)
def dirname(path: str) -> Value:
    """All but the last element of a path."""
    return clean(path[: path.rfind("/") + 1])


def clean(path: str) -> str:
    """The shortest path that is the same: what Go's filepath.Clean gives."""
    shortest = posixpath.normpath(path) if path else "."
    return "/" + shortest.lstrip("/") if shortest.startswith("//") else shortest


@function(STRING, returns=STRING, context=True)
def abspath(context: Context, path: str) -> Value:
    """The path from the root directory."""
    return clean(f"{context.directory.as_posix()}/{path}" if not path.startswith("/") else path)


@function(STRING, returns=STRING)
def pathexpand(path: str) -> Value:
    """The path with a leading "~" replaced by the home directory, which is not known."""
    if not path.startswith("~"):
        return path
    if path != "~" and not path.startswith("~/"):
        raise failed("pathexpand", "cannot expand user-specific home dir")
    because = "it is the home directory of whoever runs Terraform"
    return Unknown.of(Origin("function", f'pathexpand("{path}")', because=because), STRING)


# ---- contents ---------------------------------------------------------------------------------


@function(STRING, returns=STRING, context=True)
def file(context: Context, path: str) -> Value:
    """The text of a file."""
    content = content_of(context, "file", path)
    return content if isinstance(content, Unknown) else _text("file", path, content)


def _text(name: str, path: str, content: bytes) -> str:
    try:
        return normalized(content.decode("utf-8"))
    except UnicodeDecodeError:
        message = f'contents of "{path}" are not valid UTF-8; use filebase64() to read other bytes'
        raise failed(name, message) from None


@function(STRING, returns=STRING, context=True)
def filebase64(context: Context, path: str) -> Value:
    """The bytes of a file as base64."""
    content = content_of(context, "filebase64", path)
    return content if isinstance(content, Unknown) else encode_base64(content)


@function(STRING, returns=BOOL, context=True)
def fileexists(context: Context, path: str) -> Value:
    """Whether there is a file of that name."""
    unreadable = outside(context, "fileexists", path)
    if unreadable is not None:
        return replace(unreadable, type=BOOL)
    place = context.directory / path
    if context.files.is_directory(place):
        raise failed("fileexists", f'"{path}" is a directory, not a file')
    return context.files.exists(place)


# ---- templates --------------------------------------------------------------------------------

_VARIABLES = Parameter(DYNAMIC, nullable=True)


@function(STRING, _VARIABLES, returns=DYNAMIC, context=True, sees_marks=True)
def templatefile(context: Context, path: Value, vars: Value) -> Value:
    """The text of a file, rendered as a template."""
    name = str(plain(path))
    variables = _variables(vars)
    if context.depth:
        raise failed(
            "templatefile", "cannot recursively call templatefile from inside another template"
        )
    content = content_of(context, "templatefile", name)
    if isinstance(content, Unknown):
        return mark(replace(content, type=DYNAMIC), marks_deep(vars))
    _text("templatefile", name, content)
    source = context.files.source(context.directory / name)
    return mark(_rendered(context, source, variables), marks_deep(path))


def _rendered(context: Context, source: SourceFile, variables: dict[str, Value]) -> Value:
    result, marks = unmark(context.render(source, variables, context.depth + 1))
    if isinstance(result, Unknown) and not STATE.refining:
        result = replace(result, prefix="")
    return mark(result, marks)


@function(Parameter(DYNAMIC), Parameter(DYNAMIC), returns=STRING, context=True, sees_marks=True)
def templatestring(context: Context, template: Value, vars: Value) -> Value:
    """A string, rendered as a template."""
    text = plain(template)
    if not isinstance(text, str):
        raise invalid("template", "invalid template value: a string is required")
    variables = _variables(vars)
    if context.depth:
        raise failed(
            "templatestring", "cannot recursively call templatestring from inside another template"
        )
    source = SourceFile("<templatestring argument>", text)
    return mark(_rendered(context, source, variables), marks_deep(template))


def _variables(value: Value) -> dict[str, Value]:
    bare = plain(value)
    if not isinstance(bare, (ObjectValue, MapValue)):
        raise invalid("vars", "invalid vars value: must be a map")
    for name in bare.items:
        if not _NAME.match(name):
            raise invalid(
                "vars",
                f'invalid template variable name "{name}": must start with a letter, followed by '
                "zero or more letters, digits, and underscores",
            )
    return bare.items


# ---- sets of files ----------------------------------------------------------------------------

_STRINGS = SetType(STRING)
MAXIMUM_FILES = 100_000


@function(STRING, STRING, returns=_STRINGS, context=True)
def fileset(context: Context, path: str, pattern: str) -> Value:
    """The files below a directory whose names match a pattern."""
    unreadable = outside(context, "fileset", path)
    if unreadable is not None:
        return replace(unreadable, type=_STRINGS)
    from fglint.evaluation.functions import globs

    base = clean(os.path.abspath(context.directory / path))
    try:
        found = globs.find(context.files, clean(f"{base}/{pattern}"), MAXIMUM_FILES)
    except ValueError as error:
        raise failed("fileset", f'failed to glob pattern "{pattern}": {error}') from None
    if found is None:
        because = f"there are more than {MAXIMUM_FILES} files below it"
        origin = Origin("function", f'fileset("{path}", "{pattern}")', because=because)
        return Unknown.of(origin, _STRINGS, not_null=True)
    names = [normalized(os.path.relpath(Path(match), base).replace(os.sep, "/")) for match in found]
    return make_set(tuple(names), STRING)
