"""Reads checkov's tests: of checks in Python with examples or texts, and of graph checks."""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from peer_cases import Case, declared, read_texts

_ID = re.compile(r'\b(?:check_)?id\s*[:=]\s*["\']?(CKV2?_\w+)')
_FOLDERS = ("resource/aws", "data/aws", "module/generic")


def checkov(directory: Path) -> Iterator[Case]:
    """The tests of checkov's Terraform checks, in a checkout of checkov."""
    checks = directory / "checkov" / "terraform" / "checks"
    tests = directory / "tests" / "terraform"
    for folder in _FOLDERS:
        for test in sorted((tests / "checks" / folder).glob("test_*.py")):
            yield from _test(test, checks / folder)
    examples = tests / "graph" / "checks" / "resources"
    by_name = {path.name.lower(): path for path in examples.iterdir()} if examples.exists() else {}
    for definition in sorted((checks / "graph_checks" / "aws").glob("*.yaml")):
        found = _ID.search(definition.read_text(encoding="utf-8"))
        example = by_name.get(definition.stem.lower())
        if found and example and (example / "expected.yaml").exists():
            expected = yaml.safe_load((example / "expected.yaml").read_text(encoding="utf-8"))
            yield from _of_example(found[1], example, expected)


def _test(test: Path, checks: Path) -> Iterator[Case]:
    tree = ast.parse(test.read_text(encoding="utf-8"))
    source = checks / f"{_imported(tree) or test.stem.removeprefix('test_')}.py"
    text = source.read_text(encoding="utf-8") if source.exists() else ""
    found = _ID.search(text)
    if found is None:
        return
    examples = [
        test.parent / node.value.strip("/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"/?example_[\w/-]+", node.value)
    ]
    if examples:
        yield from _of_example(found[1], examples[0], _expected_sets(tree))
    else:
        types = re.findall(r"""["'](aws_\w+)["']""", text)
        yield from _of_texts(found[1], test.stem, tree, types)


def _imported(tree: ast.AST) -> str:
    """The module of the check: "from checkov.terraform.checks.resource.aws.NAME import check"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and ".checks." in node.module:
            return node.module.rpartition(".")[2]
    return ""


def _expected_sets(tree: ast.AST) -> dict[str, list[str]]:
    """The addresses in sets whose names say that they pass or fail."""
    found: dict[str, list[str]] = {"pass": [], "fail": []}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name.startswith(("pass", "fail")) and isinstance(node.value, ast.Set | ast.List):
                values = [each.value for each in node.value.elts if isinstance(each, ast.Constant)]
                found[name[:4]].extend(str(value) for value in values)
    return found


def _of_example(check: str, example: Path, expected: Mapping[str, Any]) -> Iterator[Case]:
    files = read_texts(example.glob("*.tf"))
    addresses = {each.address for text in files.values() for each in declared(text)}
    for verdict in ("pass", "fail"):
        for name in expected.get(verdict) or ():
            for address in (name, f"data.{name}", f"module.{name}"):
                if address in addresses:
                    yield Case("checkov", check, example.name, files, (address,), verdict)
                    break


def _of_texts(check: str, name: str, tree: ast.AST, types: list[str]) -> Iterator[Case]:
    """Tests that hold the configuration, as text or as what checkov's parser makes of it."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        verdict = _asserted(function)
        if verdict is None:
            continue
        title = f"{name}.{function.name}"
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Attribute(attr="loads"), args=[ast.Constant(value=str(t))]):
                    text = textwrap.dedent(t)
                    targets = [each.address for each in declared(text) if each.type in types]
                    for target in targets[:1]:
                        yield Case("checkov", check, title, {"main.tf": text}, (target,), verdict)
                case ast.Assign(targets=[ast.Name(id="resource_conf")], value=ast.Dict() as given):
                    yield from _of_json(check, title, given, types, verdict)


def _of_json(
    check: str, title: str, given: ast.Dict, types: list[str], verdict: str
) -> Iterator[Case]:
    try:
        body = _unwrapped(ast.literal_eval(given))
    except ValueError:  # it is computed
        return
    of_body = [type_ for type_ in types if any(argument in type_ for argument in body)]
    for type_ in (of_body or types)[:1]:
        text = json.dumps({"resource": {type_: {"example": body}}})
        address = f"{type_}.example"
        yield Case("checkov", check, title, {"main.tf.json": text}, (address,), verdict)


# Any: what another tool's parser makes of a configuration.
def _unwrapped(value: Any) -> Any:
    """Without the list that checkov puts around each argument; policies are texts again."""
    match value:
        case {"Statement": _} | [{"Statement": _}]:
            return json.dumps(value[0] if isinstance(value, list) else value)
        case dict():
            return {key: _unwrapped(each) for key, each in value.items()}
        case [dict() as only]:
            return [_unwrapped(only)]
        case [only]:
            return _unwrapped(only)
        case list():
            return [_unwrapped(each) for each in value]
    return value


def _asserted(function: ast.FunctionDef) -> str | None:
    text = ast.unparse(function)
    passed, failed = "CheckResult.PASSED" in text, "CheckResult.FAILED" in text
    return None if passed == failed else "pass" if passed else "fail"
