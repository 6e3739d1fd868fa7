"""Input variables and outputs of all modules, as declarations: what they say of secrets."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration import variables
from fglint.configuration.designation import designated
from fglint.configuration.module import Declaration, Placed
from fglint.configuration.scopes import ModuleInstance, flag
from fglint.configuration.type_constraints import constraint_of
from fglint.evaluation.inspection import marks_deep
from fglint.evaluation.marks import SENSITIVE, SecretOrigin
from fglint.evaluation.types import BOOL, DYNAMIC, STRING
from fglint.evaluation.values import NULL, Value
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.recognition import Context, is_reference, recognize
from fglint.provider.secrets import secret_name
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

_DOWNLOADED = ".terraform"
_SECRETS = ("text", "random text", "credential")


class Declared(Entity):
    """One input variable or output of a module, as it is declared."""

    kind = "variable"
    confidential = True

    def __init__(self, module: ModuleInstance, name: str, declaration: Declaration) -> None:
        what = "var" if declaration.block.type == "variable" else "output"
        prefix = f"{module.address}." if module.address else ""
        super().__init__(f"{prefix}{what}.{name}", declaration.header)
        self.module = module
        self.instances = [module]
        self.name = name
        self.declaration = declaration
        self.is_input = what == "var"

    def _place_of(self, name: str) -> Range:
        placed = self.declaration.written.get(name)
        return self.declaration.header if placed is None else placed.range

    @attribute(STRING)
    def name_(self) -> Attribute:
        """Its name."""
        return Attribute(self.name, self.place)

    @attribute(BOOL)
    def input(self) -> Attribute:
        """Whether it is an input variable; false for an output."""
        return Attribute(self.is_input, self.place)

    @attribute(BOOL)
    def sensitive(self) -> Attribute:
        """Whether it is declared sensitive."""
        found = flag(self.declaration, "sensitive")
        return Attribute(found, lambda: self._place_of("sensitive"))

    @attribute(BOOL)
    def has_secret_name(self) -> Attribute:
        """Whether it is an input that is called like a secret, and may hold one as a text.

        A variable whose value names a secret holds none: an ARN, or what is used as a name.
        """
        if not self.is_input or not secret_name(self.name) or self._names_one:
            return Attribute(False, self.place)
        type_ = constraint_of(self.module.session, self.declaration).type
        # Of any type, `secrets` and `credentials` are lists of references.
        is_list = self.name.lower().endswith(("secrets", "credentials"))
        is_text = type_ == STRING or (type_ == DYNAMIC and not is_list)
        return Attribute(is_text, self.place)

    @property
    def _names_one(self) -> bool:
        """Whether its values say which secret is meant, by their use or as they are."""
        if self.name in designated(self.module.session, self.module.written):
            return True
        return all(is_reference(value) for value in self._values)

    @cached_property
    def _values(self) -> list[Value]:
        """What it is in each instance of its module."""
        if self.is_input:
            return [module.variable(self.name) for module in self.instances]
        return [module.output(self.name) for module in self.instances]

    @attribute(BOOL)
    def hidden(self) -> Attribute:
        """Whether Terraform hides what it carries.

        It is declared sensitive or ephemeral; or it is of a module below the root, and what it is
        given is sensitive already, in each instance of the module.
        """
        declared = self.sensitive
        if declared.value is True or flag(self.declaration, "ephemeral"):
            return Attribute(True, declared.place)
        if self.module.call is None:
            return declared
        return Attribute(all(SENSITIVE in marks_deep(v) for v in self._values), declared.place)

    @attribute(STRING, nullable=True)
    def written_class(self) -> Attribute:
        """What the code gives an input, as the class of a text; null where it gives no text.

        That is its default, or what a variables file gives it, whichever holds a secret.
        """
        default = self.declaration.written.get("default")
        found = [(self._class_of(default, self.module), default)]
        given = self._given
        if given is not None:
            scope = variables.nothing(self.module.session)
            found.insert(0, (self._class_of(given, scope), given))
        chosen = next((each for each in found if each[0] in _SECRETS), found[0])
        placed = chosen[1]
        return Attribute(chosen[0], self.place if placed is None else lambda: placed.range)

    @cached_property
    def _given(self) -> Placed | None:
        """The value in a variables file; None for one from the command line or environment."""
        if not self.is_input or self.module.call is not None:
            return None
        given = self.module.session.given.get(self.name)
        return given.placed if given is not None and given.raw is None else None

    def _class_of(self, placed: Placed | None, scope: ModuleInstance) -> Value:
        if not self.is_input or placed is None:
            return NULL
        value = self.module.session.attempt(placed, scope)
        if not isinstance(value, str):
            return NULL
        return recognize(value, Context(self.name))[0].class_

    @attribute(STRING, nullable=True)
    def source(self) -> Attribute:
        """The source of secrets that an output comes from; null for none, and for inputs."""
        found: list[str] = []
        if not self.is_input:
            marks = marks_deep(self.module.output(self.name))
            own = f"{self.module.address}.{self.name}"
            found = [m.source for m in marks if isinstance(m, SecretOrigin) and not m.weak]
            found = sorted(source for source in found if source != own)
        return Attribute(found[0] if found else NULL, lambda: self._place_of("value"))


def declarations(deployment: Deployment) -> list[Declared]:
    """The variables and outputs of all modules that are not downloaded, each once."""
    found: dict[tuple[str, int], Declared] = {}
    for module in sorted(deployment.configuration.modules(), key=lambda each: each.address):
        if _DOWNLOADED in module.written.directory.parts:
            continue
        for group in (module.written.variables, module.written.outputs):
            for name, declaration in group.items():
                header = declaration.header
                key = (header.path, header.start)
                if key in found:
                    found[key].instances.append(module)
                else:
                    found[key] = Declared(module, name, declaration)
    return sorted(found.values(), key=lambda each: each.address)
