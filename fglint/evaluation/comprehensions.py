"""What evaluates its parts more than once, or not always: for, objects, directives, try and can."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fglint.evaluation.conditionals import conditional
from fglint.evaluation.convert import convert
from fglint.evaluation.elements import elements_of
from fglint.evaluation.errors import BeyondLimit, EvaluationError, StaticError
from fglint.evaluation.frame import Code, Frame
from fglint.evaluation.inspection import has_known_order, is_unknown, is_wholly_known, origins_of
from fglint.evaluation.literal_for import LiteralFor
from fglint.evaluation.marks import Marks
from fglint.evaluation.origins import Origin
from fglint.evaluation.refinement import STATE
from fglint.evaluation.templates import concat_template
from fglint.evaluation.types import BOOL, DYNAMIC, STRING
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    Item,
    Null,
    ObjectValue,
    OpenList,
    OpenMap,
    Presence,
    TupleValue,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)
from fglint.syntax.nodes import For, TemplateFor


def _merge(origins: Sequence[tuple[Origin, ...]]) -> tuple[Origin, ...]:
    return tuple(dict.fromkeys(origin for group in origins for origin in group))


def object_cons(pairs: list[tuple[Code, Code]]) -> Code:
    """`{ key = value }`: an unknown key makes an open object."""

    def build(frame: Frame) -> Value:
        entries: dict[str, Value] = {}
        marks: Marks = frozenset()
        open_origins: list[tuple[Origin, ...]] = []
        rest: list[Value] = []
        for key_code, value_code in pairs:
            key, key_marks = unmark(key_code(frame))
            value = value_code(frame)
            marks |= key_marks
            if type(key) is not str:
                key = _key(key, "Can't use a null value as a key.")
            if isinstance(key, Unknown):
                open_origins.append(key.origins)
                rest.append(value)
                for name, before in entries.items():  # it may overwrite what stands before it
                    entries[name] = union([before, value], key.origins, DYNAMIC)
            else:
                entries[key] = value
        if not open_origins:
            return mark(ObjectValue(entries), marks)
        items = {name: Item(value) for name, value in entries.items()}
        content = OpenMap(items, _any_of(rest))
        result = Unknown(DYNAMIC, _merge(open_origins), not_null=True, content=content)
        return mark(result, marks) if STATE.refining else result

    return build


def _any_of(values: list[Value]) -> Value:
    return union(values, (), DYNAMIC)


def _key(key: Value, when_null: str) -> str | Unknown:
    bare = plain(key)
    if isinstance(bare, Null):
        raise EvaluationError("Null value as key", when_null)
    try:
        converted = plain(convert(bare, STRING))
    except EvaluationError as error:
        raise EvaluationError(
            "Incorrect key type", f"Can't use this value as a key: {error.detail or error.summary}."
        ) from None
    assert isinstance(converted, (str, Unknown))
    return converted


def _bindings(node: For | TemplateFor, key: Value, value: Value) -> dict[str, Value]:
    names = {node.value_name: value}
    if node.key_name:
        names[node.key_name] = key
    return names


def _presence(
    frame: Frame, condition: Code | None, presence: Presence
) -> tuple[Presence | None, Marks, tuple[Origin, ...]]:
    """How often an element is kept: None for not at all; the condition's marks and origins."""
    if condition is None:
        return presence, frozenset(), ()
    bare, marks = unmark(condition(frame))
    if isinstance(bare, Null):
        raise EvaluationError(
            "Condition is null",
            "The value of the 'if' clause must not be null.",
        )
    kept = plain(convert(bare, BOOL))
    if isinstance(kept, Unknown):
        return Presence.MAYBE if presence is Presence.ONE else presence, marks, kept.origins
    return (presence if kept else None), marks, ()


def for_expression(
    node: For, collection: Code, key: Code | None, value: Code, condition: Code | None
) -> Code:
    """`[for …]` and `{for …}`; what hangs on an unknown makes an open list or map."""

    def build(frame: Frame) -> Value:
        source = collection(frame)
        bare, marks = unmark(source)
        origins: list[tuple[Origin, ...]] = []
        if isinstance(bare, Unknown):
            origins.append(bare.origins)
            frame.doubt[0] += 1
        if not STATE.refining:
            literal = LiteralFor(node, frame, source)
            if key is None:
                return literal.items(value, condition)
            return literal.entries(key, value, condition, group=node.group)
        found: list[tuple[str | Unknown, Item]] = []
        for element_key, element, element_presence in elements_of(bare):
            frame.count()
            inner = frame.bind(_bindings(node, element_key, element))
            presence, more, why = _presence(inner, condition, element_presence)
            marks |= more
            if why:
                origins.append(why)
            if presence is None:
                continue
            name: str | Unknown = ""
            if key is not None:
                own, key_marks = unmark(key(inner))
                marks |= key_marks
                name = (
                    own
                    if type(own) is str
                    else _key(
                        own, "Key expression in 'for' expression must not produce a null value."
                    )
                )
                if isinstance(name, Unknown):
                    origins.append(name.origins)
            found.append((name, Item(_if_there(value, inner, presence), presence)))
        certain = all(item.presence is Presence.ONE for _, item in found)
        if key is None:
            ordered = has_known_order(bare)
            return mark(_tuple(found, origins, certain and not origins, ordered), marks)
        return mark(_object(node.group, found, origins, certain), marks)

    return build


def _if_there(code: Code, frame: Frame, presence: Presence) -> Value:
    """An element's value; an element that may not be there may fail."""
    if presence is Presence.ONE:
        return code(frame)
    try:
        return code(frame)
    except StaticError:
        raise
    except EvaluationError as error:
        because = f"it cannot be evaluated: {error.detail or error.summary}"
        origin = Origin("error", str(error.range), because=because, range=error.range)
        return Unknown(origins=(origin,))


def _tuple(
    found: list[tuple[str | Unknown, Item]],
    origins: list[tuple[Origin, ...]],
    certain: bool,
    ordered: bool,
) -> Value:
    if certain:
        return TupleValue(tuple(item.value for _, item in found))
    items = tuple(item for _, item in found)
    return _open_list(items, origins, ordered)


def _open_list(
    items: tuple[Item, ...], origins: list[tuple[Origin, ...]], ordered: bool = True
) -> Unknown:
    least = sum(item.presence is Presence.ONE for item in items)
    most = None if any(item.presence is Presence.MANY for item in items) else len(items)
    return Unknown(
        DYNAMIC,
        _merge(origins),
        not_null=True,
        minimum=least,
        maximum=most,
        content=OpenList(items, ordered),
    )


def _object(
    group: bool,
    found: list[tuple[str | Unknown, Item]],
    origins: list[tuple[Origin, ...]],
    certain: bool,
) -> Value:
    keyed = [(name, item) for name, item in found if isinstance(name, str)]
    unkeyed = [item for name, item in found if isinstance(name, Unknown)]
    entries: dict[str, list[Item]] = {}
    for name, item in keyed:
        entries.setdefault(name, []).append(item)
        if len(entries[name]) > 1 and not group and certain and not unkeyed:
            raise EvaluationError(
                "Duplicate object key",
                f"Two different items produced the key \"{name}\" in this 'for' expression. If "
                "duplicates are expected, use the ellipsis (...) after the value expression to "
                "enable grouping by key.",
            )
    if group:
        grouped = {name: _group(items, origins) for name, items in entries.items()}
        if certain and not unkeyed and not origins:
            return ObjectValue({name: item.value for name, item in grouped.items()})
        rest = _any_of([_open_list((item,), origins) for item in unkeyed]) if unkeyed else None
        content = OpenMap(grouped, rest)
        return Unknown(DYNAMIC, _merge(origins), not_null=True, content=content)
    single = {name: _last(items) for name, items in entries.items()}
    if certain and not unkeyed and not origins:
        return ObjectValue({name: item.value for name, item in single.items()})
    rest = _any_of([item.value for item in unkeyed]) if unkeyed else None
    content = OpenMap(single, rest)
    return Unknown(DYNAMIC, _merge(origins), not_null=True, content=content)


def _last(items: list[Item]) -> Item:
    """Of several maybe-items of one key at most one is there, or Terraform reports an error."""
    if len(items) == 1:
        return items[0]
    presence = (
        Presence.ONE if any(item.presence is Presence.ONE for item in items) else Presence.MAYBE
    )
    return Item(_any_of([item.value for item in items]), presence)


def _group(items: list[Item], origins: list[tuple[Origin, ...]]) -> Item:
    if all(item.presence is Presence.ONE for item in items):
        return Item(TupleValue(tuple(item.value for item in items)))
    return Item(_open_list(tuple(items), origins), Presence.MAYBE)


# ---- template directives ----------------------------------------------------------------------


def template_if(condition: Code, then: Code, otherwise: Code) -> Code:
    """`%{ if }`: one of two texts."""

    def attempt(code: Code, frame: Frame) -> Value | EvaluationError:
        try:
            return code(frame)
        except StaticError:
            raise
        except EvaluationError as error:
            return error

    def render(frame: Frame) -> Value:
        return conditional(condition(frame), attempt(then, frame), attempt(otherwise, frame))

    return render


def template_for(node: TemplateFor, collection: Code, body: Code) -> Code:
    """`%{ for }`: the texts of all elements; over an unknown, an Unknown with an OpenList."""

    def render(frame: Frame) -> Value:
        source, marks = unmark(collection(frame))
        if not STATE.refining:
            return _joined(*unmark(LiteralFor(node, frame, mark(source, marks)).items(body, None)))
        items = [
            Item(_if_there(body, frame.bind(_bindings(node, key, element)), presence), presence)
            for key, element, presence in elements_of(source)
        ]
        if all(item.presence is Presence.ONE for item in items):
            texts = [item.value for item in items]
            return mark(concat_template(texts) if texts else "", marks)
        origins = source.origins if isinstance(source, Unknown) else ()
        result = Unknown(STRING, origins, not_null=True, content=OpenList(tuple(items)))
        return mark(result, marks)

    return render


def _joined(texts: Value, marks: Marks) -> Value:
    """The texts of all elements, of which an unknown one hides what is known of the whole."""
    if isinstance(texts, Unknown):
        return Unknown(STRING, texts.origins)
    assert isinstance(texts, TupleValue)
    if any(map(is_unknown, texts.items)):
        return mark(Unknown(STRING, _merge([origins_of(text) for text in texts.items])), marks)
    return mark(concat_template(texts.items) if texts.items else "", marks)


# ---- try and can ------------------------------------------------------------------------------


def try_(arguments: Sequence[Code]) -> Code:
    """The first argument that does not fail; unknown where one may fail only later.

    An argument whose evaluation put no operation on an unknown cannot fail later, so that its
    value is the result even where parts of it are unknown.
    """

    def attempt(frame: Frame) -> Value:
        if not arguments:
            raise EvaluationError(
                "Error in function call",
                'Call to function "try" failed: at least one argument is required.',
            )
        candidates: list[Value] = []
        failures: list[EvaluationError] = []
        for argument in arguments:
            try:
                value, doubtful, risky = _watched(frame, argument)
            except (StaticError, BeyondLimit):
                raise
            except EvaluationError as error:
                failures.append(error)
                continue
            candidates.append(value)
            if not STATE.refining:  # the first one that does not fail now
                return value if is_wholly_known(value) else Unknown(origins=origins_of(value))
            if (is_wholly_known(value) and not risky) or not doubtful:
                break
        if not candidates:
            raise _no_result(failures)
        if len(candidates) == 1:
            return candidates[0]
        origins = _merge([origins_of(value) for value in candidates])
        return union(candidates, origins, DYNAMIC)

    return attempt


def _no_result(failures: list[EvaluationError]) -> EvaluationError:
    reasons = "; ".join(error.detail or error.summary for error in failures)
    return EvaluationError(
        "Error in function call",
        f'Call to function "try" failed: no expression succeeded: {reasons}',
    )


def _watched(frame: Frame, argument: Callable[[Frame], Value]) -> tuple[Value, bool, bool]:
    doubts, risks, _ = frame.doubt
    value = argument(frame)
    return value, frame.doubt[0] > doubts, frame.doubt[1] > risks


def can(arguments: Sequence[Code]) -> Code:
    """Whether the argument does not fail; unknown while parts of it are."""

    def attempt(frame: Frame) -> Value:
        if len(arguments) != 1:
            raise EvaluationError(
                "Wrong number of function arguments", 'Function "can" expects one argument.'
            )
        try:
            value, _, risky = _watched(frame, arguments[0])
        except (StaticError, BeyondLimit):
            raise
        except EvaluationError:
            return False
        if is_wholly_known(value) and not (risky and STATE.refining):
            return True
        return Unknown(BOOL, origins_of(value), not_null=STATE.refining)

    return attempt
