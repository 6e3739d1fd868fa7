"""Modules as written: what the files of a directory declare, overrides merged in.

Nothing is evaluated here. A `Declaration` keeps the block and those that override it; its `Written`
answers which of them writes an argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from pathlib import Path
from typing import NamedTuple, TypeVar

from fglint.diagnostic import Diagnostic
from fglint.records import dataclass
from fglint.source import Range, SourceFile
from fglint.syntax import parse_expression
from fglint.syntax.nodes import Attribute, Block, Body, Expression, File, Literal

Key = TypeVar("Key", str, tuple[str, str, str])


class Placed(NamedTuple):
    """An expression and the file that it stands in."""

    node: Expression
    source: SourceFile

    @property
    def range(self) -> Range:
        """The place of the expression."""
        return self.source.range(self.node.start, self.node.end)

    def unquoted(self) -> Expression:
        """The expression; where it is a quoted one ("string", "aws.west"), what the quotes hold.

        Terraform 0.11 and JSON syntax write types, references and providers in quotes.
        """
        if isinstance(self.node, Literal) and isinstance(self.node.value, str):
            inner = SourceFile(self.source.path, self.node.value)
            return parse_expression(inner)[0]
        return self.node


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """The body of a block and of the blocks that override it, the last to win."""

    bodies: tuple[Body, ...]

    def get(self, name: str) -> Placed | None:
        """The expression of an argument."""
        found = self.attribute(name)
        return None if found is None else Placed(found[0].expression, found[1].source)

    def attribute(self, name: str) -> tuple[Attribute, Body] | None:
        """An argument, and the body that it is written in."""
        for body in reversed(self.bodies):
            if name in body.attributes:
                return body.attributes[name], body
        return None

    def names(self) -> dict[str, tuple[Attribute, Body]]:
        """All arguments by name, in the order of the text."""
        found: dict[str, tuple[Attribute, Body]] = {}
        for body in self.bodies:
            for name, attribute in body.attributes.items():
                found[name] = attribute, body
        return found

    def blocks_of(self, type_: str, label_count: int = 0) -> list[Block]:
        """The nested blocks of a type: those of an override replace all of the base's."""
        for body in reversed(self.bodies):
            blocks = list(body.blocks_of(type_))
            if body.json and type_ in body.attributes:
                from fglint.syntax import json  # most modules have no JSON

                blocks = json.blocks(body, body.attributes[type_], type_, label_count)
            if blocks:
                return blocks
        return []

    def blocks(self) -> Iterator[Block]:
        """All nested blocks of native syntax, overridden ones left out."""
        types = dict.fromkeys(block.type for body in self.bodies for block in body.blocks)
        for type_ in types:
            yield from self.blocks_of(type_)


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Declaration:
    """A top-level block, overrides merged in. `address` is its name within the module."""

    address: str
    block: Block
    written: Written

    @property
    def header(self) -> Range:
        """The place of the block's type and labels."""
        return self.block.header()


@dataclass(slots=True, eq=False)
class Module:
    """All that one directory declares. `label` is `path.module`: relative to the root module."""

    directory: Path
    label: str
    variables: dict[str, Declaration] = field(default_factory=dict)
    locals: dict[str, Placed] = field(default_factory=dict)
    local_places: dict[str, Range] = field(default_factory=dict)
    outputs: dict[str, Declaration] = field(default_factory=dict)
    resources: dict[tuple[str, str, str], Declaration] = field(default_factory=dict)
    calls: dict[str, Declaration] = field(default_factory=dict)
    providers: dict[str, Declaration] = field(default_factory=dict)
    checks: dict[str, Declaration] = field(default_factory=dict)
    requirements: set[str] = field(default_factory=set)  # local names of required_providers
    files: list[File] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


LABELS = {
    "variable": 1,
    "output": 1,
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "module": 1,
    "provider": 1,
    "check": 1,
    "locals": 0,
    "terraform": 0,
    "moved": 0,
    "import": 0,
    "removed": 0,
}


def is_configuration(name: str) -> bool:
    """Whether a file of that name belongs to a module."""
    if name.startswith(".") or name.endswith("~") or (name.startswith("#") and name.endswith("#")):
        return False
    return name.endswith((".tf", ".tf.json", ".tofu", ".tofu.json"))


def configuration_names(names: list[str]) -> list[str]:
    """The files of a module, overrides last; x.tofu stands in for x.tf."""
    own = [name for name in names if is_configuration(name)]
    tofu = {name.replace(".tofu", ".tf") for name in own if ".tofu" in name}
    kept = [name for name in own if name not in tofu]
    return sorted(kept, key=lambda name: (_overrides(name), name))


def _overrides(name: str) -> bool:
    stem = name.split(".", 1)[0] if name.endswith(".json") else name.rsplit(".", 1)[0]
    return stem == "override" or stem.endswith("_override")


def build_module(directory: Path, label: str, files: list[File], names: list[str]) -> Module:
    """The module that the parsed files make up; `names` are their file names, overrides last."""
    module = Module(directory, label, files=files)
    for name, file in zip(names, files, strict=True):
        module.diagnostics.extend(file.diagnostics)
        overrides = _overrides(name)
        for attribute in file.body.attributes.values():
            module.diagnostics.append(
                Diagnostic(
                    "error",
                    "Unsupported argument",
                    f'An argument named "{attribute.name}" is not expected here: a file holds '
                    "blocks only.",
                    file.body.range(attribute),
                )
            )
        for block in file.body.blocks:
            _add(module, block, overrides)
    return module


def _add(module: Module, block: Block, overrides: bool) -> None:
    wanted = LABELS.get(block.type)
    if wanted is None:
        _complain(
            module,
            block,
            "Unsupported block type",
            f'Blocks of type "{block.type}" are not expected here.{_meant(block.type)}',
        )
        return
    if len(block.labels) != wanted:
        _complain(
            module,
            block,
            f"Wrong number of labels for {block.type}",
            f"A {block.type} block has {wanted} label(s), this one has {len(block.labels)}.",
        )
        return
    names = tuple(label.value for label in block.labels)
    match block.type:
        case "locals":
            _add_locals(module, block, overrides)
        case "variable":
            _declare(module, module.variables, names[0], f"var.{names[0]}", block, overrides)
        case "output":
            _declare(module, module.outputs, names[0], f"output.{names[0]}", block, overrides)
        case "module":
            _declare(module, module.calls, names[0], f"module.{names[0]}", block, overrides)
        case "check":
            _declare(module, module.checks, names[0], f"check.{names[0]}", block, overrides)
        case "resource":
            key = ("managed", names[0], names[1])
            _declare(module, module.resources, key, ".".join(names), block, overrides)
        case "data" | "ephemeral":
            key = (block.type, names[0], names[1])
            address = ".".join((block.type, *names))
            _declare(module, module.resources, key, address, block, overrides)
        case "provider":
            _add_provider(module, block, names[0], overrides)
        case "terraform":
            for required in block.body.blocks:
                if required.type == "required_providers":
                    module.requirements.update(required.body.attributes)
        case _:
            pass  # moved, import, removed: nothing that a first plan reads


def _meant(type_: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(type_, LABELS, 1)
    return f' Did you mean "{close[0]}"?' if close else ""


def _add_locals(module: Module, block: Block, overrides: bool) -> None:
    for name, attribute in block.body.attributes.items():
        if name in module.locals and not overrides:
            first = module.local_places[name]
            _complain(
                module,
                block,
                "Duplicate local value definition",
                f'A local value named "{name}" was already defined at {first}.',
                block.body.range(attribute),
            )
            continue
        module.locals[name] = Placed(attribute.expression, block.body.source)
        module.local_places[name] = block.body.source.range(attribute.start, attribute.name_end)


def _add_provider(module: Module, block: Block, name: str, overrides: bool) -> None:
    alias = block.body.attributes.get("alias")
    value = alias.expression if alias else None
    if isinstance(value, Literal) and isinstance(value.value, str):
        name = f"{name}.{value.value}"
    _declare(module, module.providers, name, f"provider.{name}", block, overrides)


def _declare(
    module: Module,
    declared: dict[Key, Declaration],
    key: Key,
    address: str,
    block: Block,
    overrides: bool,
) -> None:
    known: Declaration | None = declared.get(key)
    if known is not None:
        _declare_again(module, declared, key, known, block, overrides)
    elif not overrides:
        declared[key] = Declaration(address, block, Written((block.body,)))
    else:
        _complain(
            module,
            block,
            f"Missing {block.type} to override",
            f"There is no {address} to override in the files that are no override files.",
        )


def _declare_again(
    module: Module,
    declared: dict[Key, Declaration],
    key: Key,
    known: Declaration,
    block: Block,
    overrides: bool,
) -> None:
    if overrides:
        merged = Written((*known.written.bodies, block.body))
        declared[key] = Declaration(known.address, known.block, merged)
        return
    _complain(
        module,
        block,
        f"Duplicate {block.type} configuration",
        f"{known.address} was already declared at {known.header}.",
    )


def _complain(
    module: Module, block: Block, summary: str, detail: str, at: Range | None = None
) -> None:
    module.diagnostics.append(Diagnostic("error", summary, detail, at or block.header()))
