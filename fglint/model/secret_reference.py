"""What a `valueFrom` says: which secret or parameter it names, and which part of it.

Source: Amazon ECS Developer Guide, "Pass Secrets Manager secrets through Amazon ECS environment
variables" and "Pass Systems Manager parameters through Amazon ECS environment variables"; the
constraints of parameter names in the API reference of Systems Manager, PutParameter; those of
version ids in that of Secrets Manager, GetSecretValue.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fglint.configuration.instance import Instance
from fglint.configuration.trail import Trail
from fglint.evaluation.inspection import marks_deep, origins_of
from fglint.evaluation.marks import SecretOrigin
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import STRING
from fglint.evaluation.values import Parts, Union, Unknown, Value, plain
from fglint.model.links import Links
from fglint.model.recognition import pieces_of, text_of
from fglint.provider.arns import MANAGED_SECRETS, SHAPES
from fglint.provider.credentials import HOLE
from fglint.provider.partitions import PARTITIONS
from fglint.provider.secrets import names_reference
from fglint.records import dataclass

SECRET = "secret ARN"
PARAMETER = "parameter ARN"
NAME = "parameter name"

# What the attributes of these types hold. The documentation of hashicorp/aws 6, "Attribute
# Reference" of each type.
_FORMS: dict[str, dict[str, str]] = {
    "aws_secretsmanager_secret": {"arn": SECRET, "id": SECRET, "name": "secret name"},
    "aws_secretsmanager_secrets": {"arns": SECRET, "names": "secret name"},
    "aws_secretsmanager_secret_version": {
        "arn": SECRET,
        "secret_arn": SECRET,
        "secret_id": SECRET,
        "id": "version of a secret",
        "version_id": "version of a secret",
        "secret_string": "secret value",
        "secret_binary": "secret value",
    },
    "aws_ssm_parameter": {
        "arn": PARAMETER,
        "name": NAME,
        "id": NAME,
        "value": "secret value",
        "insecure_value": "secret value",
    },
    "aws_ssm_parameters_by_path": {"arns": PARAMETER, "names": NAME, "values": "secret value"},
}
_VALUES = frozenset({"generated", "stored secret", "private key", "credential"})
_READABLE = re.compile(rf"[\w./{HOLE}-]{{1,1011}}", re.ASCII)
_REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d+")
_ACCOUNT = re.compile(r"\d{12}")
_VERSION_LENGTHS = range(32, 65)


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A `valueFrom`, read.

    `form` is "secret ARN", "parameter ARN", "parameter name", what it is instead ("secret name",
    "secret value", "version of a secret", "other"), or "" where it is not known. `instance` is the
    resource or data source that it names by reference. `arn` is the ARN without what follows it,
    `name` a parameter's name; `key`, `stage` and `version` are the parts after a secret's ARN, ""
    where left out. `malformed` says in words why ECS cannot read it. `doubts` are why it is not
    wholly known: what they stand for may change all but the form.
    """

    form: str
    instance: Instance | None = None
    arn: Value | None = None
    name: Value | None = None
    key: str = ""
    stage: str = ""
    version: str = ""
    malformed: str = ""
    doubts: tuple[Origin, ...] = ()

    @property
    def is_reference(self) -> bool:
        """Whether it is of a form that ECS reads."""
        return self.form in (SECRET, PARAMETER, NAME)


def references(links: Links, value: Value, trail: Trail | None) -> list[Reference]:
    """What a `valueFrom` says; several where it is one of several values."""
    bare = plain(value)
    if isinstance(bare, Unknown) and isinstance(bare.content, Union):
        return [each for leaf in bare.content.leaves for each in references(links, leaf, trail)]
    return [_read(links, value, trail)]


def _read(links: Links, value: Value, trail: Trail | None) -> Reference:
    if any(isinstance(m, SecretOrigin) and m.reason in _VALUES for m in marks_deep(value)):
        return Reference("secret value")
    pieces = pieces_of(value)
    first = plain(pieces[0])
    if isinstance(first, Unknown):
        denoted = _denoted(links, first)
        if denoted is not None:
            return _with_rest(denoted, pieces[1:])
        if not first.prefix:
            return Reference("", doubts=origins_of(value))
    text = text_of(value)
    if text.startswith("arn:"):
        return _arn(pieces, text)
    return _name(links, value, text, trail)


# ---- by reference -----------------------------------------------------------------------------


def _denoted(links: Links, value: Unknown) -> Reference | None:
    """What a reference to a resource names; None for other unknowns."""
    origin = value.ref
    instance = None if origin is None else links.at(origin.address)
    if origin is None or instance is None:
        return None
    attribute = origin.path.removeprefix(".").partition("[")[0].partition(".")[0]
    managed = MANAGED_SECRETS.get(instance.type)
    if managed is not None and managed[0].partition("[")[0] == f".{attribute}":
        return Reference(SECRET, arn=value)
    form = _FORMS.get(instance.type, {}).get(attribute)
    if form is None:
        is_other = attribute in _arns_of(instance.type)
        return Reference("other") if is_other else None
    if form == SECRET and attribute in ("secret_id", "secret_arn"):
        return Reference(SECRET, links.find(value, "secret").instance, arn=value)
    if instance.type == "aws_secretsmanager_secret_version" and form == SECRET:
        return Reference(SECRET, links.find(value, "secret").instance or instance, arn=value)
    return Reference(
        form, instance, arn=None if form == NAME else value, name=value if form == NAME else None
    )


def _arns_of(type_: str) -> tuple[str, ...]:
    """The attributes that hold the ARN of something which is no secret."""
    shape = SHAPES.get(type_)
    return () if shape is None or type_ in _FORMS else shape.arns


def _with_rest(reference: Reference, rest: list[Value]) -> Reference:
    """A reference with what follows it in the text."""
    if not rest:
        return reference
    text = "".join(map(text_of, rest))
    doubts = _doubts(rest)
    if reference.form == SECRET:
        return replace(_after_arn(reference, text), doubts=doubts)
    if reference.form == PARAMETER:
        malformed = f"{_quoted(text)} follows the ARN of a parameter, which has no parts"
        return replace(reference, malformed=malformed, doubts=doubts)
    if reference.form == NAME:
        return Reference("", doubts=doubts or (_origin(reference),))
    return reference


def _origin(reference: Reference) -> Origin:
    bare = plain(reference.name if reference.name is not None else "")
    assert isinstance(bare, Unknown)
    return bare.origins[0]


def _doubts(pieces: list[Value]) -> tuple[Origin, ...]:
    """The unknown parts that may hold colons, and so change what the others mean."""
    found: dict[Origin, None] = {}
    for piece in map(plain, pieces):
        if isinstance(piece, Unknown) and not _is_plain(piece):
            found.update(dict.fromkeys(piece.origins))
    return tuple(found)


def _is_plain(value: Unknown) -> bool:
    """Whether it is an attribute of a resource or data source that holds no colon."""
    ref = value.ref
    if ref is None or ref.kind not in ("computed", "data"):
        return False
    attribute = ref.path.rpartition(".")[2].partition("[")[0]
    named = names_reference(attribute) and not attribute.endswith(("arn", "arns", "url", "uri"))
    return attribute in ("hex", "result", "partition") or named


# ---- ARNs -------------------------------------------------------------------------------------


def _arn(pieces: list[Value], text: str) -> Reference:
    fields = text.split(":", 5)
    doubts = _doubts(pieces)
    service = fields[2] if len(fields) > 2 else ""
    if HOLE in service or (HOLE in fields[1] and doubts and len(fields) < 6):
        return Reference("", doubts=origins_of_all(pieces))
    if service not in ("secretsmanager", "ssm"):
        return Reference("other", doubts=doubts)
    form = SECRET if service == "secretsmanager" else PARAMETER
    if len(fields) < 6:
        return Reference(form, malformed="its ARN has too few parts", doubts=doubts)
    _, partition, _, region, account, rest = fields
    malformed = _heading(partition, region, account)
    if form == PARAMETER:
        malformed = malformed or _parameter_path(rest)
        value = _cut(pieces, len(text))
        return Reference(PARAMETER, arn=value, malformed=malformed, doubts=doubts)
    kind, _, tail = rest.partition(":")
    if kind != "secret" or not tail.partition(":")[0]:
        malformed = malformed or 'after the account, the ARN goes on with "secret:" and a name'
    _, colon, after = tail.partition(":")
    length = len(text) - len(colon) - len(after)
    reference = Reference(SECRET, arn=_cut(pieces, length), malformed=malformed)
    return replace(_after_arn(reference, colon + after), doubts=doubts)


def origins_of_all(values: list[Value]) -> tuple[Origin, ...]:
    """The origins of several values, each once."""
    return tuple(dict.fromkeys(origin for value in values for origin in origins_of(value)))


def _heading(partition: str, region: str, account: str) -> str:
    if HOLE not in partition and partition not in PARTITIONS:
        return f"{_quoted(partition)} is no partition of AWS"
    if HOLE not in region and not _REGION.fullmatch(region):
        return f"{_quoted(region)} is no region"
    if HOLE not in account and not _ACCOUNT.fullmatch(account):
        return f"{_quoted(account)} is no account number of 12 digits"
    return ""


def _parameter_path(rest: str) -> str:
    kind, slash, path = rest.partition("/")
    if kind != "parameter" or not slash or not path:
        return 'after the account, the ARN goes on with "parameter/" and a name'
    if path.startswith("/"):
        return "a parameter's ARN has one slash after parameter: that of its name is left out"
    if not _READABLE.fullmatch(path):
        return "a parameter's name has only letters, digits, and the characters . - _ /"
    return ""


def _after_arn(reference: Reference, text: str) -> Reference:
    """A secret's ARN with what follows it: nothing, or :JSON-KEY:STAGE:VERSION."""
    if not text:
        return reference
    if not text.startswith(":"):
        if text.startswith(HOLE):
            return replace(reference, malformed="")
        malformed = f"{_quoted(text)} follows the secret's ARN; what follows it begins with a colon"
        return replace(reference, malformed=reference.malformed or malformed)
    parts = text[1:].split(":")
    if len(parts) != 3:
        count = "1 colon follows" if len(parts) == 1 else f"{len(parts)} colons follow"
        malformed = (
            f"{count} the secret's name; it is none, or the three of "
            ":json-key:version-stage:version-id"
        )
        return replace(reference, malformed=reference.malformed or malformed)
    key, stage, version = parts
    malformed = ""
    if stage and version:
        malformed = "it names a version stage and a version id, of which only one may be given"
    elif version and HOLE not in version and len(version) not in _VERSION_LENGTHS:
        malformed = f"{_quoted(version)} is no version id, which has 32 to 64 characters"
    return replace(
        reference,
        key=key,
        stage=stage,
        version=version,
        malformed=reference.malformed or malformed,
    )


def _cut(pieces: list[Value], length: int) -> Value:
    """The first so many characters of a text in pieces; a hole counts as its prefix and one."""
    kept: list[Value] = []
    for piece in pieces:
        text = text_of(piece)
        if length <= 0:
            break
        kept.append(piece if len(text) <= length else text[:length])
        length -= len(text)
    if len(kept) == 1:
        return kept[0]
    if all(isinstance(plain(piece), str) for piece in kept):
        return "".join(str(plain(piece)) for piece in kept)
    return Unknown(
        STRING, origins_of_all(kept), not_null=True, content=Parts(tuple(map(plain, kept)))
    )


# ---- names ------------------------------------------------------------------------------------


def _name(links: Links, value: Value, text: str, trail: Trail | None) -> Reference:
    doubts = _doubts(pieces_of(value))
    if HOLE in text:
        if not text.startswith("/"):
            return Reference("", doubts=origins_of(value))
        return Reference(NAME, name=value, malformed=_name_defect(text), doubts=doubts)
    parameter = links.find(value, "parameter").instance
    if parameter is not None and text != "":
        return Reference(NAME, parameter, name=value, malformed=_name_defect(text))
    if links.find(value, "secret").instance is not None or _is_written_as(trail, "secret name"):
        return Reference("secret name", links.find(value, "secret").instance)
    if _is_written_as(trail, "secret value"):
        return Reference("secret value")
    if not _READABLE.fullmatch(text):
        return Reference("other")
    return Reference(NAME, name=value, malformed=_name_defect(text))


def _is_written_as(trail: Trail | None, form: str) -> bool:
    """Whether a known text is written as an attribute of that form."""
    if trail is None:
        return False
    found = trail.resources()
    return len(found) == 1 and _FORMS.get(found[0][0], {}).get(found[0][1]) == form


def _name_defect(text: str) -> str:
    if not _READABLE.fullmatch(text):
        return "a parameter's name has only letters, digits, and the characters . - _ /"
    if "/" in text and not text.startswith("/"):
        return "a parameter's name with a slash in it begins with one"
    if "//" in text:
        return "a parameter's name has an empty part between two slashes"
    first = text.strip("/").partition("/")[0].lower()
    public = text.startswith(("/aws/service/", "/aws/reference/"))
    if HOLE not in first and first.startswith(("aws", "ssm")) and not public:
        return "no parameter's name begins with aws or ssm"
    return ""


def _quoted(text: str) -> str:
    return '"' + text.replace(HOLE, "…") + '"'
