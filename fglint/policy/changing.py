"""Changes of the user's text: finds what is written at a place, edits it, and notes what follows.

Each change aims at one target: a block or object, or the expression of an attribute. A value that
is a reference is changed where it is written, if nothing else uses what is written there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fglint.evaluation.references import references
from fglint.finding import Edit
from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.policy.consequences import affected, use_count
from fglint.policy.elsewhere import source_of
from fglint.policy.spelling import module_of
from fglint.records import dataclass
from fglint.source import Range, SourceFile
from fglint.syntax.editing import Editor
from fglint.syntax.members import (
    CannotEditError,
    Container,
    NotWrittenHereError,
    bare,
    is_constant,
    like,
)
from fglint.syntax.nodes import (
    Attribute,
    Block,
    Call,
    Expression,
    GetAttr,
    Literal,
    Node,
    ObjectCons,
    Splat,
    Template,
    TupleCons,
    children,
)
from fglint.syntax.writing import NewBlock


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A place, the entity that it belongs to, and the addresses that may change with it."""

    place: Range
    entity: Entity
    addresses: frozenset[str]


class Change:
    """The edits of one fix, in as many files as it takes."""

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
        self.nodes = self._around(target.place)
        self.targets |= target.addresses
        top = self.nodes[0]
        if isinstance(top, Block) and top.type == "data" and top.header() == target.place:
            self.targets.update(affected(self.deployment, target.place, top))

    def edits(self) -> tuple[Edit, ...]:
        """All edits."""
        return tuple(
            Edit(editor.source.range(*span), text)
            for editor in self.editors.values()
            for *span, text in editor.edits()
        )

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

    # ---- blocks and objects -------------------------------------------------------------------

    def assign(self, members: dict[str, str]) -> None:
        """Gives arguments or members values."""
        try:
            container = self._container()
        except CannotEditError as error:
            for name, text in members.items():
                self._assign_elsewhere(name, text, error)
            return
        for name, text in members.items():
            editor, owner = self._writer(container, name)
            try:
                editor.assign(owner, name, text)
            except NotWrittenHereError as error:
                self._assign_elsewhere(name, text, error)

    def append(self, name: str, texts: Sequence[str]) -> None:
        """Adds elements to a list."""
        editor, owner = self._writer(self._container(), name)
        editor.append(owner, name, list(dict.fromkeys(texts)))

    def remove(self, names: Sequence[str]) -> None:
        """Takes out what is there; CannotEditError where none of it is."""
        container = self._container()
        failed: list[CannotEditError] = []
        for name in names:
            editor, owner = self._writer(container, name)
            try:
                editor.remove(owner, name)
            except CannotEditError as error:
                failed.append(error)
        if failed and len(failed) == len(names):
            raise failed[0]

    def rename(self, names: dict[str, str]) -> None:
        """Gives arguments other names."""
        container = self._container()
        for old, new in names.items():
            editor, owner = self._writer(container, old)
            editor.rename(owner, old, new)

    def add(self, block: NewBlock) -> None:
        """Adds a nested block."""
        container = self._container()
        if not isinstance(container, Block):
            raise CannotEditError(f"there is no block that a {block.header} block could stand in")
        editor, owner = self._writer(container, block.header)
        assert isinstance(owner, Block)
        editor.add_block(owner, block)

    def create(self, beside: Entity, block: NewBlock) -> None:
        """Adds a top-level block behind that of an entity."""
        place = beside.place()
        assert place is not None
        top = self._around(place)[0]
        if not isinstance(top, Block):
            raise CannotEditError(f"{beside} is not written as a block")
        self._editor(place.source).insert_after(top, block)

    def drop(self) -> None:
        """Takes the whole top-level block out."""
        top = self.nodes[0]
        assert isinstance(top, Block)
        self._editor(self.target.place.source).drop(top)

    def retype(self, type_: str) -> None:
        """Gives a resource or data source another type, in all references of its module, too."""
        top = self.nodes[0]
        assert isinstance(top, Block)
        names, data = (top.label(0), top.label(1)), top.type == "data"
        self._editor(self.target.place.source).relabel(top, 0, type_)
        address = self.module_at(self.target)
        module = next(each for each in self.configuration.modules() if each.address == address)
        for file in module.written.files:
            for expression in _expressions(file.body):
                for found in references(expression):
                    if found.names == names and (found.kind == "data") == data:
                        self._retype(file.source, found.head, type_)

    def _retype(self, source: SourceFile, head: Expression, type_: str) -> None:
        assert isinstance(head, GetAttr)
        node = head.object
        editor = self._editor(source)
        if isinstance(node, GetAttr):
            editor.refer(node, type_)
        else:
            editor.replace(node, type_)

    # ---- expressions --------------------------------------------------------------------------

    def enclose(self) -> None:
        """Puts the expression into brackets."""
        node = self._expression()
        if isinstance(node, Call) and node.name == "jsonencode" and node.arguments:
            node = node.arguments[0]
        self._editor(self.target.place.source).enclose(node)
        self._note(self.target.place)

    def unwrap(self) -> None:
        """Takes the brackets around the expression away, which is all that they hold."""
        inner, source = self._expression(), self.target.place.source
        outer = next((n for n in self.nodes if isinstance(n, TupleCons) and n is not inner), None)
        if outer is None or outer.items != (inner,):
            raise CannotEditError("it is not alone in its brackets")
        self._editor(source).unwrap(outer)
        self._note(self.target.place)

    def replace(self, text: str) -> None:
        """Puts another expression in its place."""
        self._editor(self.target.place.source).replace(self._expression(), text)
        self._note(self.target.place)

    def refer(self, names: dict[str, str]) -> None:
        """Lets the first reference in it that ends in one of these names end in another."""
        for found in references(self._expression()):
            node = found.node
            last = node.body if isinstance(node, Splat) else node
            if isinstance(last, GetAttr) and last.name in names and node is not found.head:
                end = GetAttr(node.start, node.end, node, last.name)
                self._editor(self.target.place.source).refer(end, names[last.name])
                return
        raise CannotEditError("what has to change is not written out where it is used")

    def lengthen(self, text: str) -> None:
        """Adds to the end of its text."""
        self._editor(self.target.place.source).lengthen(self._expression(), text)
        self._note(self.target.place)

    # ---- where the text is --------------------------------------------------------------------

    def _editor(self, source: SourceFile) -> Editor:
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

    def _around(self, place: Range) -> list[Node]:
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

    def _note(self, place: Range) -> None:
        """Notes what changes with the text at a place."""
        self.affects.update(affected(self.deployment, place, self._around(place)[0]))

    def _container(self) -> Container:
        """The block or object that is written at the place, or the block of an argument there."""
        place, nodes = self.target.place, self.nodes
        top = nodes[0]
        if isinstance(top, Block) and top.type == "module":
            raise CannotEditError(f"module.{top.label(0)} makes it, and has inputs of its own")
        if not _declares_variable(nodes[0]):  # which leaves the values of its readers alone
            self._note(place)
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
        if any(isinstance(node, Template | Literal) for node in nodes):
            raise CannotEditError("it stands in JSON text, which stays as it is")
        raise CannotEditError("what has to change is not written out where it is used")

    def _expression(self) -> Expression:
        span = self.target.place.start, self.target.place.end
        for node in self.nodes:
            if isinstance(node, Expression) and (node.start, node.end) == span:
                return node
        raise CannotEditError("what has to change is not written out where it is used")

    def _writer(self, container: Container, name: str) -> tuple[Editor, Container]:
        """Where a name is written: in the last block that overrides it, else in the block."""
        if not isinstance(container, Block):
            return self._editor(self.target.place.source), container
        first = name.partition(".")[0]
        found = container
        for block in self._overriding(container):
            if first in block.body.attributes or any(block.body.blocks_of(first)):
                found = block
        if found.body.json:
            raise CannotEditError(f"{found.body.source.path} is in JSON syntax")
        return self._editor(found.body.source), found

    def _overriding(self, block: Block) -> Iterator[Block]:
        """The blocks of override files that change a top-level block, the last to win."""
        for module in self.configuration.modules():
            for declaration in module.written.resources.values():
                if declaration.block is block and len(declaration.written.bodies) > 1:
                    for file in module.written.files:
                        blocks = file.body.blocks
                        yield from (b for b in blocks if b.body in declaration.written.bodies[1:])

    def _assign_elsewhere(self, name: str, text: str, error: CannotEditError) -> None:
        """Changes a value where it is written, if that is used here alone."""
        found = source_of(self.target.entity, name)
        if found is None:
            raise error
        place, through = found
        node = place.placed.node
        if not is_constant(node) or (isinstance(node, Literal) and node.value is None):
            raise error
        for each in through:
            if use_count(self.configuration, each) != 1:
                raise CannotEditError(f"{error}; {each} is used elsewhere, too")
        self._editor(place.placed.source).replace(node, like(node, text))
        self._note(place.placed.range)


def _declares_variable(node: Node) -> bool:
    return isinstance(node, Block) and node.type == "variable"


def _expressions(node: Node) -> Iterator[Expression]:
    for child in children(node):
        if isinstance(child, Attribute):
            yield child.expression
        else:
            yield from _expressions(child)
