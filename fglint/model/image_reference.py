"""The parts of an image reference, of which pieces may not be known.

Source: Docker's reference grammar, https://github.com/distribution/reference; hosts of Amazon ECR
from the Amazon ECR User Guide, "Private registry", read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fglint.evaluation.inspection import origins_of
from fglint.evaluation.types import STRING
from fglint.evaluation.values import NULL, Parts, Unknown, Value, plain
from fglint.provider.partitions import DUAL_STACK, PARTITIONS
from fglint.records import dataclass

_ENDS = "|".join(
    re.escape(end) for end in sorted({*PARTITIONS.values(), *DUAL_STACK}, reverse=True)
)
ECR = re.compile(rf"^\d{{12}}\.dkr[.-]ecr(-fips)?\.([a-z0-9-]+)\.({_ENDS})$")
ECR_PART = re.compile(r"\.dkr[.-]ecr(-fips)?\.")
HOLE = "\0"  # stands for a piece that is not known
_REGION = re.compile(rf"\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:{_ENDS})")
_ACCOUNT = re.compile(rf"({HOLE}|\d+)\.dkr[.-]ecr")


@dataclass(frozen=True, slots=True)
class Reference:
    """An image reference that is wholly known."""

    host: str  # "" for Docker Hub
    repository: str
    tag: str | None
    digest: str | None


def parse_image(text: str) -> Reference:
    """The parts of a reference: [HOST[:PORT]/]REPOSITORY[:TAG][@DIGEST]."""
    rest, _, digest = text.partition("@")
    host = ""
    first, slash, after = rest.partition("/")
    if slash and _is_host(first):
        host, rest = first, after
    repository, colon, tag = rest.rpartition(":")
    if not colon:
        repository, tag = rest, ""
    return Reference(host, repository, tag or None, digest or None)


def _is_host(first: str) -> bool:
    return "." in first or ":" in first or first == "localhost"


# ---- pieces -----------------------------------------------------------------------------------


def pieces(value: Value) -> tuple[Value, ...]:
    """A text in pieces, known and unknown ones."""
    bare = plain(value)
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        return tuple(piece for part in bare.content.parts for piece in pieces(part))
    if isinstance(bare, Unknown) and bare.ref is None and bare.prefix:
        return (bare.prefix, Unknown(STRING, bare.origins))
    return (bare,)


def shown(value: Value) -> str:
    """The known text of a value, with HOLE for each unknown piece."""
    return _text(pieces(value))


def _text(parts: Sequence[Value]) -> str:
    return "".join(piece if isinstance(piece, str) else HOLE for piece in parts)


def _joined(parts: Sequence[Value]) -> Value:
    """Pieces as one value again."""
    kept = [piece for piece in parts if piece != ""]
    text = _text(kept)
    if HOLE not in text:
        return text
    if len(kept) == 1:
        return kept[0]
    origins = tuple(dict.fromkeys(o for piece in kept for o in origins_of(piece)))
    return Unknown(STRING, origins, not_null=True, content=Parts(tuple(kept)))


def _split_last(parts: Sequence[Value], mark: str) -> tuple[list[Value], list[Value]] | None:
    """The pieces before and after the last known occurrence of a mark."""
    for index in range(len(parts) - 1, -1, -1):
        piece = parts[index]
        if isinstance(piece, str) and mark in piece:
            before, _, after = piece.rpartition(mark)
            return [*parts[:index], before], [after, *parts[index + 1 :]]
    return None


def _without_digest(value: Value) -> tuple[list[Value], list[Value] | None]:
    """The pieces before the digest, and those of the digest."""
    parts = list(pieces(value))
    found = _split_last(parts, "@")
    return (parts, None) if found is None else found


def _without_tag(parts: Sequence[Value]) -> tuple[list[Value], list[Value] | None]:
    """The pieces before the tag, and those of the tag; a slash after a colon makes it a port's."""
    found = _split_last(parts, ":")
    if found is None or "/" in _text(found[1]):
        return list(parts), None
    return found


# ---- parts ------------------------------------------------------------------------------------

_WHOLE = (".repository_url", ".image_uri")  # attributes that are no more than they say


def _open_end(parts: Sequence[Value]) -> Unknown | None:
    """The unknown piece at the end, which may hold tag and digest itself."""
    kept = [piece for piece in parts if piece != ""]
    last = kept[-1] if kept else None
    if not isinstance(last, Unknown):
        return None
    return None if len(kept) == 1 and _ends_with(last, _WHOLE) else last


def _ends_with(value: Value, paths: tuple[str, ...]) -> bool:
    return isinstance(value, Unknown) and value.ref is not None and value.ref.path in paths


def digest_of(value: Value) -> Value:
    """The digest; null where there is none."""
    parts, digest = _without_digest(value)
    if digest is not None:
        return _joined(digest)
    if _ends_with(parts[-1], (".image_uri",)):
        return Unknown(STRING, origins_of(parts[-1]), not_null=True)
    doubt = _open_end(parts) if _without_tag(parts)[1] is None else None
    return NULL if doubt is None else Unknown(STRING, doubt.origins)


def tag_of(value: Value) -> Value:
    """The tag; `latest` where neither tag nor digest is written, null beside a digest alone."""
    parts, digest = _without_digest(value)
    _, tag = _without_tag(parts)
    if tag is not None:
        return _joined(tag) or "latest"
    doubt = _open_end(parts)
    if doubt is not None:
        return Unknown(STRING, doubt.origins)
    return NULL if digest is not None or _ends_with(parts[-1], (".image_uri",)) else "latest"


def states_tag(value: Value) -> bool:
    """Whether a tag is written after a repository, be it known or not."""
    return _without_tag(_without_digest(value)[0])[1] is not None


def host_of(value: Value) -> Value:
    """The registry's host; `docker.io` where none is written."""
    first, slash, _ = shown(value).partition("/")
    if HOLE not in first:
        return first if slash and _is_host(first) else "docker.io"
    return Unknown(STRING, origins_of(value), not_null=True)


def repository_name(value: Value) -> Value:
    """The repository's name in its registry."""
    parts, _ = _without_tag(_without_digest(value)[0])
    first, slash, _ = _text(parts).partition("/")
    if not slash and HOLE not in first:
        return first
    if slash and (_is_host(first) or ECR_PART.search(first)):
        for index, piece in enumerate(parts):
            if isinstance(piece, str) and "/" in piece:
                return _joined([piece.partition("/")[2], *parts[index + 1 :]])
    if HOLE not in first and slash:
        return _joined(parts)
    return Unknown(STRING, origins_of(value), not_null=True)


def region_of(value: Value) -> Value:
    """The region of a private ECR registry; null for other registries."""
    host = plain(host_of(value))
    if isinstance(host, str):
        found = ECR.match(host)
        return NULL if found is None else found[2]
    parts = pieces(value)
    for before, piece, after in zip(parts, parts[1:], parts[2:], strict=False):
        if (
            isinstance(before, str)
            and isinstance(after, str)
            and before.endswith((".ecr.", ".ecr-fips."))
            and after.startswith(tuple(f".{end}" for end in PARTITIONS.values()))
        ):
            return piece
    known = _REGION.search(shown(value))
    return known[1] if known is not None else Unknown(STRING, origins_of(value))


def repository_arn(value: Value) -> Value:
    """The ARN of the private ECR repository that an image comes from, as far as it is known."""
    account: Value = Unknown(STRING, origins_of(value))
    found = _ACCOUNT.match(shown(value))
    if found is not None:
        account = pieces(value)[0] if found[1] == HOLE else found[1]
    region, name = region_of(value), repository_name(value)
    return _joined(["arn:aws:ecr:", region, ":", account, ":repository/", name])
