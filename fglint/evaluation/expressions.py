"""Expressions become Python functions once, and are evaluated in a scope many times.

`compile_expression` gives a function from a Scope to the expression's Value. Errors are
EvaluationError; the innermost expression that raised one adds its range. Three dialects differ in
what a bare name means: in a configuration it begins a resource's type, in a template file it is one
of the template's variables, in a rule it is a subject of the model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal as OneOf
from typing import assert_never

from fglint.evaluation import (
    access,
    comprehensions,
    conditionals,
    elements,
    former,
    operators,
    templates,
)
from fglint.evaluation.access import get_attr
from fglint.evaluation.errors import EvaluationError, StaticError
from fglint.evaluation.frame import Code, Frame
from fglint.evaluation.functions import registry
from fglint.evaluation.functions.registry import Function
from fglint.evaluation.inspection import is_unknown, origins_of
from fglint.evaluation.numbers import rounded
from fglint.evaluation.origins import Origin
from fglint.evaluation.references import BUILTIN_ROOTS, Reference, chain, reference_of
from fglint.evaluation.refinement import STATE
from fglint.evaluation.scope import Scope
from fglint.evaluation.templates import concat_template
from fglint.evaluation.types import BOOL, DYNAMIC, STRING, Type, object_type
from fglint.evaluation.values import (
    NULL,
    Capsule,
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
from fglint.source import SourceFile
from fglint.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    GetAttr,
    Index,
    Invalid,
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

PROVIDER_FUNCTIONS: dict[str, Type] = {
    "provider::aws::arn_build": STRING,
    "provider::aws::arn_parse": object_type(
        dict.fromkeys(("partition", "service", "region", "account_id", "resource"), STRING)
    ),
    "provider::aws::trim_iam_role_path": STRING,
    "provider::terraform::encode_expr": STRING,
    "provider::terraform::encode_tfvars": STRING,
    "provider::local::direxists": BOOL,
}
Dialect = OneOf["terraform", "template", "rule"]
Evaluate = Callable[[Scope], Value]


def compile_expression(
    node: Expression,
    source: SourceFile,
    *,
    null_attributes: bool = False,
    dialect: Dialect | None = None,
) -> Evaluate:
    """A function from a scope to the expression's value.

    `null_attributes` is the rules' mode: an attribute of null is null, and bare names are the
    scope's `whole`.
    """
    code = Compiler(source, dialect or ("rule" if null_attributes else "terraform")).compile(node)

    def evaluate(scope: Scope) -> Value:
        return code(Frame(scope))

    return evaluate


class Compiler:
    """Compiles the expressions of one file; each node once."""

    def __init__(self, source: SourceFile, dialect: Dialect = "terraform") -> None:
        self.source = source
        self.dialect = dialect
        self._bound: list[str] = []
        self._caught = 0  # how many try() and can() are around what is being compiled
        self._done: dict[Expression, Evaluate] = {}

    def evaluate(self, node: Expression, scope: Scope) -> Value:
        """The value of a whole expression of the file."""
        known = self._done.get(node)
        if known is None:
            code = self.compile(node)

            def known(scope: Scope) -> Value:
                return code(Frame(scope))

            self._done[node] = known
        return known(scope)

    def compile(self, node: Expression) -> Code:
        """The code of a node, in which errors get the node's range."""
        match node:
            case Literal(value=value):
                if value is None:
                    return _constant(NULL)
                if isinstance(value, (bool, str)):
                    return _constant(value)
                return _constant(rounded(value))
            case Parentheses(expression=inner):
                return self.compile(inner)
            case SplatItem():
                return lambda frame: frame.names["*"]
            case Template():
                return self._template(node)
            case _:
                return self._located(self._compile(node), node)

    def _located(self, code: Code, node: Expression) -> Code:
        source, start, end = self.source, node.start, node.end

        def located(frame: Frame) -> Value:
            try:
                return code(frame)
            except EvaluationError as error:
                if error.range is None:
                    error.range = source.range(start, end)
                raise

        return located

    def _compile(self, node: Expression) -> Code:
        match node:
            case Variable() | GetAttr() | Index() | Splat():
                return self._traversal(node)
            case Call():
                return self._call(node)
            case Binary():
                return self._binary(node)
            case Unary(operator=operator, operand=inner):
                operate = operators.negate if operator == "-" else operators.logical_not
                operand = self.compile(inner)
                return lambda frame: operate(_doubted(frame, operand(frame)))
            case Conditional():
                return self._conditional(node)
            case TupleCons(items=items):
                codes = tuple(map(self.compile, items))
                return lambda frame: TupleValue(tuple([code(frame) for code in codes]))
            case ObjectCons(items=entries):
                pairs = [(self.compile(e.key), self.compile(e.value)) for e in entries]
                return comprehensions.object_cons(pairs)
            case For():
                collection = self.compile(node.collection)
                names = [node.value_name] + ([node.key_name] if node.key_name else [])
                key, value, condition = self._in_scope(names, node.key, node.value, node.condition)
                assert value is not None
                return comprehensions.for_expression(node, collection, key, value, condition)
            case TemplateIf() | TemplateFor():
                return self._directive(node)
            case Invalid():
                return self._invalid(node)
            case Literal() | Parentheses() | SplatItem() | Template():
                return self.compile(node)
            case _:
                raise AssertionError(node)

    def _in_scope(self, names: list[str], *nodes: Expression | None) -> list[Code | None]:
        self._bound.extend(names)
        codes = [None if node is None else self.compile(node) for node in nodes]
        del self._bound[len(self._bound) - len(names) :]
        return codes

    # ---- traversals ---------------------------------------------------------------------------

    def _traversal(self, node: Expression) -> Code:
        found = chain(node)
        if found is not None and found[0] not in self._bound:
            reference = reference_of(found[1], found[0])
            if node is reference.head:
                return self._reference(reference)
        match node:
            case Variable(name=name):
                return lambda frame: frame.names[name]
            case GetAttr(object=inner, name=name):
                return self._get_attr(self.compile(inner), name)
            case Index(collection=inner, key=key):
                container, index = self.compile(inner), self.compile(key)
                if self._lenient:
                    at = self.source.range(node.start, node.end)
                    container = former.indexed(container, at)
                return lambda frame: _index(frame, container(frame), index(frame))
            case Splat(source=inner, body=body):
                return self._splat(self.compile(inner), self.compile(body))
            case _:
                raise AssertionError(node)

    @property
    def _lenient(self) -> bool:
        """Whether what only older versions of Terraform took may stand here, in a check."""
        return self.dialect != "rule" and not self._caught

    def _reference(self, reference: Reference) -> Code:
        kind, names = reference.kind, reference.names
        if self.dialect == "template":
            return self._bare(reference)
        if self.dialect == "rule" and kind not in ("local", "each"):
            return self._bare(reference)
        match kind:
            case "var":
                return lambda frame: frame.scope.variable(names[0])
            case "local":
                return lambda frame: frame.scope.local(names[0])
            case "module":
                return lambda frame: frame.scope.module(names[0])
            case "managed" | "data":
                return lambda frame: frame.scope.resource(kind, *names)
            case "each" | "count" | "self" | "path" | "terraform":
                return lambda frame: frame.scope.builtin(kind, names[0])
            case "bare":
                return lambda frame: frame.scope.whole(names[0])
            case _:
                assert_never(kind)

    def _bare(self, reference: Reference) -> Code:
        """The root as a whole, and the names that a configuration would read as part of it."""
        nodes = chain(reference.head)
        assert nodes is not None
        root, members = nodes[0], [n.name for n in nodes[1][1:] if isinstance(n, GetAttr)]
        code: Code = lambda frame: frame.scope.whole(root)  # noqa: E731 - wrapped below
        for name in members:
            code = self._get_attr(code, name)
        return code

    def _get_attr(self, container: Code, name: str) -> Code:
        if self.dialect == "rule":
            return lambda frame: _rule_attribute(container(frame), name)
        return lambda frame: get_attr(_doubted(frame, container(frame)), name)

    def _splat(self, source: Code, body: Code) -> Code:
        def splat(frame: Frame) -> Value:
            def apply(item: Value) -> Value:
                return body(frame.bind({"*": item}))

            def probe(item: Value) -> Value:
                return body(Frame(frame.scope, {**frame.names, "*": item}))

            return elements.splat(_doubted(frame, source(frame)), apply, probe)

        return splat

    # ---- operators and calls ------------------------------------------------------------------

    def _binary(self, node: Binary) -> Code:
        """Chains of operators lean to the left; they are compiled without recursing into them."""
        pending: list[Binary] = [node]
        while isinstance(pending[-1].left, Binary):
            pending.append(pending[-1].left)
        first = self.compile(pending[-1].left)
        steps = [(each.operator, self.compile(each.right)) for each in reversed(pending)]
        plan = self.dialect != "rule"

        def chained(frame: Frame) -> Value:
            value = first(frame)
            for operator, right in steps:
                value = _apply(frame, operator, value, right, plan)
            return value

        return chained

    def _conditional(self, node: Conditional) -> Code:
        condition = self.compile(node.condition)
        then, otherwise = self.compile(node.then), self.compile(node.otherwise)

        def branch(code: Code, frame: Frame) -> Value | EvaluationError:
            try:
                return code(frame)
            except StaticError:
                raise
            except EvaluationError as error:
                return error

        def choose(frame: Frame) -> Value:
            chosen = _doubted(frame, condition(frame))
            return conditionals.conditional(chosen, branch(then, frame), branch(otherwise, frame))

        return choose

    def _call(self, node: Call) -> Code:
        name, expand = node.name, node.expand
        catches = name in ("try", "core::try", "can", "core::can")
        self._caught += catches
        arguments = tuple(map(self.compile, node.arguments))
        self._caught -= catches
        if catches:
            return (comprehensions.try_ if name.endswith("try") else comprehensions.can)(arguments)
        if name.startswith("provider::"):
            return self._provider_call(node, arguments)
        found = registry.find(name)
        is_template = name in ("templatestring", "core::templatestring") and arguments
        if is_template and chain(node.arguments[0]) is None:
            return _no_template(arguments)

        def call(frame: Frame) -> Value:
            values = [argument(frame) for argument in arguments]
            if expand:
                expanded = _expand(values.pop())
                if isinstance(expanded, Unknown):
                    return expanded
                values.extend(expanded)
            for value in values:
                _doubted(frame, value)
            domain = frame.scope.context.domain(name)
            if domain is not None:
                return domain(values)
            return registry.call(_known(found, name), values, frame.scope.context)

        if name in former.FUNCTIONS and self._lenient and not expand:
            return former.called(name, arguments, call, self.source.range(node.start, node.end))
        return call

    def _provider_call(self, node: Call, arguments: tuple[Code, ...]) -> Code:
        origin = Origin(
            "function",
            f"{node.name}(…)",
            because=f"the provider's function {node.name} is not evaluated",
            range=self.source.range(node.start, node.end),
        )
        provider = node.name.split("::")[1]
        type_ = PROVIDER_FUNCTIONS.get(node.name, DYNAMIC)

        def call(frame: Frame) -> Value:
            frame.scope.builtin("provider", provider)
            for argument in arguments:
                argument(frame)
            return Unknown(type_, (origin,))

        return call

    # ---- templates ----------------------------------------------------------------------------

    def _template(self, node: Template) -> Code:
        codes = [self.compile(part) for part in node.parts]
        if not codes:
            return _constant("")
        if node.wraps:
            return codes[0]
        located = self.source, node

        def render(frame: Frame) -> Value:
            values = [code(frame) for code in codes]
            for index, value in enumerate(values):
                bare = plain(value)
                if isinstance(bare, Unknown) and not bare.not_null:
                    frame.doubt[0] += 1  # null has no text
                elif isinstance(bare, Null):
                    raise templates.no_text(self.source, node.parts[index])
            try:
                return concat_template(values)
            except EvaluationError as error:
                if error.range is None:
                    error.range = located[0].range(node.start, node.end)
                raise

        return render

    def _directive(self, node: TemplateIf | TemplateFor) -> Code:
        if isinstance(node, TemplateIf):
            return comprehensions.template_if(
                self.compile(node.condition), self._text(node.then), self._text(node.otherwise)
            )
        collection = self.compile(node.collection)
        names = [node.value_name] + ([node.key_name] if node.key_name else [])
        self._bound.extend(names)
        body = self._text(node.body)
        del self._bound[len(self._bound) - len(names) :]
        return comprehensions.template_for(node, collection, body)

    def _text(self, node: Expression) -> Code:
        """The code of a template whose value is text also where it is one interpolation."""
        code = self.compile(node)
        return lambda frame: concat_template([code(frame)])

    def _invalid(self, node: Invalid) -> Code:
        place = self.source.range(node.start, node.end)
        origin = Origin("error", str(place), because="it could not be parsed", range=place)
        return lambda frame: Unknown(origins=(origin,))


def _constant(value: Value) -> Code:
    return lambda frame: value


def _doubted(frame: Frame, value: Value) -> Value:
    """Notes that an operation on an unknown may still fail once it is known: see `try`."""
    bare = plain(value)
    if isinstance(bare, Unknown):
        frame.doubt[0] += 1
        frame.doubt[1] += not bare.not_null  # null is an error for most operations
    return value


def _index(frame: Frame, container: Value, key: Value) -> Value:
    if isinstance(plain(key), Unknown):
        frame.doubt[0] += 1
        frame.doubt[1] += 1
    return access.index(_doubted(frame, container), key)


def _rule_attribute(container: Value, name: str) -> Value:
    bare, marks = unmark(container)
    if isinstance(bare, Capsule):
        return mark(bare.get(name), marks)
    if isinstance(bare, Null):
        return NULL
    return get_attr(container, name)


def _apply(frame: Frame, operator: str, left: Value, right: Code, plan: bool) -> Value:
    if operator in ("&&", "||"):
        return operators.logical(operator, _doubted(frame, left), lambda: right(frame), plan=plan)
    other = right(frame)
    if operator not in ("==", "!="):  # which take null
        _doubted(frame, left)
        _doubted(frame, other)
    return operators.binary(operator, left, other)


def _known(found: Function | None, name: str) -> Function:
    if found is None:
        raise EvaluationError("Call to unknown function", f'There is no function named "{name}".')
    return found


def _no_template(arguments: Sequence[Code]) -> Code:
    def refuse(frame: Frame) -> Value:
        for argument in arguments[1:]:
            value = argument(frame)
            if is_unknown(value) and not STATE.refining:
                return Unknown(STRING, origins_of(value))
        raise EvaluationError(
            "Invalid function argument",
            'Invalid value for "template" parameter: invalid template expression: it must be a '
            "direct reference to a string from elsewhere, such as local.greeting.",
        )

    return refuse


def _expand(value: Value) -> list[Value] | Unknown:
    bare, marks = unmark(value)
    match bare:
        case TupleValue(items) | ListValue(items, _) | SetValue(items, _):
            return [mark(item, marks) for item in items]
        case Unknown(content=OpenList(items)) if all(i.presence is Presence.ONE for i in items):
            return [mark(item.value, marks) for item in items]
        case Unknown():
            return Unknown(origins=bare.origins)
        case Null():
            raise EvaluationError("Invalid expanding argument value", "It must not be null.")
        case ObjectValue() | MapValue() | _:
            raise EvaluationError(
                "Invalid expanding argument value",
                "The expanding argument (indicated by ...) must be of a tuple, list, or set type.",
            )


__all__ = ["BUILTIN_ROOTS", "Compiler", "Dialect", "Evaluate", "compile_expression"]
