"""What a role needs to read one secret: an action on it, and the use of its key."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING
from fglint.evaluation.values import NULL, Parts, Unknown, Value, plain
from fglint.model.arns import arn_value
from fglint.model.facts import Named
from fglint.model.links import Link
from fglint.model.logic import Tri, outside, unknown
from fglint.model.patterns import RANDOM, Text, Variants
from fglint.model.reading import known_text, root
from fglint.model.recognition import pieces_of
from fglint.model.secret_reference import NAME, SECRET, Reference
from fglint.model.terraform import expression, list_of
from fglint.provider.arns import SHAPES

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.role import Role

_OWN_KEYS = {"alias/aws/secretsmanager", "alias/aws/ssm"}
_KEY_ARGUMENTS = {"aws_secretsmanager_secret": "kms_key_id", "aws_ssm_parameter": "key_id"}
_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")
_WORD = re.compile(r"-[a-z]{6}$")


class Access:
    """One reference, seen from the role that reads it; `like` lies in the account that reads."""

    def __init__(self, deployment: Deployment, like: Instance, reference: Reference) -> None:
        self.deployment = deployment
        self.like = like
        self.reference = reference

    # ---- what is read -------------------------------------------------------------------------

    @cached_property
    def arn(self) -> Value | None:
        """The ARN of the secret or parameter; None where it is not known what is named."""
        reference = self.reference
        if not reference.form:
            return None
        if not reference.is_reference:
            return NULL
        if reference.instance is not None:
            return arn_value(reference.instance)
        if reference.form != NAME:
            return reference.arn
        first, *rest = pieces_of(reference.name if reference.name is not None else "")
        start = known_text(first)
        first = first if start is None else start.removeprefix("/")
        return _joined("arn:aws:ssm:*:*:parameter/", first, *rest)

    @property
    def action(self) -> str:
        """The action that reads it."""
        is_secret = self.reference.form == SECRET
        return "secretsmanager:GetSecretValue" if is_secret else "ssm:GetParameters"

    def may_read(self, role: Role) -> Tri:
        """Whether a role may read it; true of what is no reference, which is another mistake."""
        reference = self.reference
        if not reference.form:
            return Unknown(BOOL, reference.doubts, not_null=True)
        if not reference.is_reference or reference.malformed:
            return True
        answer = self._allowed(role)
        if answer is False and reference.doubts:
            return unknown(*reference.doubts)
        return self._across_accounts(answer) if answer is True else answer

    def _allowed(self, role: Role) -> Tri:
        reference = self.reference
        if reference.instance is not None:
            return role.allows(self.action, arn_value(reference.instance))
        if reference.form == NAME:
            template = SHAPES["aws_ssm_parameter"].template
            name = reference.name if reference.name is not None else ""
            return role.allows(self.action, self.deployment.texts.made(template, name, self.like))
        assert reference.arn is not None
        if reference.form != SECRET:
            return role.allows(self.action, reference.arn)
        answers = [role.allows(self.action, form) for form in self._secret_texts(reference.arn)]
        if all(answer is answers[0] for answer in answers):
            return answers[0]
        return unknown(*[a for a in answers if isinstance(a, Unknown)], _ambiguous(reference.arn))

    def _secret_texts(self, arn: Value) -> list[Variants]:
        """The ARNs that a reference to a secret may mean: AWS adds six characters to the name.

        A name may be written without them; of one that ends in a word of six letters it is not
        known whether they are it.
        """
        texts = self.deployment.texts.of(arn)
        bare = plain(arn)
        last = bare
        if isinstance(bare, Unknown):
            last = plain(bare.content.parts[-1]) if isinstance(bare.content, Parts) else bare
        if not isinstance(last, str):
            return [texts]
        added = tuple(tuple((*text, "-", *(RANDOM,) * 6) for text in forms) for forms in texts)
        if not _SUFFIX.search(last):
            return [added]
        return [texts, added] if _WORD.search(last) else [texts]

    def _across_accounts(self, answer: Tri) -> Tri:
        """The answer; unknown for a secret of another account, whose own policy decides, too."""
        fields = (known_text(self.reference.arn or "") or "").split(":")
        account = fields[4] if len(fields) > 4 else ""
        own = _literal_account(self.deployment.texts.account(self.like))
        if not account.isdigit() or own is None or own == account:
            return answer
        because = f"the secret lies in account {account}, whose policies are not known"
        return outside(account, because)

    @property
    def granted(self) -> Value:
        """The resource of a statement that lets a role read it; null where it is not known."""
        arn = self.arn
        if arn is None:
            return NULL
        text = known_text(arn)
        bare = self.reference.form == SECRET and text is not None and not _SUFFIX.search(text)
        return f"{text}-??????" if bare else arn

    @property
    def granted_key(self) -> Value:
        """The resource of a statement that lets a role use the key; null where there is none."""
        key = self.key
        if key is None or is_null(key):
            return NULL
        found = self.deployment.links.find(key, "key").instance
        if found is None:
            return key
        is_alias = found.type == "aws_kms_alias"
        return arn_value(found, "target_key_arn") if is_alias else arn_value(found)

    @property
    def read_statement(self) -> str:
        """The statement that lets a role read it."""
        arn = self.arn
        if arn is None or is_null(arn):
            return ""
        return _statement([self.action], _with_suffix(self.reference, expression([arn])))

    # ---- the key ------------------------------------------------------------------------------

    @cached_property
    def key(self) -> Value | None:
        """The customer's key that encrypts it; null where there is none, None where unknown."""
        instance = self.reference.instance if self.reference.is_reference else None
        argument = None if instance is None else _KEY_ARGUMENTS.get(instance.type)
        if instance is None or argument is None or instance.get(argument) is None:
            return NULL
        value = root(instance).get(argument).value
        if instance.mode == "data":
            value = instance.get(argument) or NULL
            if isinstance(plain(value), Unknown) and self._has_no_customer_key(instance):
                return NULL
        return NULL if known_text(value) in _OWN_KEYS or known_text(value) == "" else value

    def _has_no_customer_key(self, instance: Instance) -> bool:
        """Whether facts state that no customer's key encrypts what a data source reads."""
        named = Named(instance.address, Link(NULL, instance))
        return self.deployment.facts.stated(named, "secrets", "customer-key") is False

    def may_decrypt(self, role: Role) -> Tri:
        """Whether a role may use the key; true where no customer's key encrypts it."""
        key = self.key
        if key is None or is_null(key):
            return True
        bare = plain(key)
        answer = role.allows("kms:Decrypt", key, {"kms:viaservice": (self._service(),)})
        is_given = isinstance(bare, Unknown) and not bare.not_null and not self._is_resource(bare)
        if answer is False and is_given:
            return unknown(bare)
        return answer

    def _service(self) -> Variants:
        """The service that asks for the key: the one that stores the secret."""
        name = "secretsmanager" if self.reference.form == SECRET else "ssm"
        return tuple(
            tuple((*name, ".", *form, *".amazonaws.com") for form in forms)
            for forms in self.deployment.texts.region(self.like)
        )

    def _is_resource(self, value: Unknown) -> bool:
        return value.ref is not None and value.ref.kind == "computed"

    @property
    def decrypt_statement(self) -> str:
        """The statement that lets a role use the key."""
        key = self.key
        if key is None or is_null(key):
            return ""
        found = self.deployment.links.find(key, "key").instance
        if found is not None and found.type != "aws_kms_alias":
            return _statement(["kms:Decrypt"], expression([arn_value(found)]))
        if found is not None:
            return _statement(["kms:Decrypt"], expression([arn_value(found, "target_key_arn")]))
        return _statement(["kms:Decrypt"], expression([key]))


def _ambiguous(arn: Value) -> Unknown:
    name = (known_text(arn) or "").rpartition(":")[2]
    because = f"whether {name} ends in the six characters that AWS adds is not known"
    return outside(name, because)


def _literal_account(variants: Variants) -> str | None:
    """The number of an account, where it is known."""
    if len(variants) != 1:
        return None
    text: Text = variants[0][-1]
    return "".join(map(str, text)) if all(isinstance(s, str) for s in text) else None


def _statement(actions: list[str], resource: str) -> str:
    return f'{{ Effect = "Allow", Action = {list_of(actions)}, Resource = {resource} }}'


def _with_suffix(reference: Reference, shown: str) -> str:
    """The resource of a statement: a secret named without its suffix matches with a wildcard."""
    if reference.form == SECRET and shown.endswith('"') and not _SUFFIX.search(shown[:-1]):
        return f'{shown[:-1]}-??????"'
    return shown


def _joined(*parts: Value) -> Value:
    if all(isinstance(plain(part), str) for part in parts):
        return "".join(str(plain(part)) for part in parts)
    origins = unknown(*parts).origins
    return Unknown(STRING, origins, not_null=True, content=Parts(tuple(map(plain, parts))))
