"""Where secrets come from: attributes that hold a credential, and names that announce one.

Sources: the documentation of hashicorp/aws 6 and of the other providers named, attributes marked
there as sensitive or described as a credential. Names: the conventions of common software.
Read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from fglint.evaluation.inspection import is_null
from fglint.evaluation.marks import SecretOrigin
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import DYNAMIC
from fglint.evaluation.values import (
    ListValue,
    ObjectValue,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)
from fglint.records import dataclass

# ---- sources ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """Why an attribute is a source of secrets; weak ones count only under a secret-like name."""

    reason: str
    weak: bool = False


_GENERATED = Source("generated")
_KEY = Source("private key")
_STORED = Source("stored secret")
_CREDENTIAL = Source("credential")

# By type: attributes, with a dot before what is nested in blocks.
_MANAGED: dict[str, dict[str, Source]] = {
    "random_password": {"result": _GENERATED, "bcrypt_hash": _GENERATED},
    "random_string": {"result": Source("generated", weak=True)},
    "tls_private_key": dict.fromkeys(
        ("private_key_pem", "private_key_openssh", "private_key_pem_pkcs8"), _KEY
    ),
    "aws_db_instance": {"password": _CREDENTIAL},
    "aws_rds_cluster": {"master_password": _CREDENTIAL},
    "aws_docdb_cluster": {"master_password": _CREDENTIAL},
    "aws_neptune_cluster": {"master_password": _CREDENTIAL},
    "aws_redshift_cluster": {"master_password": _CREDENTIAL},
    "aws_redshiftserverless_namespace": {"admin_user_password": _CREDENTIAL},
    "aws_elasticache_replication_group": {"auth_token": _CREDENTIAL},
    "aws_elasticache_user": {"passwords": _CREDENTIAL},
    "aws_memorydb_user": {"authentication_mode.passwords": _CREDENTIAL},
    "aws_mq_broker": {"user.password": _CREDENTIAL},
    "aws_opensearch_domain": {
        "advanced_security_options.master_user_options.master_user_password": _CREDENTIAL
    },
    "aws_elasticsearch_domain": {
        "advanced_security_options.master_user_options.master_user_password": _CREDENTIAL
    },
    "aws_secretsmanager_secret_version": {"secret_string": _STORED, "secret_binary": _STORED},
    "aws_iam_access_key": {"secret": _CREDENTIAL, "ses_smtp_password_v4": _CREDENTIAL},
    "aws_iam_user_login_profile": {"password": _CREDENTIAL},
    "aws_cognito_user_pool_client": {"client_secret": _CREDENTIAL},
    "aws_api_gateway_api_key": {"value": _CREDENTIAL},
    "onepassword_item": {"password": _STORED},
    "github_actions_secret": {"plaintext_value": _STORED},
    "vault_generic_secret": {"data_json": _STORED, "data": _STORED},
    "vault_kv_secret": {"data_json": _STORED, "data": _STORED},
    "vault_kv_secret_v2": {"data_json": _STORED, "data": _STORED},
    "vault_token": {"client_token": _CREDENTIAL},
    "vault_approle_auth_backend_role_secret_id": {"secret_id": _CREDENTIAL},
}
_DATA: dict[str, dict[str, Source]] = {
    "aws_secretsmanager_secret_version": {"secret_string": _STORED, "secret_binary": _STORED},
    "aws_secretsmanager_secret_versions": {"versions": _STORED},
    "aws_secretsmanager_random_password": {"random_password": _GENERATED},
    "aws_ssm_parameters_by_path": {"values": _STORED},
    "aws_kms_secrets": {"plaintext": _STORED},
    "aws_ecr_authorization_token": {"password": _CREDENTIAL, "authorization_token": _CREDENTIAL},
    "aws_cognito_user_pool_client": {"client_secret": _CREDENTIAL},
    "aws_api_gateway_api_key": {"value": _CREDENTIAL},
    "vault_generic_secret": {"data": _STORED, "data_json": _STORED},
    "vault_kv_secret": {"data": _STORED, "data_json": _STORED},
    "vault_kv_secret_v2": {"data": _STORED, "data_json": _STORED},
    "vault_aws_access_credentials": {"secret_key": _CREDENTIAL, "security_token": _CREDENTIAL},
    "sops_file": {"data": _STORED, "raw": _STORED},
    "sops_external": {"data": _STORED, "raw": _STORED},
    "onepassword_item": {"password": _STORED, "credential": _STORED},
}


def sources_of(mode: str, type_: str, values: Mapping[str, Value]) -> dict[str, Source]:
    """The attributes of a resource or data source that are sources of secrets, by name."""
    found = _sources(mode, type_, values)
    return {name: source for name, source in found.items() if name in values}


def _sources(mode: str, type_: str, values: Mapping[str, Value]) -> dict[str, Source]:
    if type_ == "aws_ssm_parameter":
        return _parameter(mode, values)
    return (_MANAGED if mode == "managed" else _DATA).get(type_, {})


def _parameter(mode: str, values: Mapping[str, Value]) -> dict[str, Source]:
    """A parameter's value is a secret when its type is SecureString; public ones never are."""
    name, kind = plain(values.get("name", "")), plain(values.get("type", ""))
    if isinstance(name, str) and name.startswith("/aws/service/"):
        return {}
    if kind in ("String", "StringList") or (mode == "managed" and kind != "SecureString"):
        return {}
    return {"value": _STORED}


def mark_sources(mode: str, type_: str, address: str, values: dict[str, Value]) -> None:
    """Marks the attributes of a resource that are sources of secrets.

    Those that a type without a schema does not write get an unknown value to carry the mark.
    """
    for path, source in _sources(mode, type_, values).items():
        name, _, inner = path.partition(".")
        origin = SecretOrigin(f"{address}.{path}", source.reason, source.weak)
        if name not in values:
            kind = "computed" if mode == "managed" else "data"
            denoted = Origin(kind, address, f".{name}")  # type: ignore[arg-type]
            values[name] = Unknown.of(denoted, DYNAMIC)
        if not is_null(values[name]):
            values[name] = _marked(values[name], inner.split(".") if inner else [], origin)


def _marked(value: Value, path: Sequence[str], origin: SecretOrigin) -> Value:
    """The value with a mark on the members at a path, in all elements of the blocks between."""
    if not path:
        return value if is_null(value) else mark(value, frozenset({origin}))
    bare, marks = unmark(value)
    match bare:
        case ObjectValue(items) if path[0] in items:
            bare = ObjectValue({**items, path[0]: _marked(items[path[0]], path[1:], origin)})
        case ListValue(elements, element):
            bare = ListValue(tuple(_marked(e, path, origin) for e in elements), element)
        case SetValue(elements, element):
            bare = SetValue(tuple(_marked(e, path, origin) for e in elements), element)
        case TupleValue(elements):
            bare = TupleValue(tuple(_marked(e, path, origin) for e in elements))
    return mark(bare, marks)


# ---- names ------------------------------------------------------------------------------------


def _words(text: str, separator: str | None = None) -> tuple[str, ...]:
    return tuple(text.split(separator))


_WORDS = frozenset(
    _words(
        "password passwords passwd pwd passphrase secret secrets token apikey credential "
        "credentials privatekey salt pepper otp jwt bearer dsn connectionstring connstr "
        "pgpassword dbpassword rootpassword adminpassword userpassword mysqlpassword "
        "postgrespassword redispassword mongopassword smtppassword mailpassword "
        "dbpass dbpasswd dbpwd userpass rootpass adminpass mysqlpass pgpass smtppass "
        "secretkey accesskey accesstoken authtoken clientsecret"
    )
)
_LAST_WORDS = frozenset({"pass", "signature", "pin"})
_PAIRS = frozenset(
    _words(
        "api key,access key,secret key,private key,encryption key,signing key,master key,"
        "service key,auth key,license key,storage key,shared key,hmac key,"
        "webhook secret,client secret,database url,db url,redis url,mongo uri,amqp url,"
        "smtp pass,ssh key,key base,connection string",
        ",",
    )
)
_ALWAYS = frozenset(
    _words(
        "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN ECS_ENGINE_AUTH_DATA "
        "SECRET_KEY_BASE DJANGO_SECRET_KEY RAILS_MASTER_KEY GITHUB_TOKEN NPM_TOKEN "
        "DD_API_KEY NEW_RELIC_LICENSE_KEY PGPASSWORD MYSQL_PWD MYSQL_ROOT_PASSWORD "
        "POSTGRES_PASSWORD"
    )
)
_SUFFIXES = _words(
    "_ARN _ARNS _ID _IDS _NAME _NAMES _FILE _FILENAME _PATH _DIR _KEY_FILE _ENDPOINT _HOST _PORT "
    "_TTL _EXPIRY _EXPIRES _EXPIRATION _EXPIRES_IN _TIMEOUT _LENGTH _MIN_LENGTH _ALGORITHM _ALG "
    "_TYPE _HEADER _ISSUER _AUDIENCE _ENABLED _REQUIRED _POLICY _ROTATION _PREFIX _VERSION "
    "_REGION _PARAM _PARAMETER _STORE _PROVIDER _COUNT _LIMIT _FIELD _COLUMN _CACHE _LIFETIME "
    "_DURATION _BACKEND _SCOPE _SCOPES _DOMAIN _SERVICE _CLASS _FORMAT _MODE _INTERVAL _SECONDS "
    "_MINUTES _HOURS _DAYS _KMS_KEY"
)
# Names of things that only sound like secrets, as words that follow each other.
_NEUTRAL = tuple(
    _words(words)
    for words in _words(
        "max tokens,server side encryption key,cache key,partition key,sort key,primary key,"
        "foreign key,routing key,object key,s key,stripe publishable key,publishable key,"
        "recaptcha site key,site key,allow credentials,with credentials",
        ",",
    )
)
_PREFIXES = ("DISABLE_", "ENABLE_", "USE_", "REQUIRE_", "SECRETS_MANAGER_")
_BY_VALUE = ("_URL", "_URI", "_DSN", "_URLS", "_URIS")
_SPLIT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@lru_cache(maxsize=4096)
def canonical(name: str) -> str:
    """The words of a name in capitals, joined by underscores: dbPassword is DB_PASSWORD."""
    return "_".join(_SPLIT.findall(name)).upper()


@lru_cache(maxsize=4096)
def secret_name(name: str) -> bool:
    """Whether a name announces a secret: DB_PASSWORD and apiKey do, SECRET_ARN does not."""
    upper = canonical(name)
    if upper in _ALWAYS or name.upper() in _ALWAYS:
        return True
    if names_no_secret(name) or by_value(name):
        return False
    # Words are compared without numbers: DB_PASSWORD_2 is a password, too.
    words = [word for word in upper.lower().split("_") if not word.isdigit()]
    words = _without_neutral(words)
    if _WORDS.intersection(words) or (words and words[-1] in _LAST_WORDS):
        return True
    return any(f"{one} {other}" in _PAIRS for one, other in pairwise(words))


def _without_neutral(words: list[str]) -> list[str]:
    for neutral in _NEUTRAL:
        for at in range(len(words) - len(neutral) + 1):
            if tuple(words[at : at + len(neutral)]) == neutral:
                return words[:at] + words[at + len(neutral) :]
    return words


@lru_cache(maxsize=4096)
def names_no_secret(name: str) -> bool:
    """Whether a name says that it is none: an ARN, an id, a path, a switch, a public key."""
    upper = canonical(name)
    if upper.endswith(_SUFFIXES) and not upper.endswith("ACCESS_KEY_ID"):
        return True
    return "PUBLIC" in upper.split("_") or upper.startswith(_PREFIXES)


def by_value(name: str) -> bool:
    """Whether a name such as DATABASE_URL is judged by its value alone."""
    return f"_{canonical(name)}".endswith(_BY_VALUE)


def is_pin(name: str) -> bool:
    """Whether a name announces a number that is a secret: a PIN or a one-time password."""
    return not {"PIN", "OTP"}.isdisjoint(canonical(name).split("_"))


# Client keys of Sentry identify a project; its documentation calls them safe to publish.
CLIENT_KEYS = frozenset({"SENTRY_DSN"})

_REFERENCE_ATTRIBUTES = re.compile(
    r"(?:^|_)(?:arns?|ids?|names?|urls?|uris?|endpoints?|address(?:es)?|fqdn|bucket|key_id|host|"
    r"hostname|domain|port|dns|zone|region|family|path|username|user|prefix|suffix|cluster|table|queue|"
    r"topic|issuer|version)$"
)


def names_reference(attribute: str) -> bool:
    """Whether an attribute of that name is a reference and no secret: an ARN, an id."""
    return bool(_REFERENCE_ATTRIBUTES.search(attribute.lower()))
