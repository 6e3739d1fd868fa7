"""Where secrets come from and what they look like: sources, names and formats.

Sources: the documentation of hashicorp/aws 6 and of the providers named (attributes that hold a
credential). Names and formats: the issuers' own documentation of their tokens.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from fglint.evaluation.values import Value, plain


@dataclass(frozen=True, slots=True)
class Source:
    """Why an attribute is a source of secrets; weak ones count only under a secret-like name."""

    reason: str
    weak: bool = False


_GENERATED = Source("generated")
_KEY = Source("private key")
_STORED = Source("stored secret")
_CREDENTIAL = Source("credential")

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
    "aws_secretsmanager_secret_version": {"secret_string": _STORED, "secret_binary": _STORED},
    "aws_iam_access_key": {"secret": _CREDENTIAL, "ses_smtp_password_v4": _CREDENTIAL},
    "aws_iam_user_login_profile": {"password": _CREDENTIAL},
    "aws_cognito_user_pool_client": {"client_secret": _CREDENTIAL},
    "aws_api_gateway_api_key": {"value": _CREDENTIAL},
    "onepassword_item": {"password": _STORED},
    "github_actions_secret": {"plaintext_value": _STORED},
}
_DATA: dict[str, dict[str, Source]] = {
    "aws_secretsmanager_secret_version": {"secret_string": _STORED, "secret_binary": _STORED},
    "aws_secretsmanager_secret_versions": {"versions": _STORED},
    "aws_secretsmanager_random_password": {"random_password": _GENERATED},
    "aws_ssm_parameters_by_path": {"values": _STORED},
    "aws_kms_secrets": {"plaintext": _STORED},
    "aws_ecr_authorization_token": {"password": _CREDENTIAL, "authorization_token": _CREDENTIAL},
    "vault_generic_secret": {"data": _STORED, "data_json": _STORED},
    "vault_kv_secret": {"data": _STORED, "data_json": _STORED},
    "vault_kv_secret_v2": {"data": _STORED, "data_json": _STORED},
    "sops_file": {"data": _STORED, "raw": _STORED},
    "onepassword_item": {"password": _STORED, "credential": _STORED},
}


def sources_of(mode: str, type_: str, values: Mapping[str, Value]) -> dict[str, Source]:
    """The attributes of a resource or data source that are sources of secrets, by name."""
    if type_ == "aws_ssm_parameter":
        found = _parameter(mode, values)
    else:
        found = (_MANAGED if mode == "managed" else _DATA).get(type_, {})
    return {name: source for name, source in found.items() if name in values}


def _parameter(mode: str, values: Mapping[str, Value]) -> dict[str, Source]:
    """A parameter's value is a secret when its type is SecureString; public ones never are."""
    name, kind = plain(values.get("name", "")), plain(values.get("type", ""))
    if isinstance(name, str) and name.startswith("/aws/service/"):
        return {}
    if kind in ("String", "StringList") or (mode == "managed" and kind != "SecureString"):
        return {}
    return {"value": _STORED}


# ---- names ------------------------------------------------------------------------------------

_WORDS = frozenset(
    "password passwd pwd passphrase secret secrets token apikey credential credentials privatekey "
    "salt pepper otp jwt bearer dsn connectionstring connstr pgpassword".split()
)
_LAST_WORDS = frozenset("pass signature pin".split())
_PAIRS = frozenset(
    "api key,access key,secret key,private key,encryption key,signing key,master key,service key,"
    "auth key,license key,storage key,shared key,hmac key,webhook secret,client secret,"
    "database url,db url,redis url,mongo uri,amqp url,smtp pass,ssh key,key base,"
    "connection string".split(",")
)
ALWAYS = frozenset(
    "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN ECS_ENGINE_AUTH_DATA "
    "SECRET_KEY_BASE DJANGO_SECRET_KEY RAILS_MASTER_KEY GITHUB_TOKEN NPM_TOKEN SENTRY_DSN "
    "DD_API_KEY NEW_RELIC_LICENSE_KEY PGPASSWORD MYSQL_PWD MYSQL_ROOT_PASSWORD "
    "POSTGRES_PASSWORD".split()
)
_SUFFIXES = tuple(
    "_ARN _ARNS _ID _IDS _NAME _NAMES _FILE _FILENAME _PATH _DIR _KEY_FILE _ENDPOINT _HOST _PORT _TTL _EXPIRY "
    "_EXPIRES _EXPIRATION _EXPIRES_IN _TIMEOUT _LENGTH _MIN_LENGTH _ALGORITHM _ALG _TYPE _HEADER "
    "_ISSUER _AUDIENCE _ENABLED _REQUIRED _POLICY _ROTATION _PREFIX _VERSION _REGION _PARAM "
    "_PARAMETER _STORE _PROVIDER _COUNT _LIMIT _FIELD _COLUMN _CACHE _LIFETIME _DURATION".split()
)
_CONTAINED = tuple(
    "PUBLIC TOKENIZER TOKENIZATION MAX_TOKENS KEYBOARD KEYSPACE KEYCLOAK_URL MONKEY COMPASS BYPASS "
    "PASSENGER PASSPORT AUTHOR SECRETARY CACHE_KEY PARTITION_KEY SORT_KEY PRIMARY_KEY FOREIGN_KEY "
    "ROUTING_KEY OBJECT_KEY S3_KEY STRIPE_PUBLISHABLE_KEY RECAPTCHA_SITE_KEY VAPID_PUBLIC "
    "SECRETS_MANAGER".split()
)
_PREFIXES = ("DISABLE_", "ENABLE_", "USE_", "REQUIRE_")
_BY_VALUE = ("_URL", "_URI", "_DSN", "_URLS", "_URIS")
_SPLIT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def secret_name(name: str) -> bool:
    """Whether a name announces a secret: DB_PASSWORD and apiKey do, SECRET_ARN does not."""
    canonical = "_".join(_SPLIT.findall(name)).upper()
    if canonical in ALWAYS or name.upper() in ALWAYS:
        return True
    if canonical.endswith(_SUFFIXES) and not canonical.endswith("ACCESS_KEY_ID"):
        return False
    # Words are compared without numbers: DB_PASSWORD_2 is a password, too.
    words = [word for word in canonical.lower().split("_") if not word.isdigit()]
    if any(part in f"_{canonical}_" for part in _CONTAINED) or canonical.startswith(_PREFIXES):
        return False
    if by_value(name):
        return False
    if _WORDS.intersection(words) or (words and words[-1] in _LAST_WORDS):
        return True
    if "cookie" in words and "secret" in words:
        return True
    return any(f"{one} {other}" in _PAIRS for one, other in zip(words, words[1:], strict=False))




def by_value(name: str) -> bool:
    """Whether names such as DATABASE_URL are judged by their value alone."""
    return "_".join(_SPLIT.findall(name)).upper().endswith(_BY_VALUE)


# ---- formats ----------------------------------------------------------------------------------

_FORMATS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("an AWS access key ID", r"(?<![A-Z0-9])(?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Z0-9])"),
        ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
        ("a password in a connection string", r"(?i)(?:^|[;?&\s])(?:password|pwd)=(?![;&\ue000\s]|$)[^;&\s]+"),
        ("a GitHub token", r"gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}"),
        ("a GitLab token", r"glpat-[\w-]{20,}"),
        ("a Slack token", r"xox[abprs]-[\w-]{10,}|https://hooks\.slack\.com/services/\w+"),
        ("a Stripe key", r"(?:sk|rk)_live_[A-Za-z0-9]{16,}"),
        ("an API key", r"(?<![\w-])sk-(?:proj-|ant-)?[\w-]{20,}"),
        ("a SendGrid key", r"SG\.[\w-]{22}\.[\w-]{43}"),
        ("a Google API key", r"AIza[\w-]{35}|ya29\.[\w-]+"),
        ("a JSON Web Token", r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+"),
        ("an npm token", r"npm_[A-Za-z0-9]{36}"),
        ("a PyPI token", r"pypi-AgEI[\w-]{50,}"),
        ("a DigitalOcean token", r"dop_v1_[a-f0-9]{64}"),
        ("a Twilio key", r"(?<!\w)SK[0-9a-f]{32}(?!\w)"),
        ("a Mailgun key", r"(?<!\w)key-[0-9a-f]{32}(?!\w)"),
        ("a Vault token", r"hvs\.[\w-]{24,}"),
        ("a storage account key", r"AccountKey=[A-Za-z0-9+/=]{60,}"),
        ("an HTTP credential", r"(?:Basic [A-Za-z0-9+/=]{12,}|Bearer [^\s\ue000]{16,})"),
        ("a password hash", r"\$2[aby]\$\d\d\$"),
    )
)  # fmt: skip
_URL = re.compile(r"^[a-z][a-z0-9+.-]*://[^/\s:@]*:([^@/\s]+)@", re.IGNORECASE)
_COMMAND = re.compile(r"--?(?:password|token|secret|api-?key)[= ][^\s\ue000]+", re.IGNORECASE)
HOLE = "\ue000"  # stands for what is not known in a text


def text_format(text: str, *, command: bool = False) -> str | None:
    """What kind of credential a text is or holds, in words; None when it is none.

    HOLE characters stand for unknown parts.
    """
    url = _URL.match(text)
    if url is not None and HOLE not in url[1] and not _PLACEHOLDER.match(url[1]):
        return "a password in a URL"
    for kind, pattern in _FORMATS:
        if pattern.search(text):
            return kind
    return "a credential in a command" if command and _COMMAND.search(text) else None


def unknown_url_password(text: str) -> bool:
    """Whether the password of a URL is (partly) unknown."""
    url = _URL.match(text)
    return url is not None and HOLE in url[1]


# ---- classes of values ------------------------------------------------------------------------

_PLACEHOLDER = re.compile(
    r"(?i)^(?:<.*>|\$\{.*\}|\{\{.*\}\}|change[_-]?me.*|todo.*|x{3,}|\*{3,}|replace.*|dummy.*|"
    r"example.*|your[_-].*|placeholder.*|none|null|n/a)$"
)
_REFERENCE = re.compile(
    r"^(?:arn:.*|(?:sg|vpc|subnet|i|eni|ami)-[0-9a-f]{8,}|\{\{resolve:.*\}\}|"
    r"(?:\.{0,2}/)[\w./-]*|[a-z][a-z0-9+.-]*://[^\s@]*|true|false|\d{1,9}|\d+(?:ms|s|m|h|d)|"
    r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?)$",
    re.IGNORECASE,
)
_DEFAULTS = frozenset("password postgres admin root changeme secret test guest".split())


def is_placeholder(text: str) -> bool:
    """Whether a text only stands for a value to come."""
    return bool(_PLACEHOLDER.match(text)) and text.lower() not in _DEFAULTS


def is_default_password(text: str) -> bool:
    """Whether a text is a password that products ship with."""
    return text.lower() in _DEFAULTS


def is_reference(text: str) -> bool:
    """Whether a text names something, or is a switch or a number: no secret whatever its name."""
    return not text.strip() or bool(_REFERENCE.match(text))


_UUID = re.compile(r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_DIGEST = re.compile(r"^(?:sha256:)?[0-9a-f]{40,64}$")
_BASE64 = re.compile(r"^[A-Za-z0-9+/=_-]{20,}$")
_HEX = re.compile(r"^[0-9a-fA-F]{32,}$")
_POOL = re.compile(r"^[a-z]{2}(?:-[a-z]+)+-\d_[A-Za-z0-9]{9}$")
_VERSIONS = re.compile(r"SHA|COMMIT|REVISION|VERSION|BUILD|DIGEST|TAG", re.IGNORECASE)


def looks_random(name: str, text: str) -> bool:
    """Whether a text under a neutral name has the entropy of a key."""
    if _UUID.match(text) or _POOL.match(text) or text.startswith(("arn:", "sha256:", "ssh-")):
        return False
    if _DIGEST.match(text) and _VERSIONS.search(name):
        return False
    if name.upper().endswith("CLIENT_ID"):
        return False
    if _HEX.match(text):
        return entropy(text) >= 3.0
    return bool(_BASE64.match(text)) and entropy(text) >= 4.5


def entropy(text: str) -> float:
    """Shannon's entropy of a text, in bits a character."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


_REFERENCE_ATTRIBUTES = re.compile(
    r"(?:^|_)(?:arns?|ids?|names?|urls?|uris?|endpoints?|address(?:es)?|fqdn|bucket|key_id|host|"
    r"hostname|domain|port|dns|zone|region|family|path|username|user|prefix|suffix|cluster|table|queue|"
    r"topic|issuer|version)$"
)


def names_reference(attribute: str) -> bool:
    """Whether an attribute of that name is a reference and no secret: arn, id, endpoint …"""
    return bool(_REFERENCE_ATTRIBUTES.search(attribute.lower()))
