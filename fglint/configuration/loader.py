"""Loads a root module: reads it, evaluates all of it, and gives its planned instances."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import field
from functools import cached_property
from pathlib import Path

from fglint.configuration import checks, variables
from fglint.configuration.instance import Instance
from fglint.configuration.reader import Memory, Reader
from fglint.configuration.requirements import of_other_version
from fglint.configuration.resources import ResourceNode
from fglint.configuration.scopes import ModuleCall, ModuleInstance
from fglint.configuration.session import LoadOptions, Session
from fglint.diagnostic import Diagnostic
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.values import plain
from fglint.records import dataclass
from fglint.source import Files, Range, SourceFile
from fglint.syntax.nodes import File


@dataclass(frozen=True, eq=False)
class Configuration:
    """A loaded root module.

    `instances` are the planned instances of resources and data sources of all modules, in the
    order of their addresses. `not_here` names modules that are not downloaded, `unset_variables`
    required variables without a value.
    """

    directory: Path
    session: Session = field(repr=False)
    root: ModuleInstance = field(repr=False)
    instances: tuple[Instance, ...]
    calls: tuple[ModuleCall, ...] = field(repr=False)
    diagnostics: tuple[Diagnostic, ...]

    @property
    def not_here(self) -> tuple[str, ...]:
        """Addresses of module calls whose module is not downloaded."""
        return tuple(sorted(set(self.session.not_here)))

    @property
    def uncounted(self) -> tuple[str, ...]:
        """Blocks whose count or for_each is not known, which Terraform refuses."""
        return tuple(sorted(set(self.session.uncounted)))

    @property
    def unset_variables(self) -> tuple[str, ...]:
        """Names of the root module's required variables without a value."""
        return tuple(sorted(set(self.session.unset_variables)))

    @property
    def files(self) -> tuple[File, ...]:
        """All parsed files."""
        return tuple(self.session.reader.parsed)

    @property
    def root_range(self) -> Range:
        """The beginning of the root module's first file."""
        return self.root.place().range(0, 0)

    def provider_region(self, provider: str) -> str | None:
        """The region of a provider configuration of the root module, where it is known."""
        declaration = self.root.written.providers.get(provider)
        placed = None if declaration is None else declaration.written.get("region")
        if placed is None:
            return None
        value = plain(self.session.attempt(placed, self.root))
        return value if isinstance(value, str) else None

    def shown(self, address: str) -> str:
        """An address as findings print it: what only a module's call shows is the module."""
        if not any(call.is_stand_in for call in self.calls):
            return address
        module = self._module_at(address)
        while module is not None and module.call is not None and module.stands_in is not None:
            if module.call is module.stands_in:
                return module.address
            module = module.call.parent
        return address

    def stand_in_at(self, address: str) -> ModuleCall | None:
        """The call whose stand-in declares what is at an address; None for all else."""
        if not any(call.is_stand_in for call in self.calls):
            return None
        module = self._module_at(address)
        return None if module is None else module.stands_in

    def surface(self, address: str, at: Range) -> Range:
        """Where the user sees what stands at a place: in a downloaded module, at its call."""
        if at.source not in self._downloaded:
            return at
        module = self._module_at(address)
        chain: list[ModuleInstance] = []
        while module is not None and module.call is not None:
            chain.append(module)
            module = module.call.parent
        for instance in reversed(chain):
            files = instance.written.files
            inside = bool(files) and files[0].source in self._downloaded
            if inside and instance.call is not None:
                return instance.call.declaration.header
        return at

    def is_downloaded(self, source: SourceFile) -> bool:
        """Whether a file belongs to a downloaded module, which is not the user's."""
        return source in self._downloaded

    def _module_at(self, address: str) -> ModuleInstance | None:
        """The innermost module instance that an address lies in."""
        found: ModuleInstance | None = None
        for module in self.modules():
            inside = address == module.address or address.startswith(f"{module.address}.")
            if module.address and inside:
                found = module  # modules come before those that they call
        return found

    @cached_property
    def _downloaded(self) -> frozenset[SourceFile]:
        """The files of downloaded modules."""
        below = self.directory / ".terraform" / "modules"
        return frozenset(
            file.source
            for module in self.session.modules
            if module.directory.is_relative_to(below)
            for file in module.files
        )

    def modules(self) -> Iterator[ModuleInstance]:
        """All module instances, the root first."""
        return _modules(self.root)


def load(
    directory: Path,
    files: Files,
    options: LoadOptions | None = None,
    memory: Memory | None = None,
) -> Configuration:
    """Loads the root module in a directory; `memory` spares parsing what was parsed before.

    Trouble with the input is in the diagnostics and makes values unknown; nothing is raised for
    it. A directory without Terraform files gives a configuration with an error and no instances.
    """
    options = options or LoadOptions()
    directory = Path(os.path.abspath(directory))
    reader = Reader(files, options.parser, options.cross_check, memory)
    session = Session(directory, files, options, reader)
    root = ModuleInstance(session, session.module(directory, "."))
    if not root.written.files:
        session.error(
            "No configuration files",
            f"{files.display(directory)} holds no Terraform configuration files.",
            None,
        )
    variables.prepare(root)
    instances: list[Instance] = []
    calls: list[ModuleCall] = []
    for module in _modules(root):
        instances.extend(_evaluate(module))
        calls.extend(_calls(module))
    checks.check_references(root)
    _report_cycles(session)
    instances.sort(key=lambda instance: instance.address)
    diagnostics = sorted(of_other_version(session, directory), key=_place)
    return Configuration(
        directory, session, root, tuple(instances), tuple(calls), tuple(diagnostics)
    )


def _place(diagnostic: Diagnostic) -> tuple[str, int, str]:
    at = diagnostic.range
    return (at.path, at.start, diagnostic.summary) if at else ("", 0, diagnostic.summary)


def _modules(root: ModuleInstance) -> Iterator[ModuleInstance]:
    pending = [root]
    while pending:
        module = pending.pop()
        yield module
        for call in _calls(module):
            pending.extend(reversed(call.instances))


def _calls(module: ModuleInstance) -> Iterator[ModuleCall]:
    for name, declaration in module.written.calls.items():
        try:
            yield module.module_call(name)
        except EvaluationError as error:
            module.session.failed(error, declaration.header)


def _evaluate(module: ModuleInstance) -> Iterator[Instance]:
    """Evaluates all that a module instance declares."""
    session = module.session
    for name, variable in module.written.variables.items():
        _guarded(session, lambda name=name: module.variable(name), variable.header)
        checks.validate_variable(module, name, variable)
    for name, placed in module.written.locals.items():
        _guarded(session, lambda name=name: module.local(name), placed.range)
    for (mode, type_, name), declaration in module.written.resources.items():
        if mode == "ephemeral":
            continue
        try:
            node: ResourceNode = module.resource_node(mode, type_, name)
        except EvaluationError as error:
            session.failed(error, declaration.header)
            continue
        yield from node.instances
        checks.check_conditions(module, node)
    for name, output in module.written.outputs.items():
        _guarded(session, lambda name=name: module.output(name), output.header)
        checks.check_output(module, name, output)


def _guarded(session: Session, evaluate: object, at: Range) -> None:
    try:
        evaluate()  # type: ignore[operator]
    except EvaluationError as error:
        session.failed(error, at)


def _report_cycles(session: Session) -> None:
    for address, at in session.cycles:
        session.error("Cycle", f"{address} depends on itself.", at)
