"""Expressions in their scopes, and where the references in them lead."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fglint.configuration.expansion import RepeatScope
from fglint.configuration.instance import Path
from fglint.configuration.module import Placed
from fglint.evaluation import access
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.references import Reference, chain
from fglint.evaluation.scope import Scope
from fglint.evaluation.values import (
    ListValue,
    MapValue,
    ObjectValue,
    TupleValue,
    Value,
    plain,
    sorted_items,
)
from fglint.records import dataclass
from fglint.syntax.nodes import Call, Expression, GetAttr, Index
from fglint.syntax.nodes import Literal as LiteralNode

if TYPE_CHECKING:
    from fglint.configuration.scopes import ModuleInstance

CONVERSIONS = frozenset({"tostring", "tonumber", "tobool"})


@dataclass(frozen=True, slots=True)
class Bound:
    """What a name that `for` binds stands for: an element of a collection, or its key."""

    collection: Place
    index: int | str
    is_key: bool


@dataclass(frozen=True, slots=True)
class Place:
    """An expression, its scope and the names bound around it."""

    placed: Placed
    scope: Scope
    bound: tuple[tuple[str, Bound], ...] = ()

    def at(self, node: Expression) -> Place:
        """Another expression of the same file and scope."""
        return replace(self, placed=Placed(node, self.placed.source))

    @property
    def module_address(self) -> str:
        """The address of the module instance that the expression stands in; "" for the root."""
        return str(getattr(module_of(self.scope), "address", ""))


def target_of(place: Place, reference: Reference, path: Path) -> tuple[Place, Path] | None:
    """What a reference with a path leads to: an expression and the path that is left."""
    from fglint.configuration.scopes import ModuleInstance

    module = place.scope
    repetition = None
    while not isinstance(module, ModuleInstance):
        if isinstance(module, RepeatScope):
            repetition = module
        outer = getattr(module, "outer", None)
        if outer is None:
            return None
        module = outer
    name = reference.names[0]
    match reference.kind:
        case "local" if name in module.written.locals:
            return Place(module.written.locals[name], module), path
        case "var" if name in module.written.variables:
            return _variable(module, name, path)
        case "module" if name in module.written.calls:
            return _output(module, name, path)
        case "data" if name == "template_file" and "rendered" in path:
            declaration = module.written.resources.get(("data", name, reference.names[1]))
            placed = None if declaration is None else declaration.written.get("template")
            if placed is not None:
                return Place(placed, module), path[path.index("rendered") + 1 :]
        case "each" if repetition is not None and repetition.for_each is not None:
            key = repetition.repetition.key
            if name == "value" and key is not None:
                return Place(repetition.for_each, module), (key, *path)
    return None


def name_of(place: Place, reference: Reference) -> str:
    """What a reference names, in Terraform's notation from the root on."""
    name = str(reference)
    if reference.kind == "module" and reference.steps:
        name += "".join(f".{step}" for step in reference.steps[:1] if isinstance(step, str))
    return f"{place.module_address}.{name}" if place.module_address else name


def _variable(module: ModuleInstance, name: str, path: Path) -> tuple[Place, Path] | None:
    """The argument of the module's call; a part of a default or of a value from outside.

    A whole value from there is written where the variable is used: it is the variable's to give.
    """
    declaration = module.written.variables[name]
    if module.call is not None:
        given = module.call.declaration.written.get(name)
        if given is not None and module.arguments is not None:
            return Place(given, module.arguments), path
    if not path:
        return None
    if module.call is None and name in module.session.given:
        outside = module.session.given[name]
        return (Place(outside.placed, module), path) if outside.raw is None else None
    default = declaration.written.get("default")
    return None if default is None else (Place(default, module), path)


def _output(module: ModuleInstance, name: str, path: Path) -> tuple[Place, Path] | None:
    call = module.module_call(name)
    instances = {one.key: i for i, one in enumerate(call.expansion.repetitions)}
    key = None if call.expansion.keyed is None else path[0] if path else None
    rest = path if call.expansion.keyed is None else path[1:]
    if key not in instances or not rest:
        return None
    if call.written is None:
        found = call.contract.argument(rest[1:]) if call.contract is not None else None
        given = call.declaration.written.get(found[0]) if found is not None else None
        if found is None or given is None:
            return None
        return Place(given, call.scope(call.expansion.repetitions[instances[key]])), found[1]
    if call.is_stand_in:  # its files are not the user's
        return None
    inner = call.instances[instances[key]]
    output = inner.written.outputs.get(str(rest[0]))
    placed = output.written.get("value") if output else None
    return None if placed is None else (Place(placed, inner), rest[1:])


def value_of(place: Place) -> Value | None:
    """The value of an expression; None where it has none, or is made of names that `for` binds."""
    if place.bound:
        return _bound_value(place)
    session = getattr(module_of(place.scope), "session", None)
    if session is None:
        return None
    try:
        return plain(session.evaluate(place.placed, place.scope))
    except EvaluationError:
        return None


def _bound_value(place: Place) -> Value | None:
    """The value of a traversal that begins with a bound name, or with none of them."""
    node = place.placed.node
    if isinstance(node, Call) and node.name in CONVERSIONS and len(node.arguments) == 1:
        return value_of(place.at(node.arguments[0]))
    found = chain(node)
    if found is None:
        return None
    root, nodes = found
    bound = dict(place.bound).get(root)
    if bound is None:
        return value_of(replace(place, bound=()))
    if bound.is_key:
        return bound.index if len(nodes) == 1 else None
    value = dict(elements_of(value_of(bound.collection))).get(bound.index)
    if value is None:
        return None
    try:
        for step in nodes[1:]:
            match step:
                case GetAttr(name=name):
                    value = access.get_attr(value, name)
                case Index(key=LiteralNode(value=str() | int() as key)):
                    value = access.index(value, key)
                case _:
                    return None
    except EvaluationError:
        return None
    return plain(value)


def module_of(scope: object) -> object:
    """The module instance that a scope belongs to."""
    while getattr(scope, "outer", None) is not None:
        scope = scope.outer  # type: ignore[attr-defined]
    return scope


def key_of(place: Place, node: Expression) -> object:
    """The key of an object's item; None where it has none."""
    if isinstance(node, LiteralNode):
        return node.value
    return value_of(place.at(node))


def elements_of(value: Value | None) -> list[tuple[int | str, Value]]:
    """The keys and elements of a known collection."""
    match value:
        case ObjectValue() | MapValue():
            return [(key, item) for key, item in sorted_items(value)]
        case TupleValue(items) | ListValue(items, _):
            return list(enumerate(items))
        case _:
            return []
