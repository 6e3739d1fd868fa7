"""Changes of the user's text, each of what one target is.

Each change aims at one target: a block or object, or the expression of an attribute. A value that
is a reference is changed where it is written, if nothing else uses what is written there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fglint.configuration.scopes import ModuleCall
from fglint.evaluation.references import references
from fglint.finding import Edit
from fglint.model.entity import Entity
from fglint.policy.aiming import Aim
from fglint.policy.consequences import use_count
from fglint.policy.elsewhere import source_of
from fglint.policy.waiting import call_to_wait
from fglint.source import SourceFile
from fglint.syntax.members import (
    CannotEditError,
    NotWrittenHereError,
    is_constant,
    like,
)
from fglint.syntax.nodes import (
    Attribute,
    Block,
    Call,
    Conditional,
    Expression,
    GetAttr,
    Literal,
    Node,
    Splat,
    TupleCons,
    children,
)
from fglint.syntax.writing import NewBlock


class Change(Aim):
    """The edits of one fix, in as many files as it takes."""

    def edits(self) -> tuple[Edit, ...]:
        """All edits."""
        return tuple(
            Edit(editor.source.range(*span), text)
            for editor in self.editors.values()
            for *span, text in editor.edits()
        )

    # ---- blocks and objects -------------------------------------------------------------------

    def assign(self, members: dict[str, str]) -> None:
        """Gives arguments or members values."""
        try:
            container = self.container()
        except CannotEditError as error:
            for name, text in members.items():
                self._assign_elsewhere(name, text, error)
            return
        for name, text in members.items():
            editor, owner = self.writer(container, name)
            try:
                editor.assign(owner, name, text)
            except NotWrittenHereError as error:
                self._assign_elsewhere(name, text, error)

    def append(self, name: str, texts: Sequence[str]) -> None:
        """Adds elements to a list."""
        editor, owner = self.writer(self.container(), name)
        editor.append(owner, name, list(dict.fromkeys(texts)))

    def remove(self, names: Sequence[str]) -> None:
        """Takes out what is there; CannotEditError where none of it is."""
        container = self.container()
        failed: list[CannotEditError] = []
        for name in names:
            editor, owner = self.writer(container, name)
            try:
                editor.remove(owner, name)
            except CannotEditError as error:
                failed.append(error)
        if failed and len(failed) == len(names):
            raise failed[0]

    def rename(self, names: dict[str, str]) -> None:
        """Gives arguments other names."""
        container = self.container()
        for old, new in names.items():
            editor, owner = self.writer(container, old)
            editor.rename(owner, old, new)

    def add(self, block: NewBlock) -> None:
        """Adds a nested block."""
        container = self.container()
        if not isinstance(container, Block):
            raise CannotEditError(f"there is no block that a {block.header} block could stand in")
        editor, owner = self.writer(container, block.header)
        assert isinstance(owner, Block)
        editor.add_block(owner, block)

    def create(self, beside: Entity, block: NewBlock) -> None:
        """Adds a top-level block behind that of an entity."""
        place = beside.place()
        assert place is not None
        top = self.around(place)[0]
        if not isinstance(top, Block):
            raise CannotEditError(f"{beside} is not written as a block")
        self.editor(place.source).insert_after(top, block)

    def drop(self) -> None:
        """Takes the whole top-level block out."""
        top = self.nodes[0]
        assert isinstance(top, Block)
        self.editor(self.target.place.source).drop(top)

    def retype(self, type_: str) -> None:
        """Gives a resource or data source another type, in all references of its module, too."""
        top = self.nodes[0]
        assert isinstance(top, Block)
        names, data = (top.label(0), top.label(1)), top.type == "data"
        self.editor(self.target.place.source).relabel(top, 0, type_)
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
        editor = self.editor(source)
        if isinstance(node, GetAttr):
            editor.refer(node, type_)
        else:
            editor.replace(node, type_)

    def wait(self, others: Sequence[Entity]) -> None:
        """Lets the call of a module around the target wait for what lies in other modules."""
        wanted: dict[ModuleCall, dict[str, None]] = {}
        for other in others:
            call, name = call_to_wait(self.deployment, self.target.entity, other)
            wanted.setdefault(call, {})[name] = None
        for call, names in wanted.items():
            block = call.declaration.block
            self.editor(block.body.source).append(block, "depends_on", list(names))

    # ---- expressions --------------------------------------------------------------------------

    def enclose(self) -> None:
        """Puts the expression into brackets."""
        node = self.expression()
        if isinstance(node, Call) and node.name == "jsonencode" and node.arguments:
            node = node.arguments[0]
        self.editor(self.target.place.source).enclose(node)
        self.note(self.target.place)

    def unwrap(self) -> None:
        """Takes the brackets around the expression away, which is all that they hold."""
        inner, source = self.expression(), self.target.place.source
        outer = next((n for n in self.nodes if isinstance(n, TupleCons) and n is not inner), None)
        if outer is None or outer.items != (inner,):
            raise CannotEditError("it is not alone in its brackets")
        self.editor(source).unwrap(outer)
        self.note(self.target.place)

    def replace(self, text: str) -> None:
        """Puts another expression in its place."""
        place = self.target.place
        editor = self.editor(place.source)
        if self.is_heredoc_string():
            editor.put(place.start, place.end, f'"${{{text}}}"')
        else:
            editor.replace(self.expression(), text)
        self.note(place)

    def refer(self, names: dict[str, str]) -> None:
        """Lets the first reference in it that ends in one of these names end in another."""
        for found in references(self.expression()):
            node = found.node
            last = node.body if isinstance(node, Splat) else node
            if isinstance(last, GetAttr) and last.name in names and node is not found.head:
                end = GetAttr(node.start, node.end, node, last.name)
                self.editor(self.target.place.source).refer(end, names[last.name])
                return
        raise CannotEditError("what has to change is not written out where it is used")

    def lengthen(self, text: str) -> None:
        """Adds to the end of its text."""
        self.editor(self.target.place.source).lengthen(self.expression(), text)
        self.note(self.target.place)

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
        if any(isinstance(each, Conditional) for each in self.around(place.placed.range)):
            raise CannotEditError("a condition chooses between it and another value")
        self.editor(place.placed.source).replace(node, like(node, text))
        self.note(place.placed.range)


def _expressions(node: Node) -> Iterator[Expression]:
    for child in children(node):
        if isinstance(child, Attribute):
            yield child.expression
        else:
            yield from _expressions(child)
