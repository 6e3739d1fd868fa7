"""The architecture: imports point one way, and the document names every package."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
PACKAGE = TOP / "fglint"

# A layer may import from the layers before it, and from itself.
LAYERS = (
    ("records",),
    ("source", "diagnostic", "misuse"),
    ("finding", "output"),
    ("settings",),
    ("syntax",),
    ("evaluation",),
    ("provider",),
    ("configuration",),
    ("graph",),
    ("model",),
    ("policy",),
    (
        "comments",
        "suppression",
        "baseline",
        "fix",
        "secrecy",
        "ignored",
        "profiles",
        "selection",
        "bug",
        "stacks",
    ),
    ("roots",),
    ("report",),
    ("lint",),
    ("plans",),
    ("server",),
    ("commands",),
    ("cli",),
    ("__main__",),
)
LAYER = {name: number for number, names in enumerate(LAYERS) for name in names}
HEAVY = {
    "networkx": ("graph.py", "commands/graph.py", "commands/trace.py"),
    "sarif_om": ("report/sarif",),
    "pydantic": ("settings/schema.py", "settings/file.py"),
    "hcl2": ("syntax/backends/",),
    "lark": ("syntax/backends/",),
    "pygls": ("server/",),
    "lsprotocol": ("server/",),
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def part(module: Path) -> str:
    """The top-level module or package that a file belongs to."""
    first = module.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(module: Path) -> Iterator[tuple[str, int]]:
    """The names of all modules that a file imports, and their lines."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: a relative import"
            assert node.module is not None
            if node.module == "fglint":
                yield from ((f"fglint.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield node.module, node.lineno


def test_every_part_has_a_layer() -> None:
    parts = {part(module) for module in MODULES} - {"__init__"}
    assert set() == parts - LAYER.keys()


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(module: Path) -> None:
    if module == PACKAGE / "__init__.py":
        return  # the public API reaches down to everything, when it is called
    own = LAYER[part(module)]
    wrong = [
        f"line {line}: {name}"
        for name, line in imports(module)
        if name.startswith("fglint.")
        and name != "fglint.__version__"
        and LAYER[name.split(".")[1]] > own
    ]
    assert [] == wrong


def test_heavy_packages_are_imported_where_they_are_needed() -> None:
    wrong = [
        f"{module.relative_to(PACKAGE)}:{line}: {name}"
        for module in MODULES
        for name, line in imports(module)
        if name.split(".")[0] in HEAVY
        and not str(module.relative_to(PACKAGE)).startswith(HEAVY[name.split(".")[0]])
    ]
    assert [] == wrong


def test_only_commands_print() -> None:
    wrong = [
        f"{module.relative_to(PACKAGE)}:{node.lineno}"
        for module in MODULES
        if part(module) not in ("commands", "cli")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "print"
    ]
    assert [] == wrong


def test_the_document_names_every_part() -> None:
    text = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\|([^|]+)\|", text, re.MULTILINE)
    named = {name for cell in cells for name in re.findall(r"`([a-z_]+)(?:\.py)?`", cell)}
    parts = {part(module) for module in MODULES} - {"__init__", "__main__"}
    assert set() == parts - named


def test_the_document_tells_the_order_of_the_layers() -> None:
    text = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
    (order,) = re.findall(r"^`(records ← .+)`$", text, re.MULTILINE)
    told = [name for group in order.split(" ← ") for name in group.split(", ")]
    numbers = [LAYER[name] for name in told]
    assert sorted(numbers) == numbers
