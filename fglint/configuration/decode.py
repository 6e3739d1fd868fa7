"""Bodies become values by the provider's schema: arguments converted, blocks expanded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from fglint.configuration.iterators import IteratorScope
from fglint.configuration.module import Placed, Written
from fglint.configuration.session import Session
from fglint.configuration.wrapped import unwrapped
from fglint.evaluation.convert import convert
from fglint.evaluation.elements import elements_of, of_any_type
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import marks_deep, origins_of
from fglint.evaluation.marks import EPHEMERAL, SENSITIVE
from fglint.evaluation.origins import Origin
from fglint.evaluation.refinement import STATE
from fglint.evaluation.scope import Scope
from fglint.evaluation.sets import make_set
from fglint.evaluation.types import DYNAMIC, ListType, MapType, ObjectType, SetType, Type
from fglint.evaluation.values import (
    Item,
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    OpenList,
    Presence,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)
from fglint.provider.schema import AttributeSchema, BlockSchema, NestedBlock, object_type_of
from fglint.records import dataclass
from fglint.source import Range
from fglint.syntax.nodes import Attribute, Block, Body

META_ARGUMENTS = frozenset({"count", "for_each", "depends_on", "provider"})
META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection", "dynamic"})

Computed = Callable[[str, Type], Value]  # the value of an attribute that is not configured


_AS_EVER = frozenset({"arn", "id", "name", "region"})  # what links go by, and where it is


@dataclass(frozen=True, slots=True, eq=False)
class Decoder:
    """Decodes the body of one resource instance; `computed` fills in what is not configured.

    `left_open` is the origin of what a stand-in does not write: it is unknown, not absent.
    `blocks` gets the written block of each decoded one, by the identity of its value: a set has
    its elements in another order.
    """

    session: Session
    what: str  # "aws_lb": for messages
    computed: Computed
    left_open: Origin | None = None
    blocks: dict[int, Block] = field(default_factory=dict)

    def body(
        self, written: Written, schema: BlockSchema, scope: Scope, path: str = ""
    ) -> dict[str, Value]:
        """All attributes and blocks of the schema, by name."""
        values: dict[str, Value] = {}
        given = written.names()
        for name, attribute in schema.attributes.items():
            found = given.pop(name, None)
            values[name] = self._attribute(attribute, found, written, scope, f"{path}.{name}")
        top = not path
        for name, nested in schema.blocks.items():
            blocks = written.blocks_of(name)
            found = given.pop(name, None)
            if found is not None and not blocks:
                values[name] = self._block_as_argument(found, nested, scope)
            else:
                values[name] = self._blocks(written, name, nested, scope, f"{path}.{name}")
        self._unsupported(given, written, schema, top)
        return values

    # ---- arguments ----------------------------------------------------------------------------

    def _attribute(
        self,
        schema: AttributeSchema,
        found: tuple[Attribute, Body] | None,
        written: Written,
        scope: Scope,
        path: str,
    ) -> Value:
        if found is None:
            return self._absent(schema, written, scope, path)
        attribute, body = found
        placed = Placed(attribute.expression, body.source)
        try:
            value = self._converted(self.session.evaluate(placed, scope), schema.type, placed)
        except EvaluationError as error:
            unknown = self.session.failed(error, placed.range)
            return Unknown(schema.type, unknown.origins)
        bare, marks = unmark(value)
        if isinstance(bare, Null) and schema.computed:
            value = mark(self.computed(path, schema.type), marks)
        if isinstance(bare, Null) and schema.required and STATE.refining:
            self._missing(schema.name, written)  # by the provider; Terraform itself goes on
        if not schema.write_only and EPHEMERAL in marks_deep(value):
            self.session.error(
                "Invalid use of ephemeral value",
                f'An ephemeral value cannot be kept in "{schema.name}" of {self.what}: only '
                "write-only arguments take one.",
                placed.range,
            )
        return _protected(value, schema)

    def _absent(self, schema: AttributeSchema, written: Written, scope: Scope, path: str) -> Value:
        if schema.as_blocks or isinstance(schema.type, (MapType, ObjectType)):
            blocks = written.blocks_of(schema.name)
            if blocks or any(b.label(0) == schema.name for b in written.blocks_of("dynamic", 1)):
                value = self._argument_as_blocks(schema, written, blocks, scope, path)
                if self.left_open is not None or getattr(
                    plain(value), "items", True
                ):  # without a block it is not configured
                    return value
        if schema.computed and (schema.name in _AS_EVER or self.left_open is None):
            return _protected(self.computed(path, schema.type), schema)
        if self.left_open is not None:
            return _protected(Unknown.of(self.left_open.child(path), schema.type), schema)
        if schema.required:
            self._missing(schema.name, written)
        return _protected(Null(schema.type), schema)

    def _missing(self, name: str, written: Written) -> None:
        body = written.bodies[0]
        self.session.schema_trouble(
            "Missing required argument",
            f'The argument "{name}" is required for {self.what}, but is not set.',
            body.source.range(max(body.start - 1, 0), body.start),
        )

    def _converted(self, value: Value, type_: Type, placed: Placed) -> Value:
        try:
            return convert(value, type_)
        except EvaluationError as error:
            flat = unwrapped(self.session, value, type_, placed)
            if flat is None:
                raise EvaluationError(
                    "Incorrect attribute value type",
                    f"Inappropriate value: {error.detail or error.summary}.",
                ) from None
            return flat

    def _argument_as_blocks(
        self,
        schema: AttributeSchema,
        written: Written,
        blocks: list[Block],
        scope: Scope,
        path: str,
    ) -> Value:
        """An attribute that is written as blocks: by the schema, or as Terraform 0.11 allowed."""
        element = schema.type
        if isinstance(element, (ListType, SetType)):
            element = element.element
        if not isinstance(element, ObjectType):  # tags { Name = "x" }
            block = blocks[0]
            self.session.schema_trouble(
                "Unsupported block type",
                f'"{schema.name}" is an argument of {self.what}, not a block: write '
                f"{schema.name} = {{ … }}.",
                block.header(),
            )
            values = {
                name: self.session.attempt(Placed(a.expression, b.source), scope)
                for name, (a, b) in Written((block.body,)).names().items()
            }
            return convert(ObjectValue(values), schema.type)
        attributes = {
            name: AttributeSchema(name, type_, False, True, False, False, False, False)
            for name, type_ in element.attributes
        }
        inner = BlockSchema(attributes, {})
        nesting = "set" if isinstance(schema.type, SetType) else "list"
        nested = NestedBlock(nesting, inner, 0, 0)
        return self._blocks(written, schema.name, nested, scope, path, as_argument=True)

    # ---- blocks -------------------------------------------------------------------------------

    def _blocks(
        self,
        written: Written,
        name: str,
        nested: NestedBlock,
        scope: Scope,
        path: str,
        *,
        as_argument: bool = False,
    ) -> Value:
        items: list[Item] = []
        origins: list[Origin] = []
        written_blocks = list(_in_order(written, name))
        if self.left_open is not None and not written_blocks:
            return Unknown.of(self.left_open.child(path), not_null=True)
        for block in written_blocks:
            if block.type == "dynamic":
                more, why = self._dynamic(block, nested, scope, path, len(items))
                if why and as_argument and not STATE.refining:
                    more, why = [Item(_unsettled(block, nested, why))], ()
                items.extend(more)
                origins.extend(why)
            else:
                at = f"{path}[{len(items)}]"
                values = self.body(Written((block.body,)), nested.block, scope, at)
                items.append(Item(self._decoded(values, block)))
        return _collected(items, tuple(dict.fromkeys(origins)), nested)

    def _dynamic(
        self, block: Block, nested: NestedBlock, scope: Scope, path: str, first: int
    ) -> tuple[list[Item], tuple[Origin, ...]]:
        written = Written((block.body,))
        each = written.get("for_each")
        contents = written.blocks_of("content")
        if each is None or not contents:
            self.session.error(
                "Missing required argument",
                'A dynamic block needs "for_each" and a "content" block.',
                block.header(),
            )
            return [], ()
        value, marks = unmark(self.session.attempt(each, scope))
        if isinstance(value, Null):
            self.session.error(
                "Invalid dynamic for_each value",
                "Cannot use a null value in for_each.",
                each.range,
            )
            return [], ()
        if not isinstance(value, Unknown) and not is_collection(value):
            self.session.error(
                "Invalid dynamic for_each value",
                "Cannot use this value in for_each: an iterable collection is required.",
                each.range,
            )
            return [], ()
        iterator = written.get("iterator")
        name = block.label(0)
        if iterator is not None:
            name = getattr(iterator.unquoted(), "name", name)
        items: list[Item] = []
        for key, element, presence in elements_of(value):
            certain = presence is Presence.ONE
            own = mark(element, marks) if certain else of_any_type(element)
            inner = IteratorScope(scope, name, key, own)
            at = f"{path}[{first + len(items)}]" if certain else f"{path}[*]"
            values = self.body(Written((contents[0].body,)), nested.block, inner, at)
            items.append(Item(self._decoded(values, contents[0]), presence))
        return items, value.origins if isinstance(value, Unknown) else ()

    def _decoded(self, values: dict[str, Value], block: Block) -> ObjectValue:
        value = ObjectValue(values)
        self.blocks[id(value)] = block
        return value

    def _block_as_argument(
        self, found: tuple[Attribute, Body], nested: NestedBlock, scope: Scope
    ) -> Value:
        """`network_configuration = [{…}]`: Terraform wants a block, but the value is plain."""
        attribute, body = found
        placed = Placed(attribute.expression, body.source)
        self.session.schema_trouble(
            "Unsupported argument",
            f'"{attribute.name}" of {self.what} is a block, not an argument: write '
            f"{attribute.name} {{ … }}.",
            body.source.range(attribute.start, attribute.name_end),
        )
        value = self.session.attempt(placed, scope)
        if nested.nesting in ("list", "set") and not isinstance(
            plain(value), (TupleValue, ListValue, Unknown)
        ):
            value = TupleValue((value,))
        try:
            return convert(value, _collection_type(nested))
        except EvaluationError:
            return Unknown(_collection_type(nested), origins_of(value))

    def _unsupported(
        self,
        given: dict[str, tuple[Attribute, Body]],
        written: Written,
        schema: BlockSchema,
        top: bool,
    ) -> None:
        known = [*schema.attributes, *schema.blocks]
        for name, (attribute, body) in given.items():
            if (top and name in META_ARGUMENTS) or (
                body.json and (name in META_BLOCKS or name == "//")
            ):
                continue
            at = body.source.range(attribute.start, attribute.name_end)
            self._unexpected("argument", name, known, at)
        for block in written.blocks():
            type_ = block.type
            if type_ in schema.blocks or type_ in schema.attributes:
                continue
            if type_ == "dynamic":
                if block.label(0) in schema.blocks or block.label(0) in schema.attributes:
                    continue
                type_ = block.label(0)
            elif top and type_ in META_BLOCKS:
                continue
            self._unexpected("block type", type_, known, block.header())

    def _unexpected(self, what: str, name: str, known: list[str], at: Range) -> None:
        from difflib import get_close_matches

        close = get_close_matches(name, known, 1)
        meant = f' Did you mean "{close[0]}"?' if close else ""
        self.session.schema_trouble(
            f"Unsupported {what}", f'{self.what} has no {what} "{name}".{meant}', at
        )


def _unsettled(block: Block, nested: NestedBlock, origins: tuple[Origin, ...]) -> Value:
    """What Terraform makes of an argument written as dynamic blocks: one, all it sets unknown."""
    contents = Written((block.body,)).blocks_of("content")
    names = Written((contents[0].body,)).names()
    return ObjectValue(
        {
            name: Unknown(schema.type, origins) if name in names else Null(schema.type)
            for name, schema in nested.block.attributes.items()
        }
    )


def _protected(value: Value, schema: AttributeSchema) -> Value:
    return mark(value, frozenset({SENSITIVE})) if schema.sensitive else value


def _in_order(written: Written, name: str) -> list[Block]:
    """The blocks of a type and the dynamic ones, in the order of the text."""
    dynamic = [block for block in written.blocks_of("dynamic", 1) if block.label(0) == name]
    blocks = written.blocks_of(name)
    if not dynamic:
        return blocks
    return sorted([*blocks, *dynamic], key=lambda block: (block.body.source.path, block.start))


def _collection_type(nested: NestedBlock) -> Type:
    element = object_type_of(nested.block)
    if nested.nesting == "list":
        return ListType(element)
    if nested.nesting == "set":
        return SetType(element)
    return MapType(element) if nested.nesting == "map" else element


def _collected(items: list[Item], origins: tuple[Origin, ...], nested: NestedBlock) -> Value:
    type_ = _collection_type(nested)
    certain = all(item.presence is Presence.ONE for item in items)
    if nested.nesting in ("single", "group"):
        if not items:
            return Null(type_)
        if items[0].presence is Presence.ONE:
            return items[0].value
        return Unknown(type_, origins)
    if not certain or origins:
        if not STATE.refining:  # what is in the blocks is forgotten, but not why it is unknown
            inner = (origin for item in items for origin in origins_of(item.value))
            origins = tuple(dict.fromkeys((*origins, *inner)))
        least = sum(item.presence is Presence.ONE for item in items)
        return Unknown(type_, origins, not_null=True, minimum=least, content=OpenList(tuple(items)))
    values = [item.value for item in items]
    element = object_type_of(nested.block)
    if nested.nesting == "set":
        return make_set(values, element)
    return ListValue(tuple(values), element)


def is_collection(value: Value) -> bool:
    """Whether the value is a known collection or structure."""
    return isinstance(value, (TupleValue, ListValue, SetValue, ObjectValue, MapValue))


# ---- without a schema -------------------------------------------------------------------------


def written_values(session: Session, written: Written, scope: Scope) -> dict[str, Value]:
    """What is written, for a type whose schema is not known: blocks become tuples of objects."""
    values: dict[str, Value] = {}
    for name, (attribute, body) in written.names().items():
        if name not in META_ARGUMENTS:
            values[name] = session.attempt(Placed(attribute.expression, body.source), scope)
    for block in written.blocks():
        if block.type in META_BLOCKS or block.type in values:
            continue
        inner = [
            ObjectValue(written_values(session, Written((each.body,)), scope))
            for each in written.blocks_of(block.type)
        ]
        values[block.type] = TupleValue(tuple(inner))
    for block in written.blocks_of("dynamic", 1):
        values[block.label(0)] = _repeated(session, block, values.get(block.label(0)), scope)
    return values


def _repeated(session: Session, block: Block, beside: Value | None, scope: Scope) -> Value:
    """What a dynamic block adds to others of its type: how many there are, not what is in them."""
    origin = Origin("schema", block.label(0), because="the provider's schema is not known")
    inner = Unknown(DYNAMIC, (origin,), not_null=True)
    written = block.body.attributes.get("for_each")
    try:
        items = [] if beside is None else [Item(v, often) for _, v, often in elements_of(beside)]
        if written is None:
            return inner
        given = session.attempt(Placed(written.expression, block.body.source), scope)
        items.extend(Item(inner, often) for _, _, often in elements_of(given))
    except EvaluationError:
        return inner
    if not items:
        return TupleValue(())
    return Unknown(DYNAMIC, (origin,), not_null=True, content=OpenList(tuple(items)))
