"""A resource or data source that a fix adds: its header, and how often it is there."""

from __future__ import annotations

import re

from fglint.configuration.instance import Instance
from fglint.configuration.scopes import ModuleInstance
from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.policy.spelling import module_of
from fglint.syntax.members import CannotEditError

_KEYED = re.compile(r"\[[^\]]*\]$")


class Addition:
    """What is added beside an entity: as often as that is there.

    `wanted` is TYPE, TYPE.NAME or data.TYPE.NAME; without a name it gets the entity's. A name that
    is taken gets a number.
    """

    def __init__(self, deployment: Deployment, beside: Entity, wanted: str) -> None:
        self.deployment = deployment
        self.beside = self._instance(beside)
        mode = "data" if wanted.startswith("data.") else "managed"
        type_, _, name = wanted.removeprefix("data.").partition(".")
        keyed = _KEYED.search(self.beside.address) is not None and mode == "managed"
        self.repeated = self.beside.address if keyed else ""
        self.name = self._free(mode, type_, name or self.beside.name)
        self.address = f"{'' if mode == 'managed' else 'data.'}{type_}.{self.name}"
        kind = "resource" if mode == "managed" else "data"
        self.header = f'{kind} "{type_}" "{self.name}"'

    @property
    def repetition(self) -> list[tuple[str, str]]:
        """The count or for_each that lets it be there as often as the entity."""
        if not self.repeated:
            return []
        beside = self.beside
        named = f"{'data.' if beside.mode == 'data' else ''}{beside.type}.{beside.name}"
        if "for_each" in beside.block.body.attributes:
            return [("for_each", named)]
        return [("count", f"length({named})")]

    def _instance(self, entity: Entity) -> Instance:
        for instance in self.deployment.configuration.instances:
            if instance.address == entity.address:
                return instance
        raise CannotEditError(f"{entity} lies outside the configuration")

    def _free(self, mode: str, type_: str, name: str) -> str:
        taken = self._module().written.resources
        number, found = 1, name
        while (mode, type_, found) in taken:
            number += 1
            found = f"{name}_{number}"
        return found

    def _module(self) -> ModuleInstance:
        address = module_of(self.beside.address)
        for module in self.deployment.configuration.modules():
            if module.address == address:
                return module
        raise CannotEditError("the module that it would be written in is not known")
