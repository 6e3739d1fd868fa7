"""What an image reference says: registry, repository, tag and digest.

Source: AWS Fargate pulls what Docker's reference grammar names,
https://github.com/distribution/reference; hosts of Amazon ECR from the Amazon ECR User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null, origins_of
from fglint.evaluation.references import references
from fglint.evaluation.types import BOOL, STRING
from fglint.evaluation.unions import union
from fglint.evaluation.values import NULL, Union, Unknown, Value, plain
from fglint.model import image_reference as reference
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.image_reference import ECR, ECR_PART, HOLE, pieces, shown
from fglint.model.links import Link, Links
from fglint.model.logic import Tri, negated, unknown
from fglint.model.reading import Node, is_given, known_text
from fglint.source import Range
from fglint.syntax.nodes import Template

_AMD64 = re.compile(r"amd64|x86[-_]?64")
_DOCKER_HUB = ("", "docker.io", "index.docker.io", "registry-1.docker.io")


# ---- questions --------------------------------------------------------------------------------


def is_private_ecr(links: Links, value: Value) -> Tri:
    """Whether the image comes from a private repository of Amazon ECR."""
    bare = plain(value)
    if isinstance(bare, str):
        return bool(ECR.match(reference.parse_image(bare).host))
    if not isinstance(bare, Unknown):
        return False
    if isinstance(bare.content, Union):
        return _agreed(bare, lambda leaf: is_private_ecr(links, leaf))
    if names_repository(links, value) is not None:
        return True
    text = shown(value)
    if ECR_PART.search(text.partition("/")[0]):
        return True
    # The host of a private repository begins with the account's number.
    if text[:1] not in (HOLE, "") and not text[0].isdigit():
        return False
    host, slash, _ = text.partition("/")
    if slash and HOLE not in host and not ECR.match(host):
        return False
    return unknown(bare)


def _agreed(value: Unknown, ask: Callable[[Value], Tri]) -> Tri:
    assert isinstance(value.content, Union)
    leaves = [leaf for leaf in value.content.leaves if not is_null(leaf)]
    answers = [ask(leaf) for leaf in leaves]
    if answers and all(answer is answers[0] for answer in answers):
        return answers[0]
    return unknown(value)


def names_repository(links: Links, value: Value) -> Instance | None:
    """The repository, in the configuration or read by a data source, whose URL an image has."""
    first = pieces(value)[0]
    if isinstance(first, Unknown) and first.ref is not None:
        instance = links.at(first.ref.address)
        path = first.ref.path
        if instance is not None and (instance.type, path) in (
            ("aws_ecr_repository", ".repository_url"),
            ("aws_ecr_image", ".image_uri"),
        ):
            return instance
    return None


def repository_of(links: Links, value: Value) -> Link | None:
    """The repository in the configuration that an image names by reference."""
    for piece in pieces(value):
        if isinstance(piece, Unknown) and piece.ref is not None:
            link = links.find(piece, "repository")
            if link.instance is not None:
                return link
    return None


def is_public(links: Links, value: Value) -> Tri:
    """Whether the image comes from anywhere but a private repository of Amazon ECR."""
    if is_null(value):
        return False
    return negated(is_private_ecr(links, value))


# ---- the entity -------------------------------------------------------------------------------


class Image(Entity):
    """The image of a container, as its reference names it."""

    kind = "image"

    def __init__(self, links: Links, node: Node) -> None:
        super().__init__(node.instance.address, node.instance.header)
        self.links = links
        self.node = node

    def __str__(self) -> str:
        bare = plain(self.node.value)
        if isinstance(bare, str):
            return bare
        return "".join(
            piece if isinstance(piece, str) else _reference(piece) for piece in pieces(bare)
        )

    def place(self) -> Range | None:
        """Where it is written."""
        return self.node.place()

    def _each(self, of: Callable[[Value], Value]) -> Attribute:
        """A part of the reference; of one of several references, one of their parts."""
        bare = plain(self.node.value)
        if isinstance(bare, Unknown) and isinstance(bare.content, Union):
            leaves = [of(leaf) for leaf in bare.content.leaves if not is_null(leaf)]
            value = union(leaves, bare.origins, STRING) if leaves else Unknown(STRING, bare.origins)
        else:
            value = of(bare)
        return Attribute(value, self.place)

    @attribute(STRING)
    def text(self) -> Attribute:
        """The whole reference."""
        return self.node.attribute(STRING)

    @attribute(STRING, nullable=True)
    def digest(self) -> Attribute:
        """The digest, `sha256:…`; null where the image is named by tag alone."""
        return self._each(reference.digest_of)

    @attribute(BOOL)
    def pinned(self) -> Attribute:
        """Whether a digest names it, which never names another image."""
        return Attribute(is_given(self.read("digest").value), self.place)

    @attribute(BOOL)
    def tag_supplied(self) -> Attribute:
        """Whether all that is unknown of its tag is variables that have to be given."""
        value = plain(self.node.value)
        tag = plain(reference.tag_of(value))
        given = isinstance(tag, Unknown) and all(o.kind == "variable" for o in tag.origins)
        return Attribute(given and reference.states_tag(value), self.place)

    @attribute(BOOL)
    def for_amd64(self) -> Attribute:
        """Whether its name says that it is made for amd64; false where nothing says so."""
        return Attribute(bool(_AMD64.search(shown(self.node.value))), self.place)

    @attribute(STRING, nullable=True)
    def tag(self) -> Attribute:
        """The tag; `latest` where neither tag nor digest is written, null beside a digest alone."""
        return self._each(reference.tag_of)

    @attribute(BOOL)
    def states_tag(self) -> Attribute:
        """Whether a tag is written; true where one of several images that it may be has one."""
        bare = plain(self.node.value)
        may_be: tuple[Value, ...] = (bare,)
        if isinstance(bare, Unknown) and isinstance(bare.content, Union):
            may_be = bare.content.leaves
        return Attribute(any(map(reference.states_tag, may_be)), self.place)

    @attribute(STRING)
    def host(self) -> Attribute:
        """The registry's host; `docker.io` where none is written."""
        return self._each(reference.host_of)

    @attribute(STRING)
    def repository(self) -> Attribute:
        """The repository's name in its registry."""
        return self._each(reference.repository_name)

    @attribute(STRING)
    def registry(self) -> Attribute:
        """`private-ecr`, `public-ecr`, `docker-hub` or `other`."""
        return self._each(lambda value: _registry(self.links, value))

    @attribute(BOOL)
    def private_ecr(self) -> Attribute:
        """Whether it comes from a private repository of Amazon ECR."""
        return Attribute(is_private_ecr(self.links, self.node.value), self.place)

    @attribute(STRING, nullable=True)
    def region(self) -> Attribute:
        """The region of its private ECR registry; null for other registries."""
        return self._each(reference.region_of)

    @attribute(STRING, nullable=True)
    def misnamed_by(self) -> Attribute:
        """The attribute of an ECR repository that stands where its `repository_url` belongs."""
        value = _misnamed(self.links, self.node.value)
        return Attribute(self._begins_with() if is_null(value) else value, self.place)

    def _begins_with(self) -> Value:
        """The same for an attribute whose value is known, so that it names no resource."""
        if known_text(self.read("host").value) != "docker.io":
            return NULL
        trail = self.node.instance.trail(self.node.path)
        node = None if trail is None else trail.node
        if isinstance(node, Template) and node.parts:
            node = node.parts[0]
        for found in () if node is None else references(node):
            names = [step for step in found.steps if isinstance(step, str)]
            if found.node is node and found.names[0] == "aws_ecr_repository" and names:
                return names[-1]
        return NULL


def _reference(value: Value) -> str:
    origins = origins_of(value)
    return f"${{{origins[0]}}}" if origins else "…"


def _registry(links: Links, value: Value) -> Value:
    private = is_private_ecr(links, value)
    if private is True:
        return "private-ecr"
    host = plain(reference.host_of(value))
    if not isinstance(host, str):
        return Unknown(STRING, origins_of(value), not_null=True)
    if isinstance(private, Unknown):
        return Unknown(STRING, private.origins, not_null=True)
    if host == "public.ecr.aws":
        return "public-ecr"
    return "docker-hub" if host in _DOCKER_HUB else "other"


def _misnamed(links: Links, value: Value) -> Value:
    first = pieces(value)[0]
    if not isinstance(first, Unknown) or first.ref is None:
        return NULL
    instance = links.at(first.ref.address)
    attribute = first.ref.path.removeprefix(".")
    if instance is None or instance.type != "aws_ecr_repository":
        return NULL
    return NULL if attribute in ("repository_url", "registry_id") else attribute
