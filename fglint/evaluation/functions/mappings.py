"""Maps and objects."""

from __future__ import annotations

from collections.abc import Sequence

from fglint.evaluation import access
from fglint.evaluation.convert import convert
from fglint.evaluation.elements import elements_of
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.functions.arguments import failed, invalid
from fglint.evaluation.functions.registry import Parameter, function
from fglint.evaluation.functions.sequences import element_type, open_list, origins
from fglint.evaluation.inspection import is_null, is_unknown, type_of
from fglint.evaluation.marks import Marks
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import (
    DYNAMIC,
    STRING,
    ListType,
    MapType,
    ObjectType,
    TupleType,
    Type,
    object_type,
)
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    Item,
    ListValue,
    MapValue,
    ObjectValue,
    OpenMap,
    Presence,
    TupleValue,
    Union,
    Unknown,
    Value,
    mark,
    plain,
    sorted_items,
    unmark,
)

_ANY = Parameter(DYNAMIC, unknown=True)
_MAPPING = Parameter(
    DYNAMIC, unknown=True, kinds=(MapType, ObjectType), wanted="a map or an object is"
)
_ORDERED = Parameter(
    DYNAMIC, unknown=True, kinds=(ListType, TupleType), wanted="a list or tuple is"
)
_NULLABLE = Parameter(DYNAMIC, nullable=True, unknown=True)


@function(_MAPPING, returns=DYNAMIC, sees_marks=True)
def keys(inputMap: Value) -> Value:
    """The keys in their order."""
    bare, marks = unmark(inputMap)
    match bare:
        case ObjectValue():
            return mark(TupleValue(tuple(key for key, _ in sorted_items(bare))), marks)
        case MapValue():
            return mark(ListValue(tuple(key for key, _ in sorted_items(bare)), STRING), marks)
        case Unknown(type=ObjectType(attributes)):
            return mark(TupleValue(tuple(name for name, _ in attributes)), marks)
        case Unknown():
            return mark(_open_keys(bare), marks)
        case _:
            raise invalid("inputMap", "must be a map or an object")


def _open_keys(bare: Unknown) -> Value:
    try:
        found = elements_of(bare)
    except EvaluationError:
        raise invalid("inputMap", "must be a map or an object") from None
    items = [Item(key, presence) for key, _, presence in found]
    if items and all(item.presence is Presence.ONE for item in items):
        return TupleValue(tuple(item.value for item in items))
    return open_list(items, ListType(STRING), bare)


@function(_MAPPING, returns=DYNAMIC, sees_marks=True)
def values(mapping: Value) -> Value:
    """The elements in the order of their keys."""
    bare, marks = unmark(mapping)
    match bare:
        case ObjectValue():
            return mark(TupleValue(tuple(item for _, item in sorted_items(bare))), marks)
        case MapValue(_, element):
            return mark(ListValue(tuple(i for _, i in sorted_items(bare)), element), marks)
        case Unknown(type=ObjectType(attributes)) if not STATE.refining:
            type_: Type = TupleType(tuple(found for _, found in attributes))
            return Unknown(type_, bare.origins, not_null=True)
        case Unknown():
            try:
                found = elements_of(bare)
            except EvaluationError:
                raise invalid("mapping", "must be a map or an object") from None
            items = [Item(item, presence) for _, item, presence in found]
            certain = STATE.refining and all(item.presence is Presence.ONE for item in items)
            if items and certain:
                return mark(TupleValue(tuple(item.value for item in items)), marks)
            type_ = ListType(bare.type.element) if isinstance(bare.type, MapType) else DYNAMIC
            return mark(open_list(items, type_, bare), marks)
        case _:
            raise invalid("mapping", "must be a map or an object")


@function(_MAPPING, Parameter(STRING, unknown=True), variadic=_NULLABLE, returns=DYNAMIC,
          sees_marks=True, may_be_null=True)  # fmt: skip
def lookup(inputMap: Value, key: Value, *default: Value) -> Value:
    """The element of a key, or the default where there is none."""
    if len(default) > 1:
        raise failed("lookup", f"lookup() takes two or three arguments, got {2 + len(default)}")
    bare, marks = unmark(inputMap)
    name, more = unmark(key)
    marks |= more
    fallback = _fallback(bare, default)
    if not STATE.refining and (isinstance(bare, Unknown) or isinstance(name, Unknown)):
        return mark(Unknown(_entry_type(bare, name, default), origins([bare, name])), marks)
    if isinstance(name, Unknown):
        return mark(_any_entry(bare, name, fallback), marks)
    match bare:
        case ObjectValue(entries) | MapValue(entries, _):
            if name in entries:
                return mark(entries[str(name)], marks)
        case Unknown():
            return mark(_lookup_unknown(bare, str(name), fallback), marks)
        case _:
            raise invalid("inputMap", "lookup() requires a map as the first argument")
    if fallback is None:
        raise failed("lookup", f"the given key {name!s} is not in the map, and there is no default")
    return mark(fallback, marks)


def _entry_type(bare: Value, name: Value, default: tuple[Value, ...]) -> Type:
    """The type of an entry that is not known."""
    match type_of(bare):
        case MapType(element):
            return element
        case ObjectType() as type_ if isinstance(name, str):
            found = type_.attribute(name)
            if found is None and not default:
                raise invalid("inputMap", f'the given object has no attribute "{name}"')
            return found or type_of(default[0])
        case _:
            return DYNAMIC


def _fallback(bare: Value, default: tuple[Value, ...]) -> Value | None:
    if not default:
        return None
    type_ = type_of(bare)
    if isinstance(type_, MapType):
        try:
            return convert(default[0], type_.element)
        except EvaluationError:
            raise invalid(
                "default", "the default value must have the same type as the map elements"
            ) from None
    return default[0]


def _any_entry(bare: Value, key: Unknown, fallback: Value | None) -> Value:
    candidates: list[Value] = []
    if isinstance(key.content, Union):
        for leaf in key.content.leaves:
            arguments = [bare, leaf] if fallback is None else [bare, leaf, fallback]
            candidates.append(lookup(*arguments))
        return union(candidates, key.origins, DYNAMIC)
    if isinstance(bare, (ObjectValue, MapValue)):
        candidates = [item for _, item in sorted_items(bare)]
    if fallback is not None:
        candidates.append(fallback)
    if not candidates or isinstance(bare, Unknown):
        return Unknown(DYNAMIC, origins([bare, key]))
    type_ = bare.element if isinstance(bare, MapValue) else DYNAMIC
    return union(candidates, key.origins, type_)


def _lookup_unknown(bare: Unknown, name: str, fallback: Value | None) -> Value:
    content = bare.content
    if isinstance(content, Union):
        arguments = [name] if fallback is None else [name, fallback]
        found = [lookup(leaf, *arguments) for leaf in content.leaves]
        return union(found, bare.origins, DYNAMIC)
    if isinstance(content, OpenMap):
        item = content.entries.get(name)
        if item is not None and item.presence is Presence.ONE:
            return item.value
        if item is None and content.rest is None and fallback is not None:
            return fallback
    elif isinstance(bare.type, ObjectType):
        if bare.type.attribute(name) is None:
            if fallback is None:
                raise failed("lookup", f"the given key {name} is not in the object")
            return fallback
        return access.get_attr(bare, name)
    try:
        member = access.index(bare, name)
    except EvaluationError:
        raise invalid("inputMap", "lookup() requires a map as the first argument") from None
    return member if fallback is None else union([member, fallback], bare.origins, DYNAMIC)


@function(variadic=_NULLABLE, returns=DYNAMIC, sees_marks=True)
def merge(*maps: Value) -> Value:
    """All entries of several maps or objects; later ones win."""
    marks: Marks = frozenset(found for value in maps for found in unmark(value)[1])
    for value in maps:
        type_ = type_of(value)
        if type_ == DYNAMIC and is_unknown(value) and not STATE.refining:
            return Unknown(DYNAMIC, origins(maps))
        if not isinstance(type_, (MapType, ObjectType)) and type_ != DYNAMIC:
            raise failed("merge", f"arguments must be maps or objects, got {type_}")
    given = [plain(value) for value in maps if not is_null(value)]
    types = [type_of(value) for value in given]
    if not given:
        return mark(ObjectValue({}), marks)
    same = all(isinstance(t, MapType) and t == types[0] for t in types)
    if not any(isinstance(value, Unknown) for value in given):
        entries: dict[str, Value] = {}
        for value in given:
            assert isinstance(value, (ObjectValue, MapValue))
            entries.update(value.items)
        element = types[0].element if isinstance(types[0], MapType) else DYNAMIC
        return mark(MapValue(entries, element) if same else ObjectValue(entries), marks)
    if not STATE.refining:
        return Unknown(_merged_type(maps), origins(given), not_null=True)
    return mark(_merge_unknown(given, types[0] if same else DYNAMIC), marks)


def _merged_type(maps: Sequence[Value]) -> Type:
    """The type of what Terraform merges while a part of it is unknown."""
    types = [type_of(value) for value in maps]
    if all(type_ == types[0] for type_ in types):
        return types[0]
    attributes: dict[str, Type] = {}
    for value, type_ in zip(maps, types, strict=True):
        bare = plain(value)
        if isinstance(type_, ObjectType):
            attributes.update({} if is_null(bare) else dict(type_.attributes))
        elif isinstance(type_, MapType):
            if isinstance(bare, Unknown):
                return DYNAMIC
            attributes.update(dict.fromkeys(getattr(bare, "items", ()), type_.element))
        else:
            return DYNAMIC
    return object_type(attributes)


def _merge_unknown(given: Sequence[Value], type_: Type) -> Value:
    merged = _Merged()
    for value in given:
        merged.add(value)
    certain = all(item.presence is Presence.ONE for item in merged.entries.values())
    if merged.rest is None and certain:
        return ObjectValue({name: item.value for name, item in merged.entries.items()})
    content = OpenMap(merged.entries, merged.rest)
    return Unknown(type_, origins(given), not_null=True, content=content)


class _Merged:
    """Entries that later maps overwrite."""

    def __init__(self) -> None:
        self.entries: dict[str, Item] = {}
        self.rest: Value | None = None

    def add(self, value: Value) -> None:
        """The entries of one more map."""
        if isinstance(value, (ObjectValue, MapValue)):
            self.entries.update({name: Item(item) for name, item in value.items.items()})
            return
        assert isinstance(value, Unknown)
        if isinstance(value.type, ObjectType) and not isinstance(value.content, OpenMap):
            for name, _ in value.type.attributes:
                self.entries[name] = Item(access.get_attr(value, name))
            return
        if isinstance(value.content, OpenMap):
            self._open(value, value.content)
            return
        self._unsettle(value, _any_member(value))

    def _open(self, value: Unknown, content: OpenMap) -> None:
        if content.rest is not None:
            self._unsettle(value, content.rest)
        for name, item in content.entries.items():
            before = self.entries.get(name)
            if item.presence is Presence.ONE or before is None:
                self.entries[name] = item
            else:
                either = union([before.value, item.value], value.origins, DYNAMIC)
                self.entries[name] = Item(either, before.presence)

    def _unsettle(self, value: Unknown, rest: Value) -> None:
        """An unknown map may overwrite every entry, and add others."""
        for name, item in self.entries.items():
            either = union([item.value, rest], value.origins, DYNAMIC)
            self.entries[name] = Item(either, item.presence)
        self.rest = rest if self.rest is None else union([self.rest, rest], value.origins, DYNAMIC)


def _any_member(value: Unknown) -> Value:
    if isinstance(value.content, Union):
        found = [item for _, item, _ in elements_of(value)]
        return union(found, value.origins, DYNAMIC) if found else Unknown(DYNAMIC, value.origins)
    element = value.type.element if isinstance(value.type, MapType) else DYNAMIC
    return Unknown(element, value.origins)


@function(Parameter(ListType(STRING), unknown=True), _ORDERED, returns=DYNAMIC, sees_marks=True)
def zipmap(keys: Value, values: Value) -> Value:
    """A map of keys to the values at the same index."""
    marks = unmark(keys)[1] | unmark(values)[1]
    names = plain(keys)
    items = plain(values)
    if isinstance(items, Unknown) or isinstance(names, Unknown):
        return mark(_zip_unknown(names, items), marks)
    if not isinstance(names, ListValue) or not isinstance(items, (TupleValue, ListValue)):
        raise invalid("values", "values must be a list or tuple value")
    if any(isinstance(plain(name), Unknown) for name in names.items):
        return mark(Unknown(DYNAMIC, origins(names.items), not_null=True), marks)
    if len(names.items) != len(items.items):
        raise failed(
            "zipmap",
            f"number of keys ({len(names.items)}) does not match number of values "
            f"({len(items.items)})",
        )
    entries: dict[str, Value] = {}
    for name, item in zip(names.items, items.items, strict=True):
        if is_null(name):
            raise invalid("keys", "a key must not be null")
        entries[str(plain(name))] = item
    if isinstance(items, ListValue):
        return mark(MapValue(entries, items.element), marks)
    return mark(ObjectValue(entries), marks)


def _zip_unknown(names: Value, items: Value) -> Value:
    element = element_type(items)
    type_ = MapType(element) if isinstance(type_of(items), ListType) else DYNAMIC
    if isinstance(names, ListValue) and not origins(names.items):
        try:
            entries = {
                str(plain(name)): Item(access.index(items, position))
                for position, name in enumerate(names.items)
            }
        except EvaluationError:
            entries = {}
        if entries:
            return Unknown(type_, origins([items]), not_null=True, content=OpenMap(entries))
    return Unknown(type_, origins([names, items]), not_null=True)


@function(Parameter(MapType(ListType(STRING)), deep=True), returns=MapType(ListType(STRING)))
def transpose(values: Value) -> Value:
    """Elements to the keys of the lists that hold them."""
    bare = plain(values)
    assert isinstance(bare, MapValue)
    found: dict[str, list[str]] = {}
    for key, members in sorted_items(bare):
        inner = plain(members)
        if not isinstance(inner, ListValue):
            raise invalid("values", "a list must not be null")
        for member in inner.items:
            if is_null(member):
                raise invalid("values", "a member must not be null")
            found.setdefault(str(plain(member)), []).append(key)
    lists: dict[str, Value] = {k: ListValue(tuple(sorted(v)), STRING) for k, v in found.items()}
    return MapValue(lists, ListType(STRING))


@function(variadic=Parameter(DYNAMIC), returns=DYNAMIC, sees_marks=True)
def list_(*elements: Value) -> Value:
    """What Terraform 0.11 had; an error since 0.12 that names its successor."""
    raise failed(
        "list", 'the "list" function was deprecated and removed: use tolist([...]) instead'
    )


@function(variadic=Parameter(DYNAMIC), returns=DYNAMIC, sees_marks=True)
def map_(*pairs: Value) -> Value:
    """What Terraform 0.11 had; an error since 0.12 that names its successor."""
    raise failed("map", 'the "map" function was deprecated and removed: use tomap({...}) instead')
