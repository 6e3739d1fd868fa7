"""Reads the tests of other tools: configurations, and what the tool says of resources in them."""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_RESOURCE = re.compile(r'^[ \t]*(resource|data)\s+"([\w-]+)"\s+"([\w-]+)"\s*\{', re.MULTILINE)
_CHECKOV_ID = re.compile(r'^\s*id\s*[:=]\s*"?(CKV2?_\w+)', re.MULTILINE)
_KICS_TARGETS = re.compile(r"^(?:positive|negative)[\w.-]*\.tf$")


@dataclass(frozen=True)
class Case:
    """A configuration and what a tool says of some resources in it: "pass" or "fail".

    Of several targets, one that fails makes the case fail.
    """

    tool: str
    check: str
    name: str
    files: Mapping[str, str]
    targets: tuple[str, ...]
    expected: str


@dataclass(frozen=True)
class Declared:
    """A block of a resource or a data source in a text, by its first and last line."""

    address: str
    type: str
    text: str
    first: int
    last: int


def declared(text: str) -> Iterator[Declared]:
    """The blocks of resources and data sources in a text."""
    for found in _RESOURCE.finditer(text):
        end = _closing(text, found.end())
        first = text.count("\n", 0, found.start()) + 1
        last = text.count("\n", 0, end) + 1
        prefix = "data." if found[1] == "data" else ""
        address = f"{prefix}{found[2]}.{found[3]}"
        yield Declared(address, found[2], text[found.start() : end], first, last)


def _closing(text: str, start: int) -> int:
    depth = 1
    for match in re.compile(r'"(?:\\.|\$\{[^}]*\}|[^"\\\n])*"|[{}]').finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return len(text)


# ---- checkov ----------------------------------------------------------------------------------


def checkov(directory: Path) -> Iterator[Case]:
    """The tests of checkov's Terraform checks, of a checkout of checkov."""
    checks = directory / "checkov" / "terraform" / "checks"
    tests = directory / "tests" / "terraform"
    for kind in ("resource", "data"):
        for test in sorted((tests / "checks" / kind / "aws").glob("test_*.py")):
            source = checks / kind / "aws" / f"{test.stem.removeprefix('test_')}.py"
            yield from _checkov_test(test, _imported(test, checks / kind / "aws") or source, kind)
    for definition in sorted((checks / "graph_checks" / "aws").glob("*.yaml")):
        example = tests / "graph" / "checks" / "resources" / definition.stem
        found = _CHECKOV_ID.search(definition.read_text(encoding="utf-8"))
        if found and (example / "expected.yaml").exists():
            expected = yaml.safe_load((example / "expected.yaml").read_text(encoding="utf-8"))
            yield from _checkov_cases(found[1], example, expected)


def _imported(test: Path, checks: Path) -> Path | None:
    pattern = r"from checkov\.terraform\.checks\.\w+\.aws\.(\w+) import"
    found = re.search(pattern, test.read_text(encoding="utf-8"))
    return checks / f"{found[1]}.py" if found else None


def _checkov_test(test: Path, source: Path, kind: str) -> Iterator[Case]:
    if not source.exists():
        return
    text = source.read_text(encoding="utf-8")
    found = _CHECKOV_ID.search(text)
    if found is None:
        return
    tree = ast.parse(test.read_text(encoding="utf-8"))
    examples = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"/?example_[\w/-]+", node.value)
        and (test.parent / node.value.strip("/")).is_dir()
    ]
    if examples:
        expected = _expected_sets(tree)
        yield from _checkov_cases(found[1], test.parent / examples[0].strip("/"), expected)
    else:
        types = re.findall(r'"(aws_\w+)"|\'(aws_\w+)\'', text)
        yield from _checkov_inline(found[1], test.stem, tree, [a or b for a, b in types])


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


def _checkov_cases(check: str, example: Path, expected: Mapping[str, Any]) -> Iterator[Case]:
    files = _texts(example.glob("*.tf"))
    data = {each.address for text in files.values() for each in declared(text)}
    for verdict in ("pass", "fail"):
        for address in expected.get(verdict) or ():
            known = f"data.{address}" if f"data.{address}" in data else address
            yield Case("checkov", check, example.name, files, (known,), verdict)


def _checkov_inline(check: str, name: str, tree: ast.AST, types: list[str]) -> Iterator[Case]:
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
                    targets = tuple(d.address for d in declared(text) if d.type in types)
                    yield Case("checkov", check, title, {"main.tf": text}, targets[:1], verdict)
                case ast.Assign(targets=[ast.Name(id="resource_conf")], value=ast.Dict() as given):
                    yield from _as_json(check, title, given, types, verdict)


def _as_json(
    check: str, title: str, given: ast.Dict, types: list[str], verdict: str
) -> Iterator[Case]:
    try:
        body = _unwrapped(ast.literal_eval(given))
    except ValueError:
        return
    if types:
        text = json.dumps({"resource": {types[0]: {"example": body}}})
        address = f"{types[0]}.example"
        yield Case("checkov", check, title, {"main.tf.json": text}, (address,), verdict)


def _unwrapped(value: Any) -> Any:
    """Without the list that checkov puts around each argument."""
    match value:
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


# ---- trivy, tfsec, KICS -----------------------------------------------------------------------


def trivy(directory: Path, types: Mapping[str, Iterable[str]]) -> Iterator[Case]:
    """The examples of trivy's checks, of a checkout of trivy-checks."""
    for path in sorted((directory / "checks" / "cloud" / "aws").rglob("*.yaml")):
        rego = path.with_suffix(".rego")
        found = rego.exists() and re.search(r"id:\s*(?:AVD-)?(AWS-\d+)", rego.read_text("utf-8"))
        if not found or found[1] not in types:
            continue
        examples = (yaml.safe_load(path.read_text("utf-8")) or {}).get("terraform") or {}
        for given, verdict in (("good", "pass"), ("bad", "fail")):
            for number, text in enumerate(examples.get(given) or ()):
                name = f"{path.stem}.{given}{number + 1}"
                yield from _whole("trivy", found[1], name, text, types[found[1]], verdict)


def tfsec(directory: Path, types: Mapping[str, Iterable[str]]) -> Iterator[Case]:
    """The examples of tfsec's checks, of a checkout of tfsec."""
    for path in sorted((directory / "docs" / "checks" / "aws").glob("*/*/index.md")):
        check = f"aws-{path.parent.parent.name}-{path.parent.name}"
        if check not in types:
            continue
        text = path.read_text(encoding="utf-8")
        for given, verdict in (("Secure Example", "pass"), ("Insecure Example", "fail")):
            section = text.partition(f"### {given}\n")[2].partition("\n### ")[0]
            for number, code in enumerate(re.findall(r"```\w+\n(.*?)```", section, re.DOTALL)):
                name = f"{given.split()[0].lower()}{number + 1}"
                yield from _whole("tfsec", check, name, code, types[check], verdict)


def _whole(
    tool: str, check: str, name: str, text: str, types: Iterable[str], verdict: str
) -> Iterator[Case]:
    targets = tuple(each.address for each in declared(text) if each.type in types)
    if targets:
        yield Case(tool, check, name, {"main.tf": text}, targets, verdict)


def kics(directory: Path, checks: Iterable[str]) -> Iterator[Case]:
    """The tests of KICS' queries, of a checkout of KICS."""
    wanted = set(checks)
    for metadata in sorted((directory / "assets/queries/terraform/aws").glob("*/metadata.json")):
        check = json.loads(metadata.read_text(encoding="utf-8"))["id"]
        if check in wanted:
            yield from _kics_query(check, metadata.parent)


def _kics_query(check: str, query: Path) -> Iterator[Case]:
    test = query / "test"
    results = json.loads((test / "positive_expected_result.json").read_text(encoding="utf-8"))
    texts = {name: t for name, t in _texts(test.glob("*.tf")).items() if _KICS_TARGETS.match(name)}
    types = set()
    for name, text in texts.items():
        only = [each for each in results if each.get("fileName", name) == name]
        lines = [each["line"] for each in only] if name.startswith("positive") else []
        for each in declared(text):
            if any(each.first <= line <= each.last for line in lines):
                types.add(each.type)
                case = f"{query.name}/{name}"
                yield Case("kics", check, case, {"main.tf": text}, (each.address,), "fail")
    for name, text in texts.items():
        if name.startswith("negative"):
            yield from _whole("kics", check, f"{query.name}/{name}", text, types, "pass")


def _texts(paths: Iterable[Path]) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(paths)}
