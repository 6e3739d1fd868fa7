"""What of a resource is on its way out of the provider."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.configuration.requirements import Majors
from fglint.evaluation.types import BOOL, DYNAMIC, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, TupleValue
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.written import Written
from fglint.provider.deprecations import DEPRECATIONS, Deprecation
from fglint.source import Range
from fglint.syntax.nodes import Call, Literal, Template

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

_DOWNLOADED = ".terraform/"


class Outdated(Entity):
    """A type, argument or attribute that a resource uses and that is on its way out."""

    kind = "deprecation"

    def __init__(
        self,
        deployment: Deployment,
        instance: Instance,
        row: Deprecation,
        range: Range,
        gone: bool,
    ) -> None:
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.deployment = deployment
        self.instance = instance
        self.row = row
        self.range = range
        self.is_gone = gone

    def __str__(self) -> str:
        prefix = "data source " if self.row.mode == "data" else ""
        member = self.row.argument or self.row.attribute
        return f"{prefix}{self.row.type}" + (f".{member}" if member else "")

    def place(self) -> Range | None:
        """Where it is used."""
        return self.range

    @attribute(BOOL)
    def data(self) -> Attribute:
        """Whether it is a data source, or of one."""
        return Attribute(self.row.mode == "data", self.place)

    @attribute(ListType(EntityType("usage")))
    def uses(self) -> Attribute:
        """The references to it, where it is a data source or an attribute."""
        found = [Usage(self, one) for one in self._uses()]
        return Attribute(TupleValue(tuple(found)), self.place)

    def _uses(self) -> list[Range]:
        one, wanted = self.instance, self.row.attribute
        uses = self.deployment.uses.get((one.module, one.mode, one.type, one.name), [])
        return [use.range for use in uses if not wanted or use.attribute == wanted]

    @attribute(DYNAMIC, nullable=True)
    def inlined(self) -> Attribute:
        """The call of templatefile() that a template_file of one use stands for; else null."""
        return Attribute(self._inlined() or NULL, self.place)

    def _inlined(self) -> Written | None:
        body = self.instance.block.body
        arguments, text = body.attributes, body.source.text
        template, given = arguments.get("template"), arguments.get("vars")
        node = None if template is None else template.expression
        if isinstance(node, Template) and node.wraps:
            node = node.parts[0]
        is_file = isinstance(node, Call) and node.name == "file" and len(node.arguments) == 1
        known = {"template", "vars"}.issuperset(arguments) and not body.blocks
        if not isinstance(node, Call) or not is_file or not known or len(self._uses()) != 1:
            return None
        path = node.arguments[0]
        written = "{}"
        if given is not None:
            lines = text[given.expression.start : given.expression.end].split("\n")
            indent = text[text.rfind("\n", 0, given.start) + 1 : given.start]
            written = "\n".join(line.removeprefix(indent).rstrip("\r") for line in lines)
        call = f"templatefile({text[path.start : path.end]}, {written})"
        return Written(call, verbatim=True)

    @attribute(STRING)
    def name(self) -> Attribute:
        """The type, and the argument or attribute after a dot: `aws_eip.vpc`."""
        return Attribute(str(self).removeprefix("data source "), self.place)

    @attribute(STRING)
    def instead(self) -> Attribute:
        """What replaces it."""
        return Attribute(self.row.instead, self.place)

    @attribute(STRING)
    def form(self) -> Attribute:
        """`alias`, `outdated`, or `ended` where the service behind it has."""
        return Attribute(self.row.kind, self.place)

    @attribute(BOOL)
    def gone(self) -> Attribute:
        """Whether no version of the provider that is permitted has it."""
        return Attribute(self.is_gone, self.place)

    @attribute(STRING)
    def fate(self) -> Attribute:
        """What becomes of it, in words."""
        row = self.row
        if row.kind == "alias":
            return Attribute("another name of the same type", self.place)
        if row.kind == "ended":
            return Attribute("for AWS App Mesh, which ended on 2026-09-30", self.place)
        if row.gone is not None:
            return Attribute(f"gone since version {row.gone} of the provider", self.place)
        return Attribute("deprecated", self.place)


class Usage(Entity):
    """A reference to what is on its way out."""

    kind = "usage"

    def __init__(self, of: Outdated, range: Range) -> None:
        super().__init__(of.address, of.header, maybe=of.maybe)
        self.part_of = of
        self.range = range

    def place(self) -> Range | None:
        """The reference."""
        return self.range


def outdated(deployment: Deployment, instance: Instance, permitted: Majors) -> Iterator[Outdated]:
    """What of an instance is on its way out, given the versions of the provider in use.

    Modules of others are their authors' to mend.
    """
    if instance.stood_in_for is not None or _DOWNLOADED in instance.block.body.source.path:
        return
    for row in DEPRECATIONS:
        if (row.mode, row.type) != (instance.mode, instance.type):
            continue
        if permitted.most is not None and permitted.most < row.since:
            continue
        if row.attribute and permitted.least < row.since:
            continue  # its replacement is not there in all versions that are permitted
        gone = row.gone is not None and permitted.least >= row.gone
        for place in _places(deployment, instance, row):
            yield Outdated(deployment, instance, row, place, gone)


def _places(deployment: Deployment, instance: Instance, row: Deprecation) -> Iterator[Range]:
    body = instance.block.body
    if row.attribute:
        key = (instance.module, instance.mode, instance.type, instance.name)
        uses = [use for use in deployment.uses.get(key, []) if use.attribute == row.attribute]
        yield from (use.range for use in uses[:1])
    elif not row.argument:
        yield instance.header
    elif row.argument in body.attributes:
        found = body.attributes[row.argument]
        node = found.expression
        if not (isinstance(node, Literal) and node.value is None):
            yield body.source.range(found.start, found.end)
    else:
        yield from (each.header() for each in list(body.blocks_of(row.argument))[:1])
