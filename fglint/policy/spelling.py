"""Values as the text of a module writes them: literals, and references to what is elsewhere.

A reference is written as the module that holds it can: to what it declares itself by address, to
what a module that it calls gives out by that output, to what it is given by its variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from fglint.configuration.scopes import ModuleInstance
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import marks_deep
from fglint.evaluation.marks import SecretOrigin
from fglint.evaluation.values import (
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    Parts,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.model.written import Written
from fglint.records import dataclass
from fglint.syntax.members import CannotEditError

_MODULES = re.compile(r"(?:module\.[^.\[]+(?:\[[^\]]*\])?\.)*")
_ADDRESS = re.compile(
    r"((?:module\.[\w-]+(?:\[[^\]]*\])?\.)*(?:data\.)?aws_\w+\.[\w-]+(?:\[[^\]]*\])?)"
    r"((?:\.\w+|\[\w+\])+)"
)
_KEY = re.compile(r"\[[^\]]*\]$")
_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
_NAMES = frozenset({"depends_on", "ignore_changes", "replace_triggered_by"})  # hold no strings
_WIDTH = 60  # an object that is longer stands on several lines
_LIST_WIDTH = 72  # so does a list


@dataclass(eq=False)
class Spelling:
    """Writes values in one module instance; `user` is what they are written for.

    `repeated` is the address of a resource that what is written is repeated with, `new` that of
    what the fix has added before, in this module. A lenient one writes what the module cannot name
    by its whole address, for a reader to hand in.
    """

    deployment: Deployment
    module: str
    user: Entity
    repeated: str = ""
    new: str = ""
    lenient: bool = False

    def text(self, value: Value, name: str = "") -> str:
        """A value as HCL writes it; an entity stands for its id, in depends_on for itself."""
        last = name.rpartition(".")[2]
        if any(isinstance(each, SecretOrigin) for each in marks_deep(value)):
            raise CannotEditError(f"the value for {last} is a secret")
        match plain(value):
            case Written() as written:
                return self._written(written, last)
            case Entity() as entity:
                return self._entity(entity, last)
            case bool() as flag:
                return "true" if flag else "false"
            case int() as number:
                return str(number)
            case Fraction() as number:
                return format(float(number), "g")
            case str() as text:
                return text if last in _NAMES else quoted(text)
            case TupleValue(items) | ListValue(items, _) | SetValue(items, _):
                return self._list([self.text(item, name) for item in items])
            case ObjectValue(items) | MapValue(items, _):
                return self._object([(key, self.text(item)) for key, item in items.items()])
            case Unknown() as unknown:
                return self._unknown(unknown, last)
            case Null():
                return "null"
            case _:
                raise CannotEditError(f"there is no way to write the value for {last}")

    def _list(self, items: list[str]) -> str:
        is_long = sum(map(len, items)) > _LIST_WIDTH or any("\n" in item for item in items)
        if is_long and len(items) > 1:
            inner = ",\n".join(items).replace("\n", "\n  ")
            return f"[\n  {inner},\n]"
        return f"[{', '.join(items)}]"

    def _object(self, members: list[tuple[str, str]]) -> str:
        keys = [key if _IDENTIFIER.fullmatch(key) else quoted(key) for key, _ in members]
        pairs = [f"{key} = {text}" for key, (_, text) in zip(keys, members, strict=True)]
        line = f"{{ {', '.join(pairs)} }}" if pairs else "{}"
        if len(line) <= _WIDTH and "\n" not in line:
            return line
        inner = "\n".join(pairs).replace("\n", "\n  ")
        return f"{{\n  {inner}\n}}"

    def _written(self, written: Written, name: str) -> str:
        if written.function:
            assert written.of is not None
            return written.function.replace("…", self.text(written.of))
        if written.is_new:
            if not self.new:
                raise CannotEditError("what is added here lies in another module")
            return f"{self.new}.{written.text}" if written.text else self.new
        if written.verbatim:
            return written.text
        if written.of is None:
            return _ADDRESS.sub(lambda found: self.referred(found[1], found[2]), written.text)
        entity = plain(written.of)
        if not isinstance(entity, Entity):
            raise CannotEditError(f"what {name} refers to is not known")
        return self.reference(entity, f".{written.text}")

    def _unknown(self, unknown: Unknown, name: str) -> str:
        if isinstance(unknown.content, Parts):
            return "".join(('"', *map(self._part, unknown.content.parts), '"'))
        ref = unknown.ref
        if ref is not None and ref.is_one and ref.kind in ("computed", "data", "variable"):
            return self.referred(ref.address, ref.path)
        raise CannotEditError(f"the value for {name} is not known")

    def _part(self, value: Value) -> str:
        bare = plain(value)
        return quoted(bare)[1:-1] if isinstance(bare, str) else f"${{{self.text(bare, 'it')}}}"

    # ---- references ---------------------------------------------------------------------------

    def _entity(self, entity: Entity, name: str) -> str:
        if name != "depends_on":
            return self.reference(entity, ".id")
        if entity.external and not entity.address:
            raise CannotEditError(f"{entity} lies outside the configuration")
        if self.deployment.graph.reaches(entity.address, self.user.address):
            raise CannotEditError(f"{entity.address} depends on {self.user.address} itself")
        address = _below(entity.address, self.module)
        if address is None:
            raise CannotEditError(f"{entity.address} lies in another module")
        if address.startswith("module."):
            address = ".".join(address.split(".")[:2])
        return _KEY.sub("", address)

    def reference(self, entity: Entity, path: str) -> str:
        """The reference to an attribute of an entity."""
        if not entity.address or (entity.external and "." not in entity.address):
            raise CannotEditError(f"{entity} lies outside the configuration")
        return self.referred(entity.address, path)

    def referred(self, address: str, path: str) -> str:
        """The reference to a path of what stands at an address."""
        local = _below(address, self.module)
        if local is not None and not local.startswith("module."):
            return self._repeated(address, local) + path
        module = self._instance()
        if local is not None:
            for name, call in _called(module):
                for output in call.written.outputs:
                    if _is(_attempt(call, "output", output), address, path):
                        return f"{name}.{output}"
        for variable in module.written.variables:
            if _is(_attempt(module, "variable", variable), address, path):
                return f"var.{variable}"
        if self.lenient:
            return f"{address}{path}"
        raise CannotEditError(f"{address} lies in another module")

    def _repeated(self, address: str, local: str) -> str:
        if address != self.repeated or not _KEY.search(local):
            return local
        return _KEY.sub("[each.key]" if local.endswith('"]') else "[count.index]", local)

    def _instance(self) -> ModuleInstance:
        for module in self.deployment.configuration.modules():
            if module.address == self.module:
                return module
        raise CannotEditError("the module that it would be written in is not known")


def _called(module: ModuleInstance) -> Iterator[tuple[str, ModuleInstance]]:
    prefix = f"{module.address}." if module.address else ""
    for name in module.written.calls:
        for instance in module.module_call(name).instances:
            yield instance.address.removeprefix(prefix), instance


def _attempt(module: ModuleInstance, what: str, name: str) -> Value:
    try:
        return module.output(name) if what == "output" else module.variable(name)
    except EvaluationError:
        return Null()


def _is(value: Value, address: str, path: str) -> bool:
    bare = plain(value)
    ref = bare.ref if isinstance(bare, Unknown) else None
    return ref is not None and (ref.address, ref.path) == (address, path)


def _below(address: str, module: str) -> str | None:
    """An address seen from a module instance around it; None for what lies elsewhere."""
    if not module:
        return address
    return address.removeprefix(f"{module}.") if address.startswith(f"{module}.") else None


def module_of(address: str) -> str:
    """The module instance that an address lies in; "" for the root module."""
    found = _MODULES.match(address)
    return "" if found is None else found[0].removesuffix(".")


def quoted(text: str) -> str:
    """A string in quotes."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + text.replace("${", "$${").replace("%{", "%%{") + '"'
