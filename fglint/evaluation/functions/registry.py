"""How a function is declared and called: arity, conversion, null, unknown and marks, once for all.

The modules of this package declare Terraform's functions with `function`. A module is imported
when a configuration first calls one of its functions: `HOMES` says which is where. `try`, `can`
and `templatefile`'s relatives that need more than values get it from `Context`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fglint.evaluation.attribution import with_marked_pieces
from fglint.evaluation.convert import convert
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import is_wholly_known, origins_of, type_of, unmark_deep
from fglint.evaluation.marks import Mark, SecretOrigin, terraform_marks
from fglint.evaluation.origins import Origin
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import DYNAMIC, Dynamic, Type
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    MAXIMUM_LEAVES,
    Null,
    Union,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)
from fglint.records import dataclass
from fglint.source import Files

if TYPE_CHECKING:
    from fglint.source import Range, SourceFile


Kind = type[Type]


class Context(Protocol):
    """What functions may use beside their arguments."""

    files: Files
    directory: Path  # relative paths start here: the root module, in child modules, too
    depth: int  # of nested templatefile() calls
    assuming: bool  # whether holes in JSON text add no syntax: not where a plan is reproduced

    def render(self, source: SourceFile, variables: dict[str, Value], depth: int) -> Value:
        """The value of a template text in which only `variables` and functions are known."""

    def domain(self, name: str) -> Callable[[Sequence[Value]], Value] | None:
        """A function that only rules have, None for all others."""

    def warn(self, summary: str, detail: str, at: Range) -> None:
        """Reports what Terraform would refuse and evaluation goes on with."""

    def call_origin(self, name: str) -> Origin:
        """A new origin for one call of an impure function such as timestamp()."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its type and what it takes beside known values."""

    type: Type
    nullable: bool = False  # gets Null as it is; otherwise null is an error
    unknown: bool = False  # gets Unknown as it is; otherwise the result is unknown
    deep: bool = False  # must be known at any depth; otherwise unknown elements are let through
    kinds: tuple[Kind, ...] = ()  # of a DYNAMIC one: what it must be, also while unknown
    wanted: str = ""  # these kinds in words


@dataclass(frozen=True, slots=True)
class Function:
    """A declared function."""

    name: str
    names: tuple[str, ...]  # of the parameters, for messages
    parameters: tuple[Parameter, ...]
    variadic: Parameter | None
    returns: Type | Callable[[Sequence[Value]], Type]
    implementation: Callable[..., Value]
    sees_marks: bool  # gets Marked values and marks its result itself
    context: bool  # gets the Context first
    may_be_null: bool
    keeps_secret: bool  # the result of a hash, length … is no secret any more

    def parameter(self, index: int) -> tuple[str, Parameter]:
        """Name and declaration of the argument at an index."""
        if index < len(self.parameters):
            return self.names[index], self.parameters[index]
        assert self.variadic is not None
        return self.names[-1], self.variadic

    def type_for(self, arguments: Sequence[Value]) -> Type:
        """The type of the result for these (converted) arguments, DYNAMIC when it hangs on them."""
        return self.returns if isinstance(self.returns, Type) else self.returns(arguments)


_declared: dict[str, Function] = {}


def function(
    *parameters: Type | Parameter,
    returns: Type | Callable[[Sequence[Value]], Type],
    variadic: Type | Parameter | None = None,
    name: str | None = None,
    sees_marks: bool = False,
    context: bool = False,
    may_be_null: bool = False,
    keeps_secret: bool = True,
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Declares the decorated Python function as Terraform's function of that name.

    Positional arguments come converted to the declared types, known, not null and without marks,
    unless the Parameter says otherwise. A Python name's trailing underscore is not part of the
    function's name.
    """

    def declare(implementation: Callable[..., Value]) -> Callable[..., Value]:
        code = implementation.__code__
        count = code.co_argcount + (1 if code.co_flags & 0x04 else 0)
        names = code.co_varnames[1 if context else 0 : count]
        own = name or implementation.__name__.rstrip("_")
        _declared[own] = Function(
            own,
            names,
            tuple(map(_parameter, parameters)),
            None if variadic is None else _parameter(variadic),
            returns,
            implementation,
            sees_marks,
            context,
            may_be_null,
            keeps_secret,
        )
        return implementation

    return declare


def _parameter(declared: Type | Parameter) -> Parameter:
    return declared if isinstance(declared, Parameter) else Parameter(declared)


HOMES: dict[str, str] = {
    name: home
    for home, names in {
        "numeric": "abs ceil floor log max min parseint pow signum sum",
        "conversion": "tobool tolist tomap tonumber toset tostring issensitive nonsensitive "
        "sensitive ephemeralasnull",
        "strings": "endswith join lower replace split startswith strcontains strrev substr title "
        "upper",
        "trimming": "chomp indent trim trimprefix trimspace trimsuffix",
        "formatting": "format formatlist",
        "patterns": "regex regexall",
        "encoding": "base64decode base64encode base64gzip textdecodebase64 "
        "textencodebase64 urlencode",
        "csv_text": "csvdecode",
        "hashing": "base64sha256 base64sha512 bcrypt filebase64sha256 filebase64sha512 filemd5 "
        "filesha1 filesha256 filesha512 md5 rsadecrypt sha1 sha256 sha512 uuid uuidv5",
        "dates": "formatdate plantimestamp timeadd timecmp timestamp",
        "networks": "cidrhost cidrnetmask cidrsubnet cidrsubnets",
        "choices": "alltrue anytrue coalesce coalescelist contains element index length one",
        "lists": "chunklist compact concat flatten range reverse slice sort",
        "sets": "distinct matchkeys setintersection setproduct setsubtract setunion",
        "mappings": "keys list lookup map merge transpose values zipmap",
        "serialization": "jsondecode jsonencode yamldecode yamlencode",
        "filesystem": "abspath basename dirname file filebase64 fileexists fileset pathexpand "
        "templatefile templatestring",
    }.items()
    for name in names.split()
}


# Functions that lose Terraform's marks where an argument is unknown, with how many arguments do.
LOSING = {
    **dict.fromkeys("element flatten slice reverse templatestring values".split(), 1),
    **dict.fromkeys("chunklist zipmap".split(), 2),
    **dict.fromkeys("abs concat merge".split()),
}
# Functions of any value that Terraform calls also where nothing is known of one, not even its type.
TAKING = frozenset(
    "coalesce coalescelist ephemeralasnull issensitive jsonencode length merge nonsensitive "
    "sensitive tobool tolist tomap tonumber toset tostring yamlencode".split()
)
# Modules whose functions look into unknown values where Terraform's do not.
REFINED = frozenset({"strings", "trimming", "patterns", "encoding", "numeric"})


def find(name: str) -> Function | None:
    """The function of that name ("core::" allowed before it), None when there is none."""
    name = name.removeprefix("core::")
    home = HOMES.get(name)
    if home is None:
        return None
    if name not in _declared:
        importlib.import_module(f"fglint.evaluation.functions.{home}")
    return _declared.get(name)


def call(function: Function, arguments: Sequence[Value], context: Context) -> Value:
    """The result of a call; EvaluationError where Terraform reports one.

    An unknown argument gives an unknown result of the declared type with the argument's origins,
    unless the parameter takes unknowns. A union of values is called leaf by leaf.
    """
    _check_arity(function, len(arguments))
    spread = _leaves(function, arguments)
    if spread is not None:
        return _call_leaves(function, arguments, context, *spread)
    values: list[Value] = []
    marks: set[Mark] = set()
    unknown: list[Value] = []
    literal = not STATE.refining
    blind = literal and HOMES[function.name] in REFINED and function.name != "startswith"
    first = _first_untyped(function, arguments) if literal else len(arguments)
    undetermined = first < len(arguments)
    for index, argument in enumerate(arguments):
        name, parameter = function.parameter(index)
        if not function.sees_marks:
            argument, found = unmark_deep(argument)
            marks.update(found)
        value = _argument(name, parameter, argument, typed=not undetermined, nullable=index > first)
        values.append(value)
        bare = plain(value)
        sees_unknown = parameter.unknown and not blind
        deep = parameter.deep or (blind and parameter.unknown)
        if not sees_unknown and (isinstance(bare, Unknown) or (deep and not is_wholly_known(bare))):
            unknown.append(value)
    result: Value
    if undetermined:
        result = Unknown(DYNAMIC, tuple(o for value in values for o in origins_of(value)))
        if function.sees_marks:
            marks.update(m for value in values for m in unmark_deep(value)[1])
    elif unknown:
        origins = tuple(dict.fromkeys(origin for value in unknown for origin in origins_of(value)))
        untyped = literal and any(map(_is_untyped, unknown))
        type_ = DYNAMIC if untyped else function.type_for(values)
        result = Unknown(type_, origins, not_null=not function.may_be_null)
        if function.sees_marks:
            shallow = literal and function.name == "setproduct"  # which looks at no element
            marks.update(m for v in values for m in (unmark if shallow else unmark_deep)(v)[1])
    elif function.context:
        result = function.implementation(context, *values)
    else:
        result = function.implementation(*values)
    open_ = any(isinstance(plain(value), Unknown) for value in values)
    loses = function.name in LOSING
    loses |= undetermined and function.name in ("keys", "lookup", "setproduct")
    if literal and open_ and loses and isinstance(plain(result), Unknown):
        kept = arguments[LOSING.get(function.name) or len(arguments) :]
        return mark(plain(result), frozenset(m for one in kept for m in unmark_deep(one)[1]))
    if not function.keeps_secret:
        result, own = unmark(result)
        marks = set(terraform_marks(frozenset(marks) | own))
    elif marks and not literal and not function.sees_marks:
        result = with_marked_pieces(result, arguments)
    return mark(result, frozenset(marks))


def _first_untyped(function: Function, arguments: Sequence[Value]) -> int:
    """Where the first argument is of which not even the type is known, if that ends the call."""
    for index, argument in enumerate(arguments):
        dynamic = isinstance(function.parameter(index)[1].type, Dynamic)
        if dynamic and not _takes(function, index) and type_of(argument) == DYNAMIC:
            return index
    return len(arguments)


def _takes(function: Function, index: int) -> bool:
    """Whether an argument may be unknown and of any type."""
    if function.name in ("lookup", "templatestring"):
        return index >= 2 if function.name == "lookup" else index == 0
    return function.name in TAKING


def _is_untyped(value: Value) -> bool:
    bare = plain(value)
    return isinstance(bare, Unknown) and bare.type == DYNAMIC


def _check_arity(function: Function, count: int) -> None:
    least = len(function.parameters)
    if count < least:
        missing = function.names[count]
        raise EvaluationError(
            "Not enough function arguments",
            f'Function "{function.name}" expects {least} argument(s). Missing value for '
            f'"{missing}".',
        )
    if count > least and function.variadic is None:
        raise EvaluationError(
            "Too many function arguments",
            f'Function "{function.name}" expects only {least} argument(s).',
        )


def _argument(
    name: str, parameter: Parameter, argument: Value, *, typed: bool, nullable: bool
) -> Value:
    """The argument, converted; what Terraform does not come to look at is not checked."""
    if isinstance(plain(argument), Null):
        return argument if nullable else _null_argument(name, parameter, argument)
    if isinstance(parameter.type, Dynamic):
        kinds = parameter.kinds if typed else ()
        if kinds and not isinstance(type_of(argument), (Dynamic, *kinds)):
            raise EvaluationError(
                "Invalid function argument",
                f'Invalid value for "{name}" parameter: {parameter.wanted} required.',
            )
        return argument
    try:
        value = convert(argument, parameter.type)
    except EvaluationError as error:
        raise EvaluationError(
            "Invalid function argument",
            f'Invalid value for "{name}" parameter: {error.detail or error.summary}',
        ) from None
    # One of two nulls of different types converts to null.
    if isinstance(plain(value), Null) and not nullable:
        return _null_argument(name, parameter, value)
    return value


def _null_argument(name: str, parameter: Parameter, value: Value) -> Value:
    if parameter.nullable:
        return value
    raise EvaluationError(
        "Invalid function argument",
        f'Invalid value for "{name}" parameter: argument must not be null.',
    )


def _leaves(
    function: Function, arguments: Sequence[Value]
) -> tuple[int, tuple[Value, ...], frozenset[Mark]] | None:
    """The one argument that is a union, where the function does not look into it itself."""
    found = None
    for index, argument in enumerate(arguments):
        bare = plain(argument)
        if isinstance(bare, Unknown) and isinstance(bare.content, Union):
            if found is not None:
                return None
            found = index, bare.content.leaves, unmark_deep(argument)[1]
    return found


def _call_leaves(
    function: Function,
    arguments: Sequence[Value],
    context: Context,
    index: int,
    leaves: tuple[Value, ...],
    marks: frozenset[Mark],
) -> Value:
    results: list[Value] = []
    error: EvaluationError | None = None
    for leaf in leaves[:MAXIMUM_LEAVES]:
        try:
            results.append(
                call(function, [*arguments[:index], leaf, *arguments[index + 1 :]], context)
            )
        except EvaluationError as raised:
            error = raised
    if not results:
        assert error is not None
        raise error
    origins = origins_of(arguments[index])
    types = {type_of(result) for result in results}
    type_ = types.pop() if len(types) == 1 else DYNAMIC
    if error is not None:  # a leaf that fails decides nothing: the value may be another one
        return mark(Unknown(type_, origins), marks)
    return mark(union(results, origins, type_), marks)


def secret_marks(marks: frozenset[Mark]) -> frozenset[SecretOrigin]:
    """Fglint's own marks among these."""
    return frozenset(m for m in marks if isinstance(m, SecretOrigin))
