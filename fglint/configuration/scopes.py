"""Module instances, and what the references in their expressions mean.

Everything is evaluated when first asked for and remembered: the unit is a variable, a local value,
an output, a module call, or a whole resource. Asking for a unit that is being evaluated is a cycle.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeVar, cast

from fglint.configuration import variables
from fglint.configuration.contracts import Contract, contract_of
from fglint.configuration.expansion import Expansion, RepeatScope, Repetition, expand
from fglint.configuration.module import Declaration, Module, Placed
from fglint.configuration.resources import ResourceNode
from fglint.configuration.session import Session
from fglint.evaluation.errors import EvaluationError, StaticError
from fglint.evaluation.functions.registry import Context
from fglint.evaluation.marks import EPHEMERAL, SENSITIVE, SecretOrigin
from fglint.evaluation.origins import Origin
from fglint.evaluation.references import chain
from fglint.evaluation.scope import Scope
from fglint.evaluation.types import DYNAMIC
from fglint.evaluation.values import (
    Instances,
    Item,
    ObjectValue,
    OpenMap,
    TupleValue,
    Unknown,
    Value,
    mark,
)
from fglint.source import Range, SourceFile
from fglint.syntax.nodes import Literal as LiteralNode
from fglint.syntax.nodes import ObjectCons

T = TypeVar("T")
_BUSY = object()
MAXIMUM_DEPTH = 64  # of modules in modules


def undeclared(kind: str, address: str, known: Iterable[str]) -> StaticError:
    """The error for a reference to what the module does not declare."""
    from difflib import get_close_matches

    close = get_close_matches(address, list(known), 1)
    meant = f" Did you mean {close[0]}?" if close else ""
    return StaticError(
        f"Reference to undeclared {kind}", f"{address} is not declared in this module.{meant}"
    )


class ModuleInstance:
    """One instance of a module: a Scope for its expressions.

    `address` is "" for the root, else "module.a[0].module.b". `call` is what made it, and
    `arguments` the scope that the call's arguments are evaluated in.
    """

    def __init__(
        self,
        session: Session,
        written: Module,
        address: str = "",
        call: ModuleCall | None = None,
        arguments: Scope | None = None,
    ) -> None:
        self.session = session
        self.written = written
        self.address = address
        self.call = call
        self.arguments = arguments
        self.context: Context = session.context
        self.stands_in: ModuleCall | None = _stand_in(call)  # the outermost call of one
        self.maybe: bool = call is not None and (call.parent.maybe or address.endswith("[*]"))
        self.doubts: tuple[Origin, ...] = (
            () if call is None else (*call.parent.doubts, *call.expansion.unknown_origins)
        )
        self._memo: dict[tuple[str, ...], object] = {}

    @property
    def waits(self) -> bool:
        """Whether the call of this module, or of one around it, has depends_on."""
        if self.call is None:
            return False
        waits = self.call.declaration.written.get("depends_on") is not None
        return waits or self.call.parent.waits

    def _once(self, key: tuple[str, ...], compute: Callable[[], T], at: Range | None) -> T:
        known = self._memo.get(key)
        if known is _BUSY:
            address = ".".join((self.address, *key)).lstrip(".")
            self.session.cycles.append((address, at))
            raise EvaluationError("Cycle", f"{address} refers to itself.", at)
        if known is None:
            self._memo[key] = _BUSY
            try:
                known = compute()
            except BaseException:
                del self._memo[key]
                raise
            self._memo[key] = known
        return cast(T, known)

    # ---- Scope --------------------------------------------------------------------------------

    def variable(self, name: str) -> Value:
        """The value of an input variable."""
        declaration = self.written.variables.get(name)
        if declaration is None:
            raise undeclared(
                "input variable", f"var.{name}", (f"var.{each}" for each in self.written.variables)
            )
        return self._once(
            ("var", name), lambda: variables.value(self, name, declaration), declaration.header
        )

    def local(self, name: str) -> Value:
        """The value of a local value."""
        placed = self.written.locals.get(name)
        if placed is None:
            raise undeclared(
                "local value", f"local.{name}", (f"local.{each}" for each in self.written.locals)
            )
        return self._once(("local", name), lambda: self.session.attempt(placed, self), placed.range)

    def module(self, name: str) -> Value:
        """The outputs of a module call."""
        return self.module_call(name).value

    def module_call(self, name: str) -> ModuleCall:
        """A module call with its instances."""
        declaration = self.written.calls.get(name)
        if declaration is None:
            raise undeclared(
                "module", f"module.{name}", (f"module.{each}" for each in self.written.calls)
            )
        return self._once(
            ("module", name), lambda: ModuleCall(self, name, declaration), declaration.header
        )

    def resource(self, mode: str, type_: str, name: str) -> Value:
        """The value of a resource or data source."""
        if type_ == "ephemeral" and mode == "managed":
            origin = Origin("data", f"ephemeral.{name}")
            return mark(Unknown.of(origin, not_null=True), frozenset({EPHEMERAL}))
        return self.resource_node(mode, type_, name).value

    def resource_node(self, mode: str, type_: str, name: str) -> ResourceNode:
        """A resource or data source with its instances."""
        declaration = self.written.resources.get((mode, type_, name))
        if declaration is None:
            address = f"{type_}.{name}" if mode == "managed" else f"{mode}.{type_}.{name}"
            raise undeclared(
                "resource", address, (each.address for each in self.written.resources.values())
            )
        kind: Literal["managed", "data"] = "managed" if mode == "managed" else "data"
        return self._once(
            (mode, type_, name),
            lambda: ResourceNode(self, kind, type_, name, declaration),
            declaration.header,
        )

    def builtin(self, root: str, name: str) -> Value:
        """path.* and terraform.workspace."""
        if root == "path":
            if name == "module":
                return self.written.label
            if name == "root":
                return "."
            if name == "cwd":
                return Path(os.path.abspath(self.session.root)).as_posix()
        if root == "terraform" and name == "workspace":
            return self.session.options.workspace
        if root == "provider":
            if name in self.written.requirements:
                return True
            raise EvaluationError(
                "Unknown provider function",
                f'There is no provider with the local name "{name}": name it in '
                "required_providers.",
            )
        if root in ("each", "count", "self"):
            raise StaticError(
                f'Reference to "{root}" in invalid context',
                f'The "{root}" object can be used inside resources and modules only, where '
                "count or for_each is set.",
            )
        raise StaticError("Invalid reference", f'There is no "{root}.{name}".')

    def whole(self, root: str) -> Value:
        """No root stands alone in a configuration."""
        raise StaticError(
            "Invalid reference",
            f'"{root}" is no value by itself: a reference to a resource has a type and a name; '
            "text stands in quotes.",
        )

    def place(self) -> SourceFile:
        """The module's first file."""
        files = self.written.files
        return files[0].source if files else SourceFile(self.written.label, "")

    # ---- outputs and providers ----------------------------------------------------------------

    def output(self, name: str) -> Value:
        """The value of an output; marked when it is declared sensitive."""
        declaration = self.written.outputs[name]
        return self._once(
            ("output", name), lambda: self._output(name, declaration), declaration.header
        )

    def _output(self, name: str, declaration: Declaration) -> Value:
        placed = declaration.written.get("value")
        if placed is None:
            self.session.error(
                "Missing required argument", 'An output needs a "value".', declaration.header
            )
            return Unknown()
        value = self.session.attempt(placed, self)
        if flag(declaration, "sensitive"):
            origin = SecretOrigin(f"{self.address}.{name}", "sensitive output")
            return mark(
                value, frozenset({SENSITIVE, origin}) if self.address else frozenset({SENSITIVE})
            )
        return value

    def evaluated(self) -> Iterator[Value]:
        """The values of variables, locals and outputs that were asked for until now."""
        for (kind, *_), known in list(self._memo.items()):
            if kind in ("var", "local", "output") and known is not _BUSY:
                yield cast(Value, known)

    @property
    def outputs(self) -> ObjectValue:
        """All outputs, each evaluated when it is asked for."""
        return ObjectValue(_Outputs(self))

    def provider(self, local: str) -> str:
        """The identity of a provider configuration by its name in this module."""
        if self.call is None:
            return local
        if local in self.written.providers:
            return f"{self.address}.{local}"
        passed = self.call.providers
        if local in passed:
            return self.call.parent.provider(passed[local])
        return self.call.parent.provider(local) if "." not in local else f"{self.address}.{local}"


def _stand_in(call: ModuleCall | None) -> ModuleCall | None:
    if call is None:
        return None
    return call.parent.stands_in or (call if call.is_stand_in else None)


def flag(declaration: Declaration, name: str) -> bool:
    """Whether an argument is a literal true."""
    placed = declaration.written.get(name)
    if placed is None:
        return False
    node = placed.unquoted()
    return isinstance(node, LiteralNode) and node.value is True


class _Outputs(dict[str, Value]):
    """Outputs by name: a dictionary that evaluates its values when they are read."""

    def __init__(self, module: ModuleInstance) -> None:
        super().__init__(dict.fromkeys(module.written.outputs, ""))
        self._module = module

    def __getitem__(self, name: str) -> Value:
        super().__getitem__(name)
        return self._module.output(name)

    def get(self, name: str, default: Value | None = None) -> Value | None:  # type: ignore[override]
        return self[name] if name in self else default  # noqa: SIM401 - this is get itself

    def __iter__(self) -> Iterator[str]:
        return iter(self._module.written.outputs)

    def values(self) -> list[Value]:  # type: ignore[override]
        return [self[name] for name in self]

    def items(self) -> list[tuple[str, Value]]:  # type: ignore[override]
        return [(name, self[name]) for name in self]


class ModuleCall:
    """A module call: its instances, or why the module is not here."""

    def __init__(self, parent: ModuleInstance, name: str, declaration: Declaration) -> None:
        self.parent = parent
        self.name = name
        self.declaration = declaration
        prefix = f"{parent.address}." if parent.address else ""
        self.address = f"{prefix}module.{name}"
        self.because = ""
        self.contract: Contract | None = None
        self.is_stand_in = parent.stands_in is not None
        self.expansion: Expansion = expand(parent.session, declaration, parent)
        self.written = self._find()
        self.providers = _passed(declaration)
        self._on_demand: dict[int | str, Value] = {}
        self.instances: tuple[ModuleInstance, ...] = ()
        if self.written is not None:
            self.instances = tuple(map(self._instance, self.expansion.repetitions))
            self._check_arguments()

    def scope(self, repetition: Repetition) -> Scope:
        """The scope of the call's arguments for one instance."""
        each = self.declaration.written.get("for_each")
        return RepeatScope(self.parent, repetition, self.expansion.keyed, for_each=each)

    def _instance(self, repetition: Repetition) -> ModuleInstance:
        assert self.written is not None
        address = self.address + repetition.suffix
        return ModuleInstance(
            self.parent.session, self.written, address, self, self.scope(repetition)
        )

    @property
    def value(self) -> Value:
        """The outputs of the instance, or a tuple or an object of them."""
        expansion = self.expansion
        if expansion.unknown is not None:
            template = self._outputs(expansion.repetitions[0], 0)
            content = Instances(self._at, template, bool(expansion.keyed))
            return Unknown(DYNAMIC, expansion.unknown_origins, not_null=True, content=content)
        values = [self._outputs(one, i) for i, one in enumerate(expansion.repetitions)]
        if expansion.keyed is None:
            return values[0]
        if expansion.keyed:
            keys = [str(one.key) for one in expansion.repetitions]
            return ObjectValue(dict(zip(keys, values, strict=True)))
        return TupleValue(tuple(values))

    def _outputs(self, repetition: Repetition, index: int) -> Value:
        if self.written is not None and not self.is_stand_in:
            return self.instances[index].outputs
        origin = Origin("module", self.address + repetition.suffix, because=self.because)
        unknown = Unknown.of(origin, not_null=True)
        if self.written is not None:
            outputs = self.instances[index].outputs.items
            declared = {name: Item(value) for name, value in outputs.items()}
            return replace(unknown, content=OpenMap(declared, Unknown(origins=(origin,))))
        if self.contract is None:
            return unknown
        scope = self.scope(repetition)
        arguments = {
            name: self.parent.session.attempt(Placed(attribute.expression, body.source), scope)
            for name, (attribute, body) in self.declaration.written.names().items()
            if name not in _CALL_ARGUMENTS
        }
        known = self.contract.outputs(arguments, self.parent.context)
        entries = {name: Item(value) for name, value in known.items()}
        return replace(unknown, content=OpenMap(entries, Unknown(origins=(origin,))))

    def _at(self, key: int | str) -> Value:
        if key not in self._on_demand:
            repetition = self.expansion.at(key)
            if self.written is not None:
                self._on_demand[key] = self._instance(repetition).outputs
            else:
                self._on_demand[key] = self._outputs(repetition, 0)
        return self._on_demand[key]

    # ---- where the module is ------------------------------------------------------------------

    def _find(self) -> Module | None:
        session, parent = self.parent.session, self.parent
        placed = self.declaration.written.get("source")
        source = _text(placed.node) if placed is not None else None
        if placed is None or source is None:
            session.error(
                "Invalid module source",
                f'module "{self.name}" needs a "source" that is plain text.',
                placed.range if placed else self.declaration.header,
            )
            self.because = f"the source of {self.address} is not known"
            return None
        if self.address.count("module.") > MAXIMUM_DEPTH:
            session.error(
                "Modules nested too deeply",
                f"{self.address} is {MAXIMUM_DEPTH} modules deep; a module may not call itself.",
                placed.range,
            )
            self.because = f"{self.address} is nested too deeply"
            return None
        if source.startswith(("./", "../", ".\\", "..\\")):
            return self._local(source.replace("\\", "/"), placed.range)
        keys = [*_call_names(parent), self.name]
        directory = session.installed.get(".".join(keys))
        if directory is not None and session.files.is_directory(directory):
            label = os.path.relpath(directory, session.root).replace(os.sep, "/")
            return session.module(directory, label)
        self.because = f"{self.address} ({source}) is not downloaded; run terraform init"
        if parent.stands_in is None:
            session.not_here.append(self.address)
        self.contract = contract_of(source)
        if self.contract is not None or session.options.plan_only:
            return None
        found = session.stand_ins.find(source, self.declaration.address)
        self.is_stand_in = found is not None
        return found

    def _local(self, source: str, at: Range) -> Module | None:
        session = self.parent.session
        directory = Path(os.path.normpath(self.parent.written.directory / source))
        label = os.path.normpath(os.path.join(self.parent.written.label, source))
        if not session.files.is_directory(directory):
            allowed = session.files.allowed(directory)
            why = "there is no such directory" if allowed else "it lies outside the repository"
            session.error(
                "Unreadable module directory",
                f'The source of module "{self.name}", {source}, cannot be read: {why}.',
                at,
            )
            self.because = f"the directory of {self.address} is not there"
            return None
        module = session.module(directory, label.replace(os.sep, "/"))
        if not module.files:
            session.error(
                "Module without configuration",
                f'The source of module "{self.name}", {source}, holds no Terraform files.',
                at,
            )
        return module

    def _check_arguments(self) -> None:
        assert self.written is not None
        if self.is_stand_in:
            return  # it declares what matters of the module's inputs
        session = self.parent.session
        for name, (attribute, body) in self.declaration.written.names().items():
            if name not in _CALL_ARGUMENTS and name not in self.written.variables:
                session.error(
                    "Unsupported argument",
                    f'Module "{self.name}" has no input variable "{name}".',
                    body.source.range(attribute.start, attribute.name_end),
                )
        for name, variable in self.written.variables.items():
            given = self.declaration.written.get(name)
            if given is None and variable.written.get("default") is None:
                session.error(
                    "Missing required argument",
                    f'Module "{self.name}" needs the argument "{name}".',
                    self.declaration.header,
                )


_CALL_ARGUMENTS = frozenset(
    {"source", "version", "count", "for_each", "providers", "depends_on", "//"}
)


def _call_names(module: ModuleInstance) -> list[str]:
    names: list[str] = []
    call = module.call
    while call is not None:
        names.append(call.name)
        call = call.parent.call
    return names[::-1]


def _text(node: object) -> str | None:
    if isinstance(node, LiteralNode) and isinstance(node.value, str):
        return node.value
    return None


def _passed(declaration: Declaration) -> dict[str, str]:
    """The `providers` of a call: the child's names to the parent's."""
    placed = declaration.written.get("providers")
    if placed is None or not isinstance(placed.node, ObjectCons):
        return {}
    passed: dict[str, str] = {}
    for item in placed.node.items:
        names: list[str] = []
        for node in (item.key, item.value):
            text = _text(node)
            found = chain(node) if text is None else None
            if found is not None:
                text = ".".join(getattr(each, "name", "") for each in found[1])
            names.append(text or "")
        passed[names[0]] = names[1]
    return passed
