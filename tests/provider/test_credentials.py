"""Formats of credentials, placeholders, references and random text.

Tokens are put together here, so that no text in this file has the form of a credential.
"""

from __future__ import annotations

import base64
import hashlib

import pytest

from fglint.provider.credentials import (
    HOLE,
    is_default_password,
    is_placeholder,
    is_reference,
    looks_random,
    text_format,
    unknown_url_password,
)

AB = "Ab1" * 30  # stands where a token has random text
HEX = "0123456789abcdef" * 4
ARMOUR = "-----BEGIN " + "RSA PRIVATE KEY-----\nfake"

FORMATS = {
    "access key": ("an AWS access key ID", "AK" + "IA" + "FAKEFAKEFAKE1234"),
    "temporary access key": ("an AWS access key ID", "x=AS" + "IA" + "FAKEFAKEFAKE1234;"),
    "PEM": ("a private key", ARMOUR),
    "PEM in Base64": ("a private key", base64.b64encode(ARMOUR.encode() * 2).decode()),
    "URL": ("a password in a URL", "postgres://app:" + "hunter2@db:5432/app"),
    "URL without user": ("a password in a URL", "redis://:" + "hunter2@cache:6379"),
    "JDBC URL": ("a password in a URL", "jdbc:postgresql://app:" + "hunter2@db/app"),
    "second URL": ("a password in a URL", "amqp://a,amqp://app:" + "hunter2@b"),
    "JDBC": (
        "a password in a connection string",
        "jdbc:sqlserver://db;user=app;" + "password=hunter2",
    ),
    "ADO": ("a password in a connection string", "Server=db;User=sa;" + "Pwd=hunter2;"),
    "GitHub": ("a GitHub token", "gh" + "p_" + AB[:36]),
    "GitHub, fine": ("a GitHub token", "github_" + "pat_" + AB[:22]),
    "GitLab": ("a GitLab token", "gl" + "pat-" + AB[:20]),
    "Slack": ("a Slack token", "xo" + "xb-" + AB[:12]),
    "Slack webhook": ("a Slack webhook", "https://hooks.slack.com/" + "services/T0/B0/abc"),
    "Stripe": ("a Stripe key", "sk_" + "live_" + AB[:24]),
    "OpenAI": ("an API key", "sk-" + "proj-" + AB[:24]),
    "Anthropic": ("an API key", "sk-" + "ant-" + AB[:24]),
    "SendGrid": ("a SendGrid key", "SG" + "." + AB[:22] + "." + AB[:43]),
    "Google": ("a Google API key", "AI" + "za" + AB[:35]),
    "Google OAuth": ("a Google API key", "ya" + "29." + AB[:12]),
    "JWT": ("a JSON Web Token", "ey" + "JhbGciOi.ey" + "JzdWIi.c2ln"),
    "npm": ("an npm token", "np" + "m_" + AB[:36]),
    "PyPI": ("a PyPI token", "pypi-" + "AgEI" + AB[:50]),
    "DigitalOcean": ("a DigitalOcean token", "dop_" + "v1_" + HEX),
    "Twilio": ("a Twilio key", "S" + "K" + HEX[:32]),
    "Mailgun": ("a Mailgun key", "key" + "-" + HEX[:32]),
    "Vault": ("a Vault token", "hv" + "s." + AB[:24]),
    "Azure storage": ("a storage account key", "AccountName=a;Account" + "Key=" + AB[:88]),
    "bearer": ("an HTTP credential", "Authorization: Bearer " + AB[:20]),
    "basic": ("an HTTP credential", "Basic " + base64.b64encode(b"app:hunter2").decode()),
    "bcrypt": ("a password hash", "$2" + "y$05$" + AB[:22]),
    "known part": ("a GitHub token", HOLE + " gh" + "p_" + AB[:36] + HOLE),
    "known password": ("a password in a URL", "postgres://app:" + f"hunter2@{HOLE}:5432/"),
}


@pytest.mark.parametrize(("kind", "text"), FORMATS.values(), ids=FORMATS)
def test_format_is_recognized(kind: str, text: str) -> None:
    assert text_format(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "postgres://db:5432/app",
        "postgres://app@db:5432/app",
        "postgres://app:@db/app",
        "https://example.com:8080/path",
        "https://example.com/a:b@c",
        f"postgres://app:{HOLE}@db/app",
        f"postgres://{HOLE}@db/app",
        "postgres://app:$DB_PASSWORD@db/app",
        "postgres://app:${DB_PASSWORD}@db/app",
        "postgres://app:<password>@db/app",
        "postgres://app:****@db/app",
        "http://a:80,https://user@host",
        "Basic authentication",
        "Basic authentication1",
        "Bearer authentication-scheme",
        "Bearer $TOKEN_NUMBER_0123456789",
        "Bearer {{token_0123456789}}",
        "sk-bratislava-production-cluster-1",
        "task-ant-colony-simulation-service",
        "AK" + "IA" + "FAKEFAKEFAKE1234X",  # too long
        f"AK{'IA'}FAKEFAKEFAKE1234{HOLE}",  # perhaps too long
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----",
        "password=",
        "password=;user=app",
        f"password={HOLE}",
        "password=${DB_PASSWORD}",
        "allow-empty-password=true",
        "https://hooks.slack.com/services/XXX/YYY/ZZZ",
        "key-value-store",
        "gh" + "p_short",
        "pk_" + "live_" + "Ab1" * 10,
        "the password is stored in Secrets Manager",
    ],
)
def test_other_text_has_no_format(text: str) -> None:
    assert text_format(text, command=True) is None


@pytest.mark.parametrize(
    "text",
    [
        "app --password=hunter2",
        "--password hunter2",
        "-token=abcdef",
        "app --api-key 'abc def'",
        "--apikey=abcdef",
        "mysqladmin ping -uroot -phunter2",
        "java -Dspring.datasource.password=hunter2 -jar app.jar",
        "DB_PASSWORD=hunter2 ./run",
        "env API_KEY=abcdef run",
    ],
)
def test_credential_in_command(text: str) -> None:
    assert text_format(text, command=True) == "a credential in a command"
    assert text_format(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "--password-stdin",
        "--password=$DB_PASSWORD",
        '--password "$DB_PASSWORD"',
        "--password=$(cat /run/secrets/db)",
        "--password `cat /run/secrets/db`",
        f"--password={HOLE}",
        "--token --verbose",
        "--token-file /run/token",
        "--secret /run/secrets/db",
        "--secret=arn:aws:secretsmanager:eu-west-1:123456789012:secret:db",
        "--token=false",
        "--password=<password>",
        "mysqladmin ping -uroot -p$MYSQL_ROOT_PASSWORD",
        "mysqladmin ping -p$$MYSQL_ROOT_PASSWORD",
        "mysqladmin ping -P3306 --protocol=tcp",
        "psql -p5432",
        "DB_PASSWORD=$OTHER ./run",
        "TOKEN_URL=https://example.com/ run",
        "PORT=8080 run",
        "java -Dserver.port=8080",
    ],
)
def test_command_without_credential(text: str) -> None:
    assert text_format(text, command=True) is None


def test_unknown_password_of_a_url() -> None:
    assert unknown_url_password(f"postgres://app:{HOLE}@db/app") == "a password in a URL"
    jdbc = f"jdbc:postgresql://db/app?user=app&password={HOLE}"
    assert unknown_url_password(jdbc) == "a password in a connection string"
    assert unknown_url_password(f"postgres://{HOLE}:x@db/app") is None
    assert unknown_url_password(f"postgres://{HOLE}/app") is None
    assert unknown_url_password(f"https://{HOLE}:8080/@app") is None


@pytest.mark.parametrize(
    "text",
    [
        "<password>",
        "CHANGE_ME",
        "change-me-please",
        "TODO",
        "xxxxx",
        "***",
        "REPLACE_ME",
        "dummy",
        "example-value",
        "${VAR}",
        "$VAR",
        "{{password}}",
        "your-password-here",
        "placeholder",
        "my-placeholder",
        "set_me",
        "to-be-replaced",
    ],
)
def test_placeholder(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["hunter2", "password", "changeme", "xx", "Todorov", "my-key", ""])
def test_other_text_is_no_placeholder(text: str) -> None:
    assert not is_placeholder(text)


def test_default_passwords() -> None:
    assert all(map(is_default_password, ["password", "postgres", "admin", "root", "changeme"]))
    assert not is_default_password("hunter2")


REFERENCES = [
    "", "true", "False", "yes", "off", "none", "0", "5432", "999999999", "0.5", "30s", "15 minutes",
    "500ms", "arn:aws:ssm:eu-west-1:123456789012:parameter/db", "sg-0123456789abcdef0",
    "vpc-01234567", "/run/secrets/db", "./config/token", "../x/y.json", "/app/{env}/db", "/token",
    "db.example.com", "db.example.com:5432", "redis:6379", "10.0.0.1", "10.0.0.0/16",
    "https://example.com/oauth/token", "s3://bucket/key", "{{resolve:ssm:x}}", "localhost:8080",
    "prod/db/password", "airflow.providers.secrets_manager.Backend",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1",
]  # fmt: skip


@pytest.mark.parametrize("text", REFERENCES)
def test_reference(text: str) -> None:
    assert is_reference(text)


@pytest.mark.parametrize(
    "text",
    [
        "hunter2",
        "correct horse battery staple",
        "1234567890123",
        "/Ab1Ab1Ab1Ab1Ab1Ab1Ab1/Ab1",
        "Pa55w0rd!",
        "postgres://app:hunter2@db",
        "s3cret",
    ],
)
def test_other_text_is_no_reference(text: str) -> None:
    assert not is_reference(text)


RANDOM = "q7Zt9KxW2mVb4RnY8sLd" + "3HfJ6cGp5TaE"
RANDOM_HEX = hashlib.sha256(b"fglint").hexdigest()


@pytest.mark.parametrize("text", [RANDOM, RANDOM_HEX[:32], RANDOM_HEX, RANDOM + "=="])
def test_random_text(text: str) -> None:
    assert looks_random("BLOB", text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("COMMIT", RANDOM_HEX[:40]),
        ("GIT_SHA", RANDOM_HEX[:40]),
        ("IMAGE_DIGEST", RANDOM_HEX),
        ("CONFIG_HASH", RANDOM_HEX),
        ("BLOB", "sha256:" + RANDOM_HEX),
        ("BLOB", "12345678-1234-1234-1234-123456789abc"),
        ("BLOB", "eu-west-1_" + RANDOM[:9]),
        ("COGNITO_CLIENT_ID", "1h57kf5cpq17m0eml12EXAMPLE"),
        ("ZONE_ID", RANDOM_HEX[:32]),
        ("VAPID_PUBLIC_KEY", RANDOM),
        ("TLS_CERT", RANDOM),
        ("BLOB", "arn:aws:iam::123456789012:role/" + RANDOM),
        ("BLOB", "https://example.com/" + RANDOM),
        ("BLOB", "ssh-ed25519"),
        ("BLOB", "pk_" + "live_" + RANDOM),
        ("BLOB", "my-organisation-production-backend-service-1"),
        ("BLOB", "MyOrganisationProductionBackendServiceV2Handler"),
        ("BLOB", "abcdefghijklmnopqrstuvwxyz0123456789"),
        ("BLOB", "/ecs/my-organisation/Production/application-logs-v2"),
        ("BLOB", "0" * 40),
        ("BLOB", "some words with spaces that are long"),
        ("BLOB", "short"),
    ],
)
def test_other_text_is_not_random(name: str, text: str) -> None:
    assert not looks_random(name, text)
