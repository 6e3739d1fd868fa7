"""Makes the fix of a finding: what a rule wants changed becomes edits of the user's files.

Nothing is guessed: where the text that has to change is not written out, lies in a module that is
not the user's, or stands in a file of JSON, the fix says so and has no edits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from fglint.configuration.loader import Configuration
from fglint.evaluation.values import (
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.finding import Edit, Fix
from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.policy.evidence import entities_on, range_of
from fglint.policy.rule import Assert, FixStatement
from fglint.policy.scope import RuleContext, SubjectScope
from fglint.source import Range, SourceFile
from fglint.syntax.editing import Editor
from fglint.syntax.members import CannotEditError, Container, bare
from fglint.syntax.nodes import Attribute, Block, Call, Expression, Node, ObjectCons, children

_MODULES = re.compile(r"(?:module\.[^.\[]+(?:\[[^\]]*\])?\.)*")
_KEY = re.compile(r"\[[^\]]*\]$")
_NAMES = frozenset({"depends_on", "ignore_changes", "replace_triggered_by"})  # hold no strings


def fix_of(statement: Assert, scope: SubjectScope) -> Fix | None:
    """The fix of a failed assert; None where the rule has none for this case."""
    fix, context = statement.fix, scope.context
    if fix is None or not isinstance(context, RuleContext) or context.deployment is None:
        return None
    evaluate = scope.rule.compiler.evaluate
    if fix.when is not None and plain(evaluate(fix.when.node, scope)) is not True:
        return None
    place, entity = _target(fix, scope)
    if place is None or entity is None:
        return None
    configuration = context.deployment.configuration
    if configuration.is_downloaded(place.source) or ".terraform/" in place.path:
        return None
    maker = _Maker(context.deployment, place, entity, scope)
    try:
        return maker.make(fix)
    except CannotEditError as error:
        return Fix(fix.safety, refusal=str(error), target=entity.address)


def _target(fix: FixStatement, scope: SubjectScope) -> tuple[Range | None, Entity | None]:
    """What is changed: its place, and the entity that it belongs to."""
    placed = fix.enclose or fix.of
    if placed is None:
        return scope.subject.place(), scope.subject
    entity = next(entities_on(placed.node, scope), None)
    if fix.of is not None and plain(scope.rule.compiler.evaluate(placed.node, scope)) is entity:
        return None if entity is None else entity.place(), entity
    return range_of(placed.node, scope), entity


class _Maker:
    """Makes the edits of one fix."""

    def __init__(
        self, deployment: Deployment, place: Range, entity: Entity, scope: SubjectScope
    ) -> None:
        self.deployment = deployment
        self.place = place
        self.entity = entity
        self.scope = scope
        self.editors: dict[int, Editor] = {}

    def make(self, fix: FixStatement) -> Fix:
        """The fix; CannotEditError where the text does not allow it."""
        body = self._body()
        top = _enclosing(body, self.place)
        if fix.enclose is not None:
            self._editor(self.place.source).enclose(self._expression(top))
        else:
            self._change(fix, self._container(top))
        edits = tuple(
            Edit(editor.source.range(*span), text)
            for editor in self.editors.values()
            for *span, text in editor.edits()
        )
        return Fix(fix.safety, edits, "", self.entity.address, frozenset(self._affected(top[0])))

    def _editor(self, source: SourceFile) -> Editor:
        return self.editors.setdefault(id(source), Editor(source))

    def _writer(self, container: Container, name: str) -> tuple[Editor, Container]:
        """Where a name is written: in the last block that overrides it, else in the block."""
        if not isinstance(container, Block):
            return self._editor(self.place.source), container
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
        configuration = self.deployment.configuration
        for module in configuration.modules():
            for declaration in module.written.resources.values():
                if declaration.block is block and len(declaration.written.bodies) > 1:
                    for file in module.written.files:
                        blocks = file.body.blocks
                        yield from (b for b in blocks if b.body in declaration.written.bodies[1:])

    def _change(self, fix: FixStatement, container: Container) -> None:
        evaluate = self.scope.rule.compiler.evaluate
        if fix.assign is not None:
            for name, value in _members(evaluate(fix.assign.node, self.scope)):
                editor, owner = self._writer(container, name)
                editor.assign(owner, name, self._text(value, name))
        if fix.append is not None:
            for name, value in _members(evaluate(fix.append.node, self.scope)):
                texts = [self._text(item, name) for item in _items(value)]
                editor, owner = self._writer(container, name)
                editor.append(owner, name, list(dict.fromkeys(texts)))
        if fix.remove is not None:
            names = [str(plain(v)) for v in _items(evaluate(fix.remove.node, self.scope))]
            self._remove(container, names)

    def _remove(self, container: Container, names: list[str]) -> None:
        """Takes out what is there; CannotEditError where none of it is."""
        failed: list[CannotEditError] = []
        for name in names:
            editor, owner = self._writer(container, name)
            try:
                editor.remove(owner, name)
            except CannotEditError as error:
                failed.append(error)
        if failed and len(failed) == len(names):
            raise failed[0]

    # ---- the text -----------------------------------------------------------------------------

    def _body(self) -> Node:
        for file in self.deployment.configuration.files:
            if file.source is self.place.source:
                if file.body.json:
                    raise CannotEditError(f"{self.place.path} is in JSON syntax")
                return file.body
        raise CannotEditError(f"{self.place.path} is no file of Terraform's native syntax")

    def _container(self, nodes: list[Node]) -> Container:
        """The block or object that is written at the place, or the block of an argument there."""
        for node in nodes:
            if isinstance(node, Block) and node.header() == self.place:
                return node
            if isinstance(node, Expression) and self.place.start <= node.start:
                inner = bare(node)
                if node.end == self.place.end and isinstance(inner, ObjectCons):
                    return inner
        for block, _, node in zip(nodes, nodes[1:], nodes[2:], strict=False):
            if isinstance(block, Block) and isinstance(node, Attribute):
                span = node.expression.start, node.expression.end
                if span == (self.place.start, self.place.end):
                    return block
        raise CannotEditError("what has to change is not written out where it is used")

    def _expression(self, nodes: list[Node]) -> Expression:
        for node in nodes:
            span = node.start, node.end
            if isinstance(node, Expression) and span == (self.place.start, self.place.end):
                if isinstance(node, Call) and node.name == "jsonencode" and node.arguments:
                    return node.arguments[0]
                return node
        raise CannotEditError("what has to change is not written out where it is used")

    # ---- what else the text decides -----------------------------------------------------------

    def _affected(self, top: Node) -> Iterator[str]:
        """The resource instances that the enclosing top-level block makes or is read by."""
        configuration = self.deployment.configuration
        source = self.place.source
        if isinstance(top, Block) and top.type in ("resource", "data"):
            for each in configuration.instances:
                if each.block.body.source is source and each.block.start == top.start:
                    yield each.address
        elif isinstance(top, Block) and top.type in ("locals", "module"):
            yield from self._readers(configuration)

    def _readers(self, configuration: Configuration) -> Iterator[str]:
        """The resource instances that read what is written at the place, however indirectly."""
        graph, at = self.deployment.graph, self.place
        instances = {each.address for each in configuration.instances}
        readers: dict[str, list[str]] = {}
        for node, ends in graph.edges.items():
            for end in ends:
                readers.setdefault(end, []).append(node)
        pending = [
            node
            for node, place in graph.places.items()
            if place.source is at.source and place.start <= at.start and at.end <= place.end
        ]
        seen: set[str] = set()
        while pending:
            node = pending.pop()
            if node in seen:
                continue
            seen.add(node)
            if node in instances:
                yield node
            else:
                pending.extend(readers.get(node, ()))

    # ---- values -------------------------------------------------------------------------------

    def _text(self, value: Value, name: str) -> str:
        """A value as HCL writes it; an entity stands for its id, in depends_on for itself."""
        last = name.rpartition(".")[2]
        match plain(value):
            case Entity() as entity:
                return self._reference(entity, last)
            case bool() as flag:
                return "true" if flag else "false"
            case int() as number:
                return str(number)
            case Fraction() as number:
                return format(float(number), "g")
            case str() as text:
                return text if last in _NAMES else _quoted(text)
            case TupleValue(items) | ListValue(items, _) | SetValue(items, _):
                return f"[{', '.join(self._text(item, name) for item in items)}]"
            case Unknown():
                raise CannotEditError(f"the value for {last} is not known")
            case Null():
                return "null"
            case _:
                raise CannotEditError(f"there is no way to write the value for {last}")

    def _reference(self, entity: Entity, name: str) -> str:
        module = _MODULES.match(self.entity.address)
        prefix = "" if module is None else module[0]
        address = entity.address.removeprefix(prefix)
        if not entity.address.startswith(prefix):
            raise CannotEditError(f"{entity.address} lies in another module")
        if entity.external:
            raise CannotEditError(f"{entity.address} lies outside the configuration")
        if name != "depends_on":
            if address.startswith("module."):
                raise CannotEditError(f"{entity.address} lies in another module")
            return f"{address}.id"
        if self.deployment.graph.reaches(entity.address, self.entity.address):
            raise CannotEditError(f"{entity.address} depends on {self.entity.address} itself")
        if address.startswith("module."):
            return _KEY.sub("", ".".join(address.split(".")[:2]))
        return _KEY.sub("", address)


def _enclosing(body: Node, place: Range) -> list[Node]:
    """The nodes around a place, from the top-level block down to the innermost."""
    found: list[Node] = []
    node: Node | None = body
    while node is not None:
        inside = (n for n in children(node) if n.start <= place.start and place.end <= n.end)
        node = next(inside, None)
        if node is not None:
            found.append(node)
    if not found:
        raise CannotEditError("what has to change is not written out in a block")
    return found


def _members(value: Value) -> list[tuple[str, Value]]:
    known = plain(value)
    if isinstance(known, (ObjectValue, MapValue)):
        return list(known.items.items())
    raise CannotEditError("what has to be written is not known")


def _items(value: Value) -> tuple[Value, ...]:
    known = plain(value)
    if isinstance(known, (TupleValue, ListValue, SetValue)):
        return tuple(known.items)
    raise CannotEditError("what has to be written is not known")


def _quoted(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + text.replace("${", "$${").replace("%{", "%%{") + '"'
