"""Patterns of file names with `**`, as Terraform's fileset() reads them."""

from __future__ import annotations

import re
from pathlib import Path

from fglint.source import Files


def find(files: Files, pattern: str, limit: int) -> list[str] | None:
    """The regular files that match an absolute pattern; None when too many are to be looked at.

    ValueError for a pattern that is none.
    """
    parts = _split(pattern.lstrip("/"))
    looked_at = [0]
    found: dict[str, None] = {}
    for alternative in parts:
        if not _walk(files, "", alternative, found, looked_at, limit):
            return None
    return list(found)


def _split(pattern: str) -> list[list[str]]:
    """The components of a pattern, for each alternative that has slashes in its braces."""
    components: list[str] = [""]
    depth = 0
    escaped = False
    for character in pattern:
        if character == "/" and not depth:
            components.append("")
            continue
        if not escaped:
            depth += (character == "{") - (character == "}" and depth > 0)
        escaped = character == "\\" and not escaped
        components[-1] += character
    if depth:
        raise ValueError("syntax error in pattern")
    return [components]


def _walk(
    files: Files,
    directory: str,
    parts: list[str],
    found: dict[str, None],
    looked_at: list[int],
    limit: int,
) -> bool:
    """Collects what matches below a directory; False when there is too much to look at."""
    if not parts:
        if files.exists(Path(directory)):
            found[directory] = None
        return True
    part, rest = parts[0], parts[1:]
    if part == "**":
        return _walk_deep(files, directory, rest, found, looked_at, limit)
    if not re.search(r"[*?\[\]{}\\]", part):
        return _walk(files, f"{directory}/{part}", rest, found, looked_at, limit)
    matches = re.compile(component(part)).fullmatch
    for name in files.names(Path(directory or "/")):
        looked_at[0] += 1
        if looked_at[0] > limit:
            return False
        if matches(name) and not _walk(files, f"{directory}/{name}", rest, found, looked_at, limit):
            return False
    return True


def _walk_deep(
    files: Files,
    directory: str,
    rest: list[str],
    found: dict[str, None],
    looked_at: list[int],
    limit: int,
) -> bool:
    if rest and not _walk(files, directory, rest, found, looked_at, limit):
        return False
    for name in files.names(Path(directory or "/")):
        looked_at[0] += 1
        if looked_at[0] > limit:
            return False
        below = f"{directory}/{name}"
        place = Path(below)
        if files.is_directory(place):
            if not place.is_symlink() and not _walk_deep(
                files, below, rest, found, looked_at, limit
            ):
                return False
        elif not rest and files.exists(place):
            found[below] = None
    return True


def component(pattern: str) -> str:
    """The regular expression of one component of a pattern."""
    result: list[str] = []
    position = 0
    depth = 0
    while position < len(pattern):
        character = pattern[position]
        position += 1
        if character == "*":
            result.append(".*")
        elif character == "?":
            result.append(".")
        elif character == "[":
            text, position = _class(pattern, position)
            result.append(text)
        elif character == "{":
            depth += 1
            result.append("(?:")
        elif character == "}" and depth:
            depth -= 1
            result.append(")")
        elif character == "," and depth:
            result.append("|")
        elif character == "\\":
            if position == len(pattern):
                raise ValueError("syntax error in pattern")
            result.append(re.escape(pattern[position]))
            position += 1
        else:
            result.append(re.escape(character))
    if depth:
        raise ValueError("syntax error in pattern")
    return f"(?s:{''.join(result)})"


def _class(pattern: str, position: int) -> tuple[str, int]:
    end = pattern.find("]", position + 1)
    if end < 0:
        raise ValueError("syntax error in pattern")
    text = pattern[position:end]
    negated = text.startswith(("^", "!"))
    text = text[1:] if negated else text
    escaped = re.sub(r"[\\\[\]^&|~]", lambda found: "\\" + found[0], text)
    return f"[{'^' if negated else ''}{escaped}]", end + 1
