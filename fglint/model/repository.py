"""Repositories of Amazon ECR: tags, scans, lifecycle, and who may use them."""

from __future__ import annotations

import re
from functools import cached_property

from fglint.evaluation.types import BOOL, STRING, EntityType, ListType
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model import image as images
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.existence import exists
from fglint.model.image_reference import repository_name
from fglint.model.listing import listing
from fglint.model.logic import Tri, all_of, any_of, outside, same, unknown
from fglint.model.reading import Node, is_given, known_text, root
from fglint.model.resource import Resource
from fglint.model.resource_policies import documents

PRIVATE = "aws_ecr_repository"
PUBLIC = "aws_ecrpublic_repository"
_SCANS = ("SCAN_ON_PUSH", "CONTINUOUS_SCAN")


class Repository(Resource):
    """A repository of Amazon ECR, private or public."""

    kind = "repository"

    @property
    def own(self) -> Node:
        """Its arguments: only repositories of the configuration are ever made."""
        assert self.instance is not None
        return root(self.instance)

    @cached_property
    def is_public(self) -> bool:
        """Whether it is in the public gallery."""
        return self.own.instance.type == PUBLIC

    @attribute(BOOL)
    def in_public_gallery(self) -> Attribute:
        """Whether it is in the public gallery (aws_ecrpublic_repository)."""
        return Attribute(self.is_public, self.place)

    @attribute(STRING)
    def name_(self) -> Attribute:
        """Its name."""
        return self.written("repository_name" if self.is_public else "name")

    @attribute(STRING)
    def image_tag_mutability(self) -> Attribute:
        """MUTABLE (the default), IMMUTABLE, or one of both with exclusions."""
        return self.written("image_tag_mutability", "MUTABLE")

    @attribute(STRING)
    def encryption_type(self) -> Attribute:
        """AES256 (the default), KMS or KMS_DSSE."""
        node = self.own.block("encryption_configuration").get("encryption_type")
        return node.attribute(STRING, "AES256")

    @attribute(BOOL)
    def has_key(self) -> Attribute:
        """Whether it names a key of KMS: without one, KMS uses AWS's own, aws/ecr."""
        node = self.own.block("encryption_configuration").get("kms_key")
        return Attribute(is_given(node.value), node.place)

    # ---- who uses it --------------------------------------------------------------------------

    @attribute(BOOL)
    def serves_container(self) -> Attribute:
        """Whether a container is known to run an image of it; false where that is not known."""
        found = any(
            self._holds(container.image_value) is True
            for task in self.deployment.tasks
            for container in task.container_list
        )
        return Attribute(found, self.place)

    def _holds(self, image: Value) -> Tri:
        links = self.deployment.links
        link = images.repository_of(links, image)
        if link is not None:
            return link.instance is self.instance
        if images.is_private_ecr(links, image) is not True:
            return False
        return same(repository_name(image), self.own.get("name").text())

    # ---- scans --------------------------------------------------------------------------------

    @cached_property
    def is_scanned(self) -> Tri:
        """Whether images are scanned when they are pushed."""
        own = self.own.block("image_scanning_configuration").get("scan_on_push").flag()
        return any_of([own, self._by_registry()])

    def _by_registry(self) -> Tri:
        """Whether the scanning configuration of its registry covers it."""
        answers: list[Tri] = []
        for instance in self.deployment.links.of("aws_ecr_registry_scanning_configuration"):
            here: Tri = instance.provider == self.own.instance.provider
            if here is False:
                cause = f"whether {instance.address} is for the registry of {self} is not known"
                here = outside(instance.address, cause)
            covers = any_of(self._covers(rule) for rule in root(instance).blocks("rule"))
            rest = root(instance).blocks("rule").rest
            if rest is not None:
                covers = any_of([covers, unknown(rest)])
            answers.append(all_of([here, exists(instance, self.instance), covers]))
        return any_of(answers)

    def _covers(self, rule: Node) -> Tri:
        scans = any_of(rule.get("scan_frequency").equals(each) for each in _SCANS)
        filters = [self._matches(each.get("filter")) for each in rule.blocks("repository_filter")]
        return all_of([scans, any_of(filters)])

    def _matches(self, filter_: Node) -> Tri:
        pattern = plain(filter_.text())
        if isinstance(pattern, Unknown):
            return unknown(pattern)
        if set(str(pattern)) == {"*"}:
            return True
        name = known_text(self.own.get("name").text())
        if name is None:
            return unknown(self.own.get("name").value)
        expression = ".*".join(re.escape(part) for part in str(pattern).split("*"))
        return bool(re.fullmatch(expression, name))

    @attribute(BOOL)
    def scanned(self) -> Attribute:
        """Whether images are scanned when they are pushed, by its own or its registry's setting."""
        node = self.own.block("image_scanning_configuration").get("scan_on_push")
        return Attribute(self.is_scanned, node.place)

    # ---- lifecycle and policy -----------------------------------------------------------------

    @attribute(BOOL)
    def expires_images(self) -> Attribute:
        """Whether a lifecycle policy removes images that are no longer used."""
        links = self.deployment.links
        answers: list[Tri] = []
        for instance in links.of("aws_ecr_lifecycle_policy"):
            node = root(instance).get("repository")
            mine = links.matches(node.value, "repository", self.link)
            answers.append(all_of([mine, exists(instance, self.instance)]))
        return Attribute(any_of([*answers, *self.deployment.additions(self)]), self.place)

    @attribute(ListType(EntityType("statement")))
    def policy_statements(self) -> Attribute:
        """The statements of its own policy, which says who may use it."""
        assert self.instance is not None
        found: list[tuple[Entity, Tri]] = []
        doubts: list[Unknown] = []
        for document in documents(self.deployment, "repository", self.instance):
            found.extend((each, each.present) for each in document.statements)
            doubts.extend(document.doubts)
        return Attribute(listing(found, doubts), self.place)

    @attribute(BOOL)
    def force_delete(self) -> Attribute:
        """Whether it is deleted with its images."""
        return self.flag("force_delete" if not self.is_public else "force_destroy")
