"""Reads the tests of other tools: configurations, and what the tool says of blocks in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

_BLOCK = re.compile(
    r'^[ \t]*(?:(resource|data)\s+"([\w-]+)"\s+"([\w-]+)"|module\s+"([\w-]+)")\s*\{', re.MULTILINE
)
_BRACE = re.compile(r'"(?:\\.|\$\{[^}]*\}|[^"\\\n])*"|[{}]')
_TRIVY_ID = re.compile(r"id:\s*(?:AVD-)?(AWS-\d+)")
_KICS_TARGETS = re.compile(r"(?:positive|negative)[\w.-]*\.tf$")


@dataclass(frozen=True)
class Case:
    """A configuration and what a tool says of some blocks in it: "pass" or "fail".

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
    """A block of a resource, a data source or a module in a text, with its lines."""

    address: str
    type: str
    text: str
    first: int = 0
    last: int = 0

    def written(self, argument: str) -> str:
        """The string that is written for an argument, or ""."""
        found = re.search(rf'\b{argument}"?\s*[:=]\s*"([^"$]*)"', self.text)
        return found[1] if found else ""

    def named(self, argument: str) -> str:
        """The address of the resource that an argument refers to, or ""."""
        value = rf'\b{argument}"?\s*[:=][\s\["${{]*((?:data\.)?aws_\w+\.[\w-]+)'
        found = re.search(value, self.text)
        return found[1] if found else ""


def declared(text: str) -> Iterator[Declared]:
    """The blocks of resources, data sources and module calls in a text, native or JSON."""
    if text.lstrip().startswith("{"):
        for type_, blocks in json.loads(text)["resource"].items():
            for name, body in blocks.items():
                yield Declared(f"{type_}.{name}", type_, json.dumps(body))
        return
    for found in _BLOCK.finditer(text):
        kind, type_, name, module = found.groups()
        end = _closing(text, found.end())
        address = f"module.{module}" if module else f"{type_}.{name}"
        if kind == "data":
            address = f"data.{address}"
        lines = [text.count("\n", 0, at) + 1 for at in (found.start(), end)]
        yield Declared(address, type_ or "module", text[found.start() : end], *lines)


def _closing(text: str, start: int) -> int:
    depth = 1
    for match in _BRACE.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return len(text)


def isolated(files: Mapping[str, str], address: str) -> dict[str, str]:
    """Files without the blocks that have nothing to do with a block: they are other examples.

    What refers to the block stays, and what any of these refers to.
    """
    blocks = [block for text in files.values() for block in declared(text)]
    kept = _reached(_reached({address}, blocks, _mentions), blocks, _is_mentioned)
    others = [block.text for block in blocks if block.address not in kept]
    return {name: _without(text, others) for name, text in files.items()}


def _reached(
    start: set[str], blocks: list[Declared], leads: Callable[[Declared, Declared], bool]
) -> set[str]:
    kept = set(start)
    while more := {
        block.address
        for block in blocks
        if block.address not in kept
        and any(other.address in kept and leads(block, other) for other in blocks)
    }:
        kept |= more
    return kept


def _mentions(one: Declared, other: Declared) -> bool:
    pattern = rf"(?<![\w.-]){re.escape(other.address)}(?![\w-])"
    return re.search(pattern, one.text) is not None


def _is_mentioned(one: Declared, other: Declared) -> bool:
    return _mentions(other, one)


def _without(text: str, parts: Iterable[str]) -> str:
    for part in parts:
        text = text.replace(part, "", 1)
    return text


def read_texts(paths: Iterable[Path]) -> dict[str, str]:
    """The texts of files by their names."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(paths)}


# ---- trivy and tfsec --------------------------------------------------------------------------


def trivy(directory: Path, types: Mapping[str, Iterable[str]]) -> Iterator[Case]:
    """The examples of trivy's checks, in the files of trivy-checks.

    Of which blocks a check speaks, its examples do not say: those of the given types.
    """
    for path in sorted((directory / "checks" / "cloud" / "aws").rglob("*.yaml")):
        rego = path.with_suffix(".rego")
        found = _TRIVY_ID.search(rego.read_text(encoding="utf-8")) if rego.exists() else None
        if found is None or found[1] not in types:
            continue
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        examples = content.get("terraform") or {}
        for given, verdict in (("good", "pass"), ("bad", "fail")):
            for number, text in enumerate(examples.get(given) or (), 1):
                name = f"{path.stem}.{given}{number}"
                yield from _whole("trivy", found[1], name, text, types[found[1]], verdict)


def tfsec(directory: Path, types: Mapping[str, Iterable[str]]) -> Iterator[Case]:
    """The examples on the pages of tfsec's checks, by the types of blocks of which they speak."""
    for path in sorted((directory / "docs" / "checks" / "aws").glob("*/*/index.md")):
        check = f"aws-{path.parent.parent.name}-{path.parent.name}"
        if check not in types:
            continue
        text = path.read_text(encoding="utf-8")
        for given, verdict in (("Secure Example", "pass"), ("Insecure Example", "fail")):
            section = text.partition(f"### {given}\n")[2].partition("\n### ")[0]
            for number, code in enumerate(re.findall(r"```\w+\n(.*?)```", section, re.DOTALL), 1):
                name = f"{given.split()[0].lower()}{number}"
                yield from _whole("tfsec", check, name, code, types[check], verdict)


def _whole(
    tool: str, check: str, name: str, text: str, types: Iterable[str], verdict: str
) -> Iterator[Case]:
    targets = tuple(each.address for each in declared(text) if each.type in types)
    if targets:
        yield Case(tool, check, name, {"main.tf": text}, targets, verdict)


# ---- KICS -------------------------------------------------------------------------------------


def kics(directory: Path, checks: Iterable[str]) -> Iterator[Case]:
    """The tests of KICS' queries: one for each block with an expected result, and the negatives.

    Of queries that are common to all providers, those with blocks of AWS.
    """
    wanted = set(checks)
    queries = directory / "assets" / "queries"
    for metadata in sorted(
        [*queries.glob("terraform/aws/*/metadata.json"), *queries.glob("common/*/metadata.json")]
    ):
        check = json.loads(metadata.read_text(encoding="utf-8"))["id"]
        if check in wanted:
            yield from _kics_query(check, metadata.parent)


def _kics_query(check: str, query: Path) -> Iterator[Case]:
    paths = [path for path in (query / "test").glob("*.tf") if _KICS_TARGETS.match(path.name)]
    texts = read_texts(paths)
    expected = query / "test" / "positive_expected_result.json"
    results = json.loads(expected.read_text(encoding="utf-8"))
    types = set()
    for name, text in texts.items():
        lines = [result["line"] for result in results if name == _file_of(result, name)]
        if not name.startswith("positive"):
            continue
        for each in declared(text):
            of_aws = each.type.startswith("aws_") or each.type == "module"
            if of_aws and any(each.first <= line <= each.last for line in lines):
                types.add(each.type)
                case = f"{query.name}/{name}"
                yield Case("kics", check, case, {"main.tf": text}, (each.address,), "fail")
    for name, text in texts.items():
        if name.startswith("negative"):
            yield from _whole("kics", check, f"{query.name}/{name}", text, types, "pass")


def _file_of(result: Mapping[str, str], default: str) -> str:
    return result.get("fileName") or result.get("filename") or default
