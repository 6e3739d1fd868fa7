"""Checks a rule's expressions against the model before any subject is judged: names, functions.

Types are followed as far as they are known: through attributes, `for`, splats, locals and the
functions that keep element types. Where a type is not known, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable

from fglint.configuration.module import Placed
from fglint.diagnostic import Diagnostic
from fglint.evaluation.functions import registry
from fglint.evaluation.references import chain
from fglint.evaluation.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    Dynamic,
    EntityType,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    object_type,
)
from fglint.model.deployment import KINDS
from fglint.model.entity import AttributeSchema
from fglint.policy.functions import DOMAIN, REFUSED
from fglint.policy.inference import (
    common_type,
    element_types,
    indexed_type,
    item_type,
    named_type,
    type_of_literal,
    type_of_tuple,
)
from fglint.policy.mistakes import RuleError, did_you_mean
from fglint.policy.rule import Rule
from fglint.source import SourceFile
from fglint.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    GetAttr,
    Index,
    Literal,
    ObjectCons,
    Parentheses,
    Splat,
    SplatItem,
    Template,
    TemplateFor,
    TemplateIf,
    TupleCons,
    Unary,
    Variable,
)

Names = dict[str, Type]

# Functions whose result has the type of their first argument, an element of it, or a list of them.
_SAME = frozenset(
    (
        "compact",
        "concat",
        "distinct",
        "reverse",
        "setsubtract",
        "setunion",
        "slice",
        "sort",
        "toset",
    )
)
_ELEMENT = frozenset(["element", "one"])


def check_rule(rule: Rule) -> list[Diagnostic]:
    """What is wrong with a rule's expressions, the first error of each."""
    return _RuleChecker(rule).check()


class _RuleChecker:
    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.found: list[Diagnostic] = []
        self.types = _Types(rule.source)

    def check(self) -> list[Diagnostic]:
        """All errors, in the order of the file."""
        rule = self.rule
        names: Names = {rule.kind: EntityType(rule.kind)}
        names["option"] = object_type({option.attribute: option.type for option in rule.options})
        names["local"] = object_type(dict.fromkeys(rule.locals, DYNAMIC))
        for name, placed in rule.locals.items():
            known = names["local"]
            assert isinstance(known, ObjectType)
            inferred = self._infer(placed, names)
            names["local"] = object_type({**dict(known.attributes), name: inferred})
        if rule.when is not None:
            self._infer_flag(rule.when, names, '"when"')
        for statement in rule.asserts:
            inner = dict(names)
            if statement.for_each is not None:
                collection = self._infer(statement.for_each, names)
                key, value = element_types(collection)
                inner["each"] = object_type({"key": key, "value": value})
            fix = [part for each in statement.fixes for part in each.parts]
            self._infer_flag(statement.condition, inner, "a condition")
            if statement.at is not None and chain(statement.at.node) is None:
                message = f"at names an attribute, such as {rule.kind}.address"
                self.found.append(RuleError(message, statement.at.range).diagnostic())
            for part in (statement.error_message, statement.at, statement.remedy, *fix):
                if part is not None:
                    self._infer(part, inner)
        return sorted(self.found, key=lambda each: each.range.start if each.range else 0)

    def _infer_flag(self, placed: Placed, names: Names, what: str) -> None:
        found = self._infer(placed, names)
        if not isinstance(found, Dynamic) and found != BOOL:
            message = f"{what} is true or false, and this is {named_type(found)}"
            self.found.append(RuleError(message, placed.range).diagnostic())

    def _infer(self, placed: Placed, names: Names) -> Type:
        try:
            return self.types.infer(placed.node, names)
        except RuleError as error:
            self.found.append(error.diagnostic())
            return DYNAMIC


class _Types:
    """Infers the types of the expressions of one file; RuleError at the first mistake."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source

    def _error(self, node: Expression, message: str) -> RuleError:
        return RuleError(message, self.source.range(node.start, node.end))

    def infer(self, node: Expression, names: Names) -> Type:
        """The type of an expression, DYNAMIC where it is not known."""
        match node:
            case Literal(value=value):
                return type_of_literal(value)
            case Parentheses(expression=inner):
                return self.infer(inner, names)
            case Template(parts=parts):
                types = [self.infer(part, names) for part in parts]
                return types[0] if node.wraps else STRING
            case TemplateIf(condition=condition, then=then, otherwise=otherwise):
                for part in (condition, then, otherwise):
                    self.infer(part, names)
                return STRING
            case TemplateFor():
                raise self._error(node, "a rule's text has no %{ for }; use join() and for")
            case Variable(name=name):
                return self._name(node, name, names)
            case SplatItem():
                return names["*"]
            case GetAttr(object=inner, name=name):
                return self._attribute(node, self.infer(inner, names), name)
            case Index(collection=inner, key=key):
                self.infer(key, names)
                return indexed_type(self.infer(inner, names), key)
            case Splat(source=inner, body=body):
                item = item_type(self.infer(inner, names))
                return ListType(self.infer(body, {**names, "*": item}))
            case Unary(operator=operator, operand=inner):
                self.infer(inner, names)
                return BOOL if operator == "!" else NUMBER
            case Binary(operator=operator, left=left, right=right):
                self.infer(left, names)
                self.infer(right, names)
                return NUMBER if operator in "+-*/%" else BOOL
            case Conditional(condition=condition, then=then, otherwise=otherwise):
                self.infer(condition, names)
                return common_type([self.infer(then, names), self.infer(otherwise, names)])
            case TupleCons(items=items):
                return type_of_tuple([self.infer(item, names) for item in items])
            case ObjectCons():
                return self._object(node, names)
            case For():
                return self._for(node, names)
            case Call():
                return self._call(node, names)
            case _:
                return DYNAMIC

    def _name(self, node: Expression, name: str, names: Names) -> Type:
        if name in names:
            return names[name]
        known = [each for each in names if each != "*"]
        listed = ", ".join(sorted(known))
        message = f'there is no "{name}" here, only {listed}{did_you_mean(name, known)}'
        raise self._error(node, message)

    def _attribute(self, node: GetAttr, container: Type, name: str) -> Type:
        known: Iterable[str]
        match container:
            case EntityType(kind=kind):
                schema = _schema_of(kind)
                if name in schema:
                    return schema[name].type
                known, noun = schema, kind
            case ObjectType():
                found = container.attribute(name)
                if found is not None:
                    return found
                known, noun = [each for each, _ in container.attributes], _noun(node.object)
            case ListType() | SetType() | TupleType():
                message = f'a list has no attribute "{name}"; read it of its elements: [*].{name}'
                raise self._error(node, message)
            case MapType(element=element):
                return element
            case Dynamic():
                return DYNAMIC
            case _:
                raise self._error(node, f'a {container} has no attribute "{name}"')
        place = self.source.range(node.end - len(name), node.end)
        raise RuleError(f'{noun} has no attribute "{name}"{did_you_mean(name, known)}', place)

    def _object(self, node: ObjectCons, names: Names) -> Type:
        attributes: dict[str, Type] = {}
        for item in node.items:
            value = self.infer(item.value, names)
            if isinstance(item.key, Literal):
                attributes[str(item.key.value)] = value
            else:
                self.infer(item.key, names)
                return DYNAMIC
        return object_type(attributes)

    def _for(self, node: For, names: Names) -> Type:
        key, value = element_types(self.infer(node.collection, names))
        inner = {**names, node.value_name: value}
        if node.key_name:
            inner[node.key_name] = key
        if node.condition is not None:
            self.infer(node.condition, inner)
        result = self.infer(node.value, inner)
        if node.key is None:
            return ListType(result)
        self.infer(node.key, inner)
        return MapType(ListType(result) if node.group else result)

    def _call(self, node: Call, names: Names) -> Type:
        arguments = [self.infer(argument, names) for argument in node.arguments]
        name = node.name.removeprefix("core::")
        if name in REFUSED:
            raise self._error(node, f"rules do not have {name}(): they read no files and no clock")
        domain = DOMAIN.get(name)
        if domain is not None:
            if len(arguments) != len(domain.parameters):
                listed = ", ".join(parameter for parameter, _ in domain.parameters)
                message = f"{name} takes {len(domain.parameters)} arguments: {listed}"
                raise self._error(node, message)
            return domain.returns
        if registry.HOMES.get(name) is None:
            near = did_you_mean(name, [*registry.HOMES, *DOMAIN])
            raise self._error(node, f"there is no function {name}(){near}")
        function = registry.find(name)
        assert function is not None
        return _returned(name, arguments) or (
            function.returns if isinstance(function.returns, Type) else DYNAMIC
        )


def _returned(name: str, arguments: list[Type]) -> Type | None:
    if not arguments:
        return None
    first = arguments[0]
    if name in _SAME:
        return ListType(element_types(first)[1])
    if name in _ELEMENT:
        return element_types(first)[1]
    if name == "values":
        return ListType(element_types(first)[1])
    if name == "flatten":
        inner = element_types(first)[1]
        return inner if isinstance(inner, ListType) else None
    if name in ("coalesce", "max", "min"):
        return common_type(arguments)
    return None


def _schema_of(kind: str) -> dict[str, AttributeSchema]:
    entity = KINDS.get(kind)
    return {} if entity is None else entity.schema()


def _noun(node: Expression) -> str:
    return node.name if isinstance(node, Variable) else "this object"
