"""Policies of resources: of keys, secrets, buckets and repositories.

Source: IAM User Guide, "Policy evaluation logic"; AWS KMS Developer Guide, "Default key policy".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import Unknown, Value
from fglint.model.logic import Tri, all_of, any_of, outside, unknown
from fglint.model.patterns import Own, Variants, matches
from fglint.model.policy import Document, is_anyone, read_document
from fglint.model.reading import root
from fglint.model.statement import Request, Statement
from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.role import Role

# By class of identities: the resource that holds a policy apart, and what names the object in it.
_SEPARATE = {
    "key": ("aws_kms_key_policy", "key_id"),
    "secret": ("aws_secretsmanager_secret_policy", "secret_arn"),
    "bucket": ("aws_s3_bucket_policy", "bucket"),
    "repository": ("aws_ecr_repository_policy", "repository"),
}
_CLASS_OF_SERVICE = {"kms": "key", "secretsmanager": "secret", "s3": "bucket", "ecr": "repository"}


@dataclass(frozen=True, slots=True, eq=False)
class Grant:
    """What a resource's own policy says of one request of a role.

    `direct`: it allows the role itself. `delegated`: it leaves the decision to the policies of
    the account's roles. `denied`: it denies the request.
    """

    direct: Tri
    delegated: Tri
    denied: Tri


NOTHING = Grant(False, True, False)


def class_of(action: str) -> str | None:
    """The class of identities that an action acts on, where such objects have policies."""
    return _CLASS_OF_SERVICE.get(action.partition(":")[0].lower())


def grant(deployment: Deployment, role: Role, instance: Instance | None, request: Request) -> Grant:
    """What the policy of the object that a request concerns says of it."""
    class_ = class_of(request.action)
    if class_ is None:
        return NOTHING
    if instance is None or instance.mode == "data":
        return _unseen(class_, instance)
    read = documents(deployment, class_, instance)
    if not read:
        return NOTHING
    statements = [each for document in read for each in document.statements]
    doubts = [doubt for document in read for doubt in document.doubts]
    direct: list[Tri] = [*doubts]
    delegated: list[Tri] = [*doubts]
    denied: list[Tri] = [*doubts]
    for statement in statements:
        applies = all_of(
            [
                statement.present,
                statement.covers_action(request.action),
                statement.holds(request.context),
            ]
        )
        if applies is False:
            continue
        allows = all_of([statement.is_effect("Allow"), applies])
        named = _names_role(statement, role)
        direct.append(all_of([allows, named]))
        delegated.append(all_of([allows, any_of([_names_account(statement, role), named])]))
        denies = statement.is_effect("Deny")
        anyone = any_of([named, _names_account(statement, role), _excludes(statement)])
        denied.append(all_of([denies, applies, anyone]))
    return Grant(any_of(direct), any_of(delegated) if class_ == "key" else True, any_of(denied))


def _unseen(class_: str, instance: Instance | None) -> Grant:
    """A key outside may name the role in its policy; of other objects that is not assumed."""
    if class_ != "key":
        return NOTHING
    name = instance.address if instance is not None else "the key"
    return Grant(outside(name, f"the policy of {name} is not in the configuration"), True, False)


def documents(deployment: Deployment, class_: str, instance: Instance) -> list[Document]:
    """The policy documents of an object, its own and those held apart."""
    texts = deployment.texts
    own = root(instance).get("policy")
    found = [] if is_null(own.value) else [read_document(texts, own)]
    type_, argument = _SEPARATE[class_]
    for holder in deployment.links.of(type_):
        node = root(holder)
        link = deployment.links.find(node.get(argument).value, class_)
        if link.instance is instance:
            document = read_document(texts, node.get("policy"))
            if holder.maybe and not instance.maybe:
                doubt = outside(holder.address, f"whether {holder.address} exists is not known")
                document = Document((), (doubt,), document.whole)
            found.append(document)
        elif link.unknown is not None:
            found.append(Document((), (unknown(link.value),), node))
    return found


def _names_role(statement: Statement, role: Role) -> Tri:
    texts = statement.texts
    named = [
        all_of([present, matches(texts.of(value), role.arn_text)])
        for present, value in statement.principals_of("AWS").items
        if not _is_pattern(value)
    ]
    rest = statement.principals_of("AWS").rest
    if rest is not None:
        named.append(rest)
    return any_of([*named, is_anyone(statement, texts)])


def _is_pattern(value: Value) -> bool:
    return isinstance(value, str) and value == "*"


def _names_account(statement: Statement, role: Role) -> Tri:
    """Whether a principal is the account: its number, or its root."""
    texts = statement.texts
    answers: list[Tri] = []
    listed = statement.principals_of("AWS")
    for present, value in listed.items:
        given = texts.of(value)
        answer = any_of([matches(given, form) for form in role.account_texts])
        # A literal account is the own one, as far as can be told.
        if isinstance(answer, Unknown) and _is_account(given):
            answer = True
        answers.append(all_of([present, answer]))
    if listed.rest is not None:
        answers.append(listed.rest)
    return any_of(answers)


def _is_account(given: Variants) -> bool:
    """Whether a text has the form of an account's number or root."""
    text = "".join(
        symbol if isinstance(symbol, str) else "0" if isinstance(symbol, Own) else "\0"
        for symbol in given[0][-1]
    )
    return text.isdigit() or text.endswith(":root")


def _excludes(statement: Statement) -> bool:
    """Whether it names whom it is not about: then it may be about the role."""
    return statement.node is not None and not is_null(statement.node.get("NotPrincipal").value)
