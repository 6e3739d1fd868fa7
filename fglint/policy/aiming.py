"""Finds what is written at a place: the block, object or expression that a change aims at."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.policy.consequences import affected
from fglint.policy.spelling import module_of
from fglint.records import dataclass
from fglint.source import Range, SourceFile
from fglint.syntax.editing import Editor
from fglint.syntax.members import CannotEditError, Container, bare
from fglint.syntax.nodes import (
    Attribute,
    Block,
    Expression,
    Literal,
    Node,
    ObjectCons,
    Template,
    children,
)


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A place, the entity that it belongs to, and the addresses that may change with it."""

    place: Range
    entity: Entity
    addresses: frozenset[str]


class Aim:
    """What stands at the place of a target, and what is noted of it: who changes with it."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.configuration = deployment.configuration
        self.editors: dict[int, Editor] = {}
        self.targets: set[str] = set()
        self.affects: set[str] = set()
        self.target: Target
        self.nodes: list[Node] = []

    def aim(self, target: Target) -> None:
        """Turns to a target: what is asked for next is done there."""
        self.target = target
        self.nodes = self.around(target.place)
        self.targets |= target.addresses
        top = self.nodes[0]
        if isinstance(top, Block) and top.type == "data" and top.header() == target.place:
            self.targets.update(affected(self.deployment, target.place, top))

    def module_at(self, target: Target) -> str:
        """The module instance whose text stands at a target."""
        address = module_of(target.entity.address)
        found = [
            module.address
            for module in self.configuration.modules()
            if any(file.source is target.place.source for file in module.written.files)
        ]
        if address in found or not found:
            return address
        around = [each for each in found if not each or address.startswith(f"{each}.")]
        return max(around or found, key=len)

    def editor(self, source: SourceFile) -> Editor:
        """What edits a file; CannotEditError for one that is not the user's, or in JSON syntax."""
        downloaded = self.configuration.is_downloaded(source) or ".terraform/" in source.path
        if downloaded or self._stands_in(source):
            raise CannotEditError(f"{source.path} belongs to a module that is downloaded")
        self._body(source)
        return self.editors.setdefault(id(source), Editor(source))

    def _stands_in(self, source: SourceFile) -> bool:
        """Whether a file is that of a stand-in for a module that is not here."""
        return any(
            file.source is source
            for module in self.configuration.modules()
            if module.stands_in is not None
            for file in module.written.files
        )

    def _body(self, source: SourceFile) -> Node:
        for file in self.configuration.files:
            if file.source is source:
                if file.body.json:
                    raise CannotEditError(f"{source.path} is in JSON syntax")
                return file.body
        raise CannotEditError(f"{source.path} is no file of Terraform's native syntax")

    def around(self, place: Range) -> list[Node]:
        """The nodes around a place, from the top-level block down to the innermost."""
        found: list[Node] = []
        node: Node | None = self._body(place.source)
        while node is not None:
            inside = (n for n in children(node) if n.start <= place.start and place.end <= n.end)
            node = next(inside, None)
            if node is not None:
                found.append(node)
        if not found:
            raise CannotEditError("what has to change is not written out in a block")
        return found

    def note(self, place: Range) -> None:
        """Notes what changes with the text at a place."""
        self.affects.update(affected(self.deployment, place, self.around(place)[0]))

    def container(self) -> Container:
        """The block or object that is written at the place, or the block of an argument there."""
        place, nodes = self.target.place, self.nodes
        top = nodes[0]
        if isinstance(top, Block) and top.type == "module":
            raise CannotEditError(f"module.{top.label(0)} makes it, and has inputs of its own")
        if not _declares_variable(nodes[0]):  # which leaves the values of its readers alone
            self.note(place)
        for node in nodes:
            if isinstance(node, Block) and node.header() == place:
                return node
            if isinstance(node, Expression) and place.start <= node.start:
                inner = bare(node)
                if node.end == place.end and isinstance(inner, ObjectCons):
                    return inner
        for block, _, node in zip(nodes, nodes[1:], nodes[2:], strict=False):
            if isinstance(block, Block) and isinstance(node, Attribute):
                spans = (
                    (node.expression.start, node.expression.end),
                    (node.start, node.end),
                )
                if block.type != "locals" and (place.start, place.end) in spans:
                    return block
        raise self._not_written()

    def expression(self) -> Expression:
        """The expression that is written at the place."""
        span = self.target.place.start, self.target.place.end
        for node in self.nodes:
            if isinstance(node, Expression) and (node.start, node.end) == span:
                return node
        raise self._not_written()

    def _not_written(self) -> CannotEditError:
        if any(isinstance(node, Template | Literal) for node in self.nodes):
            return CannotEditError("it stands in JSON text, which stays as it is")
        return CannotEditError("what has to change is not written out where it is used")

    def is_heredoc_string(self) -> bool:
        """Whether the place is a string of the JSON that a heredoc holds."""
        text = self.target.place.source.text
        heredocs = (node for node in self.nodes if isinstance(node, Template | Literal))
        within = any(text.startswith("<<", node.start) for node in heredocs)
        return within and self.target.place.text[:1] == self.target.place.text[-1:] == '"'

    def writer(self, container: Container, name: str) -> tuple[Editor, Container]:
        """Where a name is written: in the last block that overrides it, else in the block."""
        if not isinstance(container, Block):
            return self.editor(self.target.place.source), container
        first = name.partition(".")[0]
        found = container
        for block in self._overriding(container):
            if first in block.body.attributes or any(block.body.blocks_of(first)):
                found = block
        if found.body.json:
            raise CannotEditError(f"{found.body.source.path} is in JSON syntax")
        return self.editor(found.body.source), found

    def _overriding(self, block: Block) -> Iterator[Block]:
        """The blocks of override files that change a top-level block, the last to win."""
        for module in self.configuration.modules():
            for declaration in module.written.resources.values():
                if declaration.block is block and len(declaration.written.bodies) > 1:
                    for file in module.written.files:
                        blocks = file.body.blocks
                        yield from (b for b in blocks if b.body in declaration.written.bodies[1:])


def _declares_variable(node: Node) -> bool:
    return isinstance(node, Block) and node.type == "variable"
