"""Terraform's recorded answers, and how an answer of fglint compares with them."""

from __future__ import annotations

import base64
import importlib.util
import json
import re
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parent
FIXTURES = ROOT / "fixtures" / "conformance"

Json = Any  # what json.loads gives

# A data source reads such a text in a recorded plan, where fglint knows that it does not know.
_STAND_IN = re.compile(r"(<|\\u003c)data\.")
_POLICY = re.compile(r"<data\.aws_iam_policy_document\.")


class _Unknown:
    """Stands where a value is unknown."""

    def __repr__(self) -> str:
        return "(known after apply)"


UNKNOWN = _Unknown()


def loads(text: str) -> Json:
    """Parsed JSON with its numbers digit by digit."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def rows(name: str) -> list[Json]:
    """The lines of a fixture."""
    lines = (FIXTURES / name).read_text("utf-8").split("\n")
    return [loads(line) for line in lines if line]


def write(files: dict[str, Json], directory: Path) -> Path:
    """Writes the files of a module into a directory, which it returns."""
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.write_bytes(content.encode())
        else:
            path.write_bytes(base64.b64decode(content["base64"]))
    return directory


def conformance() -> ModuleType:
    """The command that answers as fglint evaluates."""
    return _tool("conformance")


def comparison() -> ModuleType:
    """The command that compares two plans leaf by leaf."""
    return _tool("compare_plan")


def _tool(name: str) -> ModuleType:
    path = ROOT.parent / "tools" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"{name}_command", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def with_place(value: Any, directory: Path) -> Any:
    """The value with the module's own directory, which is $DIR in what was recorded."""
    match value:
        case str():
            return value.replace("$DIR", directory.as_posix())
        case list():
            return [with_place(item, directory) for item in value]
        case dict():
            return {key: with_place(item, directory) for key, item in value.items()}
        case _:
            return value


# ---- comparing --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """A value in which UNKNOWN stands for what is not known, and where it is sensitive."""

    value: Json
    sensitive: frozenset[str] = frozenset()

    @staticmethod
    def of(value: Json, unknown: Json, sensitive: Json = False) -> Answer:
        """From a value and its masks."""
        return Answer(_masked(value, unknown), frozenset(_places(sensitive)))


def _masked(value: Json, unknown: Json) -> Json:
    if unknown is True:
        return UNKNOWN
    if isinstance(value, list):
        masks = unknown if isinstance(unknown, list) else []
        return [
            _masked(item, masks[index] if index < len(masks) else False)
            for index, item in enumerate(value)
        ]
    if isinstance(value, dict):
        masks = unknown if isinstance(unknown, dict) else {}
        names = value.keys() | {name for name, mask in masks.items() if mask is True}
        return {name: _masked(value.get(name), masks.get(name, False)) for name in names}
    return value


def _places(mask: Json, path: str = "") -> list[str]:
    if mask is True:
        return [path]
    if isinstance(mask, dict):
        return [p for name, inner in mask.items() for p in _places(inner, f"{path}.{name}")]
    if isinstance(mask, list):
        return [p for index, inner in enumerate(mask) for p in _places(inner, f"{path}[{index}]")]
    return []


def difference(expected: Answer, actual: Answer) -> str:
    """What an answer contradicts, or claims beyond what Terraform knows; empty for nothing."""
    if expected.sensitive != actual.sensitive:
        return f"sensitive at {set(expected.sensitive)}, not at {set(actual.sensitive)}"
    return _difference(expected.value, actual.value, "")


def _difference(expected: Json, actual: Json, path: str) -> str:
    wrong = f"{path or 'value'}: {expected!r} expected, got {actual!r}"
    if expected is UNKNOWN:
        return "" if _holds_unknown(actual) else wrong
    if actual is UNKNOWN:
        return "" if _STAND_IN.search(json.dumps(expected, default=str)) else wrong
    if isinstance(expected, str) and _POLICY.search(expected):
        return "" if isinstance(actual, str) else wrong
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = [
            (f"{path}[{i}]", e, a) for i, (e, a) in enumerate(zip(expected, actual, strict=True))
        ]
    elif (
        isinstance(expected, dict) and isinstance(actual, dict) and expected.keys() == actual.keys()
    ):
        pairs = [(f"{path}.{name}", e, actual[name]) for name, e in expected.items()]
    else:
        same = type(expected) is type(actual) and expected == actual
        return "" if same and not isinstance(expected, (list, dict)) else wrong
    return next((found for at, e, a in pairs if (found := _difference(e, a, at))), "")


def _holds_unknown(value: Json) -> bool:
    if isinstance(value, list):
        return any(map(_holds_unknown, value))
    if isinstance(value, dict):
        return any(map(_holds_unknown, value.values()))
    return value is UNKNOWN
