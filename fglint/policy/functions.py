"""The functions that rules have beside Terraform's own; each asks the model a question.

A function takes and gives values. An answer that is not known is an Unknown with its origins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fglint.evaluation.elements import elements_of
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, DYNAMIC, STRING, EntityType, Type
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.written import Written
from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

# Functions of Terraform that rules do not have: no errors that are caught, no files, no clock, no
# chance.
REFUSED = frozenset(
    (
        *("abspath", "base64gzip", "bcrypt", "can", "file", "filebase64", "filebase64sha256"),
        *("filebase64sha512", "fileexists", "filemd5", "fileset", "filesha1", "filesha256"),
        *("filesha512", "pathexpand", "plantimestamp", "rsadecrypt", "templatefile"),
        *("templatestring", "timestamp", "try", "uuid", "uuidv5"),
    )
)


@dataclass(frozen=True, slots=True)
class DomainFunction:
    """A function of rules: its parameters, what it returns, and what it asks."""

    name: str
    parameters: tuple[tuple[str, Type], ...]
    returns: Type
    ask: Callable[..., Value]
    doc: str


def _iam_allows(deployment: Deployment, role: Value, action: Value, resource: Value) -> Value:
    from fglint.model.role import Role

    bare, wanted = plain(role), plain(action)
    if isinstance(bare, Unknown):
        return Unknown(BOOL, bare.origins, not_null=True)
    if is_null(bare):
        return False
    if not isinstance(bare, Role):
        raise EvaluationError("Invalid function argument", "iam_allows takes a role first")
    if isinstance(wanted, Unknown):
        return Unknown(BOOL, wanted.origins, not_null=True)
    if not isinstance(wanted, str):
        raise EvaluationError("Invalid function argument", "iam_allows takes an action second")
    answer: Value = bare.allows(wanted, resource)
    return answer


def _depends(deployment: Deployment, start: Value, end: Value) -> Value:
    from fglint.model.entity import Entity

    for each in (start, end):
        bare = plain(each)
        if isinstance(bare, Unknown):
            return Unknown(BOOL, bare.origins, not_null=True)
    first, last = plain(start), plain(end)
    if not isinstance(first, Entity) or not isinstance(last, Entity):
        raise EvaluationError("Invalid function argument", "depends takes two resources")
    return deployment.graph.reaches(first.address, last.address)


def _to_wait(deployment: Deployment, entity: Value, others: Value) -> Value:
    from fglint.model.entity import Entity
    from fglint.policy import advice  # which needs this module to be whole

    user = plain(entity)
    assert isinstance(user, Entity)
    found = (plain(value) for _, value, _ in elements_of(others))
    return advice.to_wait(deployment, user, (each for each in found if isinstance(each, Entity)))


def _spelled(deployment: Deployment, entity: Value, attribute: Value, user: Value) -> Value:
    from fglint.model.entity import Entity
    from fglint.policy import advice  # likewise

    named, reader = plain(entity), plain(user)
    if not (isinstance(named, Entity) and isinstance(reader, Entity)):
        return str(named)
    return advice.reference(deployment, reader, named, str(plain(attribute)))


def _reference(deployment: Deployment, entity: Value, attribute: Value) -> Value:
    return Written(str(plain(attribute)), of=entity)


def _call(deployment: Deployment, function: Value, argument: Value) -> Value:
    return Written("", of=argument, function=f"{plain(function)}(…)")


def _around(deployment: Deployment, text: Value, inner: Value) -> Value:
    return Written(str(plain(text)), of=inner, function=str(plain(text)))


def _code(deployment: Deployment, text: Value) -> Value:
    return Written(str(plain(text)), verbatim=True)


def _created(deployment: Deployment, attribute: Value) -> Value:
    return Written(str(plain(attribute)), is_new=True)


DOMAIN: dict[str, DomainFunction] = {
    function.name: function
    for function in (
        DomainFunction(
            "iam_allows",
            (("role", EntityType("role")), ("action", STRING), ("resource", STRING)),
            BOOL,
            _iam_allows,
            "Whether a role's policies allow an action on a resource; unknown where a policy, a "
            "condition or a boundary cannot be read and nothing else decides.",
        ),
        DomainFunction(
            "depends",
            (("start", EntityType("")), ("end", EntityType(""))),
            BOOL,
            _depends,
            "Whether Terraform makes `end` before `start`: a reference or depends_on leads there, "
            "directly or not.",
        ),
        DomainFunction(
            "to_wait",
            (("entity", EntityType("")), ("others", DYNAMIC)),
            STRING,
            _to_wait,
            "For remedies: how to make Terraform wait with a resource for others, as a sentence: "
            "what to add to depends_on of the resource, or of the module call around it.",
        ),
        DomainFunction(
            "spelled",
            (("entity", EntityType("")), ("attribute", STRING), ("user", EntityType(""))),
            STRING,
            _spelled,
            "For remedies: the reference to an attribute of a resource, as the module of `user` "
            "writes it.",
        ),
        DomainFunction(
            "reference",
            (("entity", EntityType("")), ("attribute", STRING)),
            DYNAMIC,
            _reference,
            "For fixes: the reference to an attribute of a resource, as the module that is changed "
            "writes it.",
        ),
        DomainFunction(
            "created",
            (("attribute", STRING),),
            DYNAMIC,
            _created,
            "For fixes: the reference to an attribute of what the fix has added in an earlier "
            "step; to that itself with an empty text.",
        ),
        DomainFunction(
            "call",
            (("function", STRING), ("argument", DYNAMIC)),
            DYNAMIC,
            _call,
            "For fixes: the call of one of Terraform's functions with a value, not its result.",
        ),
        DomainFunction(
            "around",
            (("text", STRING), ("value", DYNAMIC)),
            DYNAMIC,
            _around,
            "For fixes: a text in which `…` stands for a value, as it is written.",
        ),
        DomainFunction(
            "code",
            (("text", STRING),),
            DYNAMIC,
            _code,
            "For fixes: a text that is written as it stands, without quotes.",
        ),
    )
}


def bound(name: str, deployment: Deployment | None) -> Callable[[Sequence[Value]], Value] | None:
    """The function of that name over a deployment; None where rules have none."""
    function = DOMAIN.get(name)
    if function is None or deployment is None:
        return None

    def call(arguments: Sequence[Value]) -> Value:
        if len(arguments) != len(function.parameters):
            names = ", ".join(parameter for parameter, _ in function.parameters)
            raise EvaluationError(
                "Wrong number of arguments", f"{name} takes {len(function.parameters)}: {names}"
            )
        return function.ask(deployment, *arguments)

    return call
