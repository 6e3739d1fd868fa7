"""What an image reference says: registry, repository, tag and digest."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fglint.evaluation.values import Parts, Unknown, Value, plain
from fglint.model.links import Link, Links
from fglint.model.logic import Tri, unknown

_ECR = re.compile(r"^\d{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com|on\.aws)(\.cn)?$")
_ECR_PART = re.compile(r"\.dkr[.-]ecr(-fips)?\.")
_PUBLIC = ("docker.io", "public.ecr.aws", "ghcr.io", "quay.io", "gcr.io", "mcr.microsoft.com",
           "registry-1.docker.io", "registry.k8s.io", "index.docker.io")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Image:
    """An image reference that is wholly known."""

    host: str  # "" for Docker Hub
    repository: str
    tag: str | None
    digest: str | None


def parse_image(text: str) -> Image:
    """The parts of a reference: [HOST[:PORT]/]REPOSITORY[:TAG][@DIGEST]."""
    rest, _, digest = text.partition("@")
    host = ""
    first, slash, after = rest.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        host, rest = first, after
    repository, colon, tag = rest.rpartition(":")
    if not colon:
        repository, tag = rest, ""
    return Image(host, repository, tag or None, digest or None)


def is_private_ecr(links: Links, value: Value) -> Tri:
    """Whether the image comes from a private repository of Amazon ECR."""
    bare = plain(value)
    if isinstance(bare, str):
        return bool(_ECR.match(parse_image(bare).host))
    if not isinstance(bare, Unknown):
        return False
    link = repository_of(links, value)
    if link is not None:
        return True
    text = _known_pieces(bare)
    if _ECR_PART.search(text):
        return True
    host = bare.prefix.partition("/")[0] if "/" in bare.prefix else ""
    if host and not _ECR.match(host):
        return False
    return unknown(bare)


def repository_of(links: Links, value: Value) -> Link | None:
    """The repository in the configuration that an image names by reference."""
    bare = plain(value)
    candidates: tuple[Value, ...] = (bare,)
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        candidates = bare.content.parts
    for candidate in candidates:
        inner = plain(candidate)
        if isinstance(inner, Unknown) and inner.ref is not None:
            link = links.find(candidate, "repository")
            if link.instance is not None:
                return link
    return None


def _known_pieces(value: Unknown) -> str:
    if not isinstance(value.content, Parts):
        return value.prefix
    return "".join(
        piece if isinstance(piece, str) else "\0" for piece in map(plain, value.content.parts)
    )


def is_public(links: Links, value: Value) -> Tri:
    """Whether the image comes over the internet."""
    bare = plain(value)
    private = is_private_ecr(links, value)
    if private is True:
        return False
    if isinstance(bare, str):
        host = parse_image(bare).host
        return not host or host in _PUBLIC or "." in host
    return private if isinstance(private, Unknown) else True
