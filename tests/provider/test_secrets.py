"""Names that announce secrets, and attributes that hold them."""

from __future__ import annotations

import pytest

from fglint.evaluation.inspection import marks_deep
from fglint.evaluation.marks import SecretOrigin
from fglint.evaluation.types import DYNAMIC
from fglint.evaluation.values import NULL, ObjectValue, SetValue, Value
from fglint.provider.secrets import (
    by_value,
    mark_sources,
    names_no_secret,
    names_reference,
    secret_name,
)


def _names(text: str) -> list[str]:
    return text.split()


SECRET_NAMES = _names("""
DB_PASSWORD db_password dbPassword DBPassword DB-PASSWORD spring.datasource.password MYSQL_PWD
DB_PASSWORD_2 DB2_PASSWORD PASSWD PASSPHRASE DB_PASS PASS SECRET APP_SECRET SECRETS TOKEN
AUTH_TOKEN accessToken OAUTH2TOKEN API_KEY apiKey APIKEY STRIPE_API_KEY apikey PRIVATE_KEY
ENCRYPTION_KEY SIGNING_KEY MASTER_KEY SERVICE_KEY AUTH_KEY LICENSE_KEY STORAGE_KEY SHARED_KEY
HMAC_KEY WEBHOOK_SECRET CLIENT_SECRET COOKIE_SECRET SMTP_PASS JWT JWT_SECRET BEARER PASSWORD_SALT
ssh-key PEPPER OTP LOGIN_PIN REQUEST_SIGNATURE CREDENTIALS DB_CREDENTIAL CONNECTION_STRING CONNSTR
AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN ECS_ENGINE_AUTH_DATA SECRET_KEY_BASE
DJANGO_SECRET_KEY RAILS_MASTER_KEY GITHUB_TOKEN NPM_TOKEN DD_API_KEY NEW_RELIC_LICENSE_KEY
PGPASSWORD MYSQL_ROOT_PASSWORD POSTGRES_PASSWORD S3_SECRET_KEY MINIO_ACCESS_KEY_ID
PASSPORT_JWT_SECRET COMPASS_API_KEY AUTHORIZATION_TOKEN ALLOWED_CREDENTIALS APP_KEY_BASE
DBPASSWORD splunk-token DBPASS DbPass dbpwd MYSQLPASSWORD
""")

OTHER_NAMES = _names("""
SECRET_ARN DB_PASSWORD_ARN secretArn SECRET_ID CLIENT_ID API_KEY_ID KMS_KEY_ID SECRET_NAME
PASSWORD_FILE POSTGRES_PASSWORD_FILE TOKEN_PATH SECRETS_DIR PRIVATE_KEY_FILE TOKEN_ENDPOINT
SECRET_HOST TOKEN_TTL TOKEN_EXPIRY TOKEN_EXPIRATION JWT_EXPIRES_IN TOKEN_TIMEOUT PASSWORD_LENGTH
PASSWORD_MIN_LENGTH JWT_ALGORITHM JWT_ALG TOKEN_TYPE AUTH_TOKEN_HEADER JWT_ISSUER JWT_AUDIENCE
PASSWORD_ENABLED PASSWORD_REQUIRED PASSWORD_POLICY SECRET_ROTATION SECRET_PREFIX SECRET_VERSION
SECRET_REGION SECRET_PARAM PASSWORD_PARAMETER SECRET_STORE CREDENTIALS_PROVIDER TOKEN_COUNT
TOKEN_LIMIT PASSWORD_FIELD PASSWORD_COLUMN TOKEN_CACHE NEXT_PUBLIC_TOKEN JWT_PUBLIC_KEY
VAPID_PUBLIC_KEY TOKENIZER TOKENIZATION MAX_TOKENS KEYBOARD KEYSPACE KEYCLOAK_URL MONKEY COMPASS
BYPASS PASSENGER PASSPORT AUTHOR SECRETARY CACHE_KEY PARTITION_KEY SORT_KEY PRIMARY_KEY
FOREIGN_KEY ROUTING_KEY OBJECT_KEY S3_KEY STRIPE_PUBLISHABLE_KEY RECAPTCHA_SITE_KEY
SECRETS_MANAGER_CACHE SECRETS_MANAGER_TIMEOUT DISABLE_PASSWORD ENABLE_TOKEN USE_SECRETS
REQUIRE_PASSWORD DATABASE_URL MONGO_URI DATA_SOURCE_DSN REDIS_URL TOKEN_URL PORT HOST USERNAME
DB_USER LOG_LEVEL NODE_ENV PASSTHROUGH TOPIC PINNED SPINNING OPTIONS SIGNATURE_HEADER
REPOSITORY_CREDENTIALS_KMS_KEY S3_SERVER_SIDE_ENCRYPTION_KEY
CORS_ALLOW_CREDENTIALS allow_credentials_header_value withCredentials
AIRFLOW__SECRETS__BACKEND PRIMARY_REGION KEY CONFIG BUCKET awslogs-group image
""")


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_name_announces_a_secret(name: str) -> None:
    assert secret_name(name)


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_name_announces_no_secret(name: str) -> None:
    assert not secret_name(name)


@pytest.mark.parametrize("name", ["DATABASE_URL", "mongoUri", "SENTRY_DSN", "DSN", "BROKER_URLS"])
def test_url_is_judged_by_value(name: str) -> None:
    assert by_value(name)


@pytest.mark.parametrize("name", ["CURL", "URL_PREFIX", "DB_PASSWORD"])
def test_other_name_is_not_judged_by_value(name: str) -> None:
    assert not by_value(name)


@pytest.mark.parametrize("name", ["ZONE_ID", "TEMPLATE_ID", "API_PUBLIC_KEY", "ENABLE_X"])
def test_name_says_that_it_is_no_secret(name: str) -> None:
    assert names_no_secret(name)


def test_attributes_that_name_things_are_references() -> None:
    assert all(map(names_reference, ["arn", "id", "db_instance_endpoint", "key_id", "user_name"]))
    assert not any(map(names_reference, ["result", "password", "value", "secret_string"]))


def test_sources_in_blocks_are_marked() -> None:
    user: Value = ObjectValue({"username": "app", "password": "not-a-secret"})
    values: dict[str, Value] = {"user": SetValue((user,), DYNAMIC), "broker_name": "main"}
    mark_sources("managed", "aws_mq_broker", "aws_mq_broker.main", values)
    source = SecretOrigin("aws_mq_broker.main.user.password", "credential")
    assert marks_deep(values["user"]) == {source}
    assert marks_deep(values["broker_name"]) == frozenset()


def test_sources_of_types_without_schema_are_there() -> None:
    values: dict[str, Value] = {"path": "kv/app"}
    mark_sources("data", "vault_generic_secret", "data.vault_generic_secret.app", values)
    assert marks_deep(values["data"])


@pytest.mark.parametrize(
    ("mode", "values", "is_source"),
    [
        ("managed", {"type": "SecureString", "name": "/app/db"}, True),
        ("managed", {"type": "String", "name": "/app/db"}, False),
        ("data", {"type": NULL, "name": "/app/db"}, True),
        ("data", {"type": "String", "name": "/app/db"}, False),
        ("data", {"type": NULL, "name": "/aws/service/ami/x"}, False),
    ],
)
def test_parameter_is_source_unless_plain(
    mode: str, values: dict[str, Value], is_source: bool
) -> None:
    given = {**values, "value": "x", "insecure_value": "x"}
    mark_sources(mode, "aws_ssm_parameter", "p", given)
    assert bool(marks_deep(given["value"])) is is_source
    assert not marks_deep(given["insecure_value"])
