"""Image references, wholly known and in pieces."""

from __future__ import annotations

import pytest

from fglint.evaluation.origins import Origin
from fglint.evaluation.types import STRING
from fglint.evaluation.values import NULL, Null, Parts, Union, Unknown, Value
from fglint.model.image import is_private_ecr
from fglint.model.image_reference import (
    digest_of,
    host_of,
    parse_image,
    region_of,
    repository_arn,
    repository_name,
    tag_of,
)
from fglint.model.links import Links

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
VARIABLE = Unknown.of(Origin("variable", "var.x"), STRING)
URL = Unknown.of(Origin("computed", "aws_ecr_repository.app", ".repository_url"), STRING)
DIGEST = "sha256:" + "0" * 64


def pieces(*parts: Value) -> Unknown:
    origins = tuple(o for part in parts if isinstance(part, Unknown) for o in part.origins)
    return Unknown(STRING, origins, not_null=True, content=Parts(parts))


def shown(value: Value) -> str | None:
    """The text, None for null, and the reference for an unknown one."""
    if isinstance(value, Null):
        return None
    if isinstance(value, Unknown):
        return " ".join(f"${{{origin}}}" for origin in value.origins)
    assert isinstance(value, str)
    return value


@pytest.mark.parametrize(
    ("text", "host", "repository", "tag", "digest"),
    [
        ("nginx", "", "nginx", None, None),
        ("nginx:1.27", "", "nginx", "1.27", None),
        ("library/nginx:1.27", "", "library/nginx", "1.27", None),
        ("localhost/app", "localhost", "app", None, None),
        ("registry.example.com:5000/team/app", "registry.example.com:5000", "team/app", None, None),
        ("registry.example.com:5000/app:1", "registry.example.com:5000", "app", "1", None),
        (f"{ECR}/team/app:1", ECR, "team/app", "1", None),
        (f"app:1@{DIGEST}", "", "app", "1", DIGEST),
    ],
)
def test_a_known_reference_has_four_parts(
    text: str, host: str, repository: str, tag: str | None, digest: str | None
) -> None:
    found = parse_image(text)
    assert (host, repository, tag, digest) == (
        found.host, found.repository, found.tag, found.digest,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "tag", "digest"),
    [
        ("nginx", "latest", None),
        (f"nginx@{DIGEST}", None, DIGEST),
        ("host:5000/app", "latest", None),
        (pieces(URL, ":", VARIABLE), "${var.x}", None),
        (pieces(URL, ":1"), "1", None),
        (pieces(URL, "@", VARIABLE), None, "${var.x}"),
        (pieces(VARIABLE, "/app"), "latest", None),
        (pieces(VARIABLE, "/app:2"), "2", None),
        (pieces("host/", VARIABLE), "${var.x}", "${var.x}"),
        (pieces("host:", VARIABLE, "/app"), "latest", None),
        (VARIABLE, "${var.x}", "${var.x}"),
        (URL, "latest", None),
    ],
)
def test_tag_and_digest_are_known_where_the_pieces_say(
    value: Value, tag: str | None, digest: str | None
) -> None:
    assert (tag, digest) == (shown(tag_of(value)), shown(digest_of(value)))


@pytest.mark.parametrize(
    ("value", "host", "repository", "region"),
    [
        ("nginx", "docker.io", "nginx", None),
        (f"{ECR}/team/app:1", ECR, "team/app", "eu-west-1"),
        ("public.ecr.aws/nginx/nginx:1", "public.ecr.aws", "nginx/nginx", None),
        (
            pieces(VARIABLE, ".dkr.ecr.us-east-1.amazonaws.com/app:1"),
            "${var.x}", "app", "us-east-1",
        ),
        (
            pieces("123456789012.dkr.ecr.", VARIABLE, ".amazonaws.com/app:1"),
            "${var.x}", "app", "${var.x}",
        ),
        (pieces("ghcr.io/", VARIABLE), "ghcr.io", "${var.x}", None),
        (VARIABLE, "${var.x}", "${var.x}", "${var.x}"),
    ],
)  # fmt: skip
def test_host_repository_and_region_are_known_where_the_pieces_say(
    value: Value, host: str, repository: str, region: str | None
) -> None:
    found = (host_of(value), repository_name(value), region_of(value))
    assert (host, repository, region) == tuple(map(shown, found))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f"{ECR}/app:1", True),
        ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/app:1", True),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/app:1", True),
        ("123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu/app:1", True),
        ("123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov/app:1", True),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.example/app:1", False),
        ("123456789012.dkr-ecr.eu-west-1.on.aws/app:1", True),
        ("public.ecr.aws/app/app:1", False),
        ("ecr.example.com/app:1", False),
        ("nginx:1", False),
        (NULL, False),
        (pieces(VARIABLE, ".dkr.ecr.", VARIABLE, ".amazonaws.com/app"), True),
        (pieces("nginx:", VARIABLE), False),
        (pieces("ghcr.io/", VARIABLE), False),
        (pieces(VARIABLE, "/app:1"), None),
        (VARIABLE, None),
        (Unknown(STRING, content=Union(("nginx:1", "redis:7"))), False),
        (Unknown(STRING, content=Union((f"{ECR}/a:1", f"{ECR}/b:1"))), True),
        (Unknown(STRING, content=Union((f"{ECR}/a:1", "nginx:1"))), None),
    ],
)
def test_private_repositories_of_ecr_are_told_by_host(value: Value, expected: bool | None) -> None:
    found = is_private_ecr(Links(()), value)
    assert expected is (None if isinstance(found, Unknown) else found)


def test_the_arn_of_a_repository_follows_from_the_reference() -> None:
    whole = repository_arn(f"{ECR}/team/app:1")
    assert whole == "arn:aws:ecr:eu-west-1:123456789012:repository/team/app"
    partly = repository_arn(pieces(VARIABLE, ".dkr.ecr.eu-west-1.amazonaws.com/app:1"))
    assert isinstance(partly, Unknown)
    assert isinstance(partly.content, Parts)
    assert ["arn:aws:ecr:", "eu-west-1", ":", VARIABLE, ":repository/", "app"] == list(
        partly.content.parts
    )
