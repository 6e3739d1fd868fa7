"""Certificates that listeners name: what they are for, and whether they get issued."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null, origins_of
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, ListValue, ObjectValue, TupleValue, Unknown, Value, plain
from fglint.model.entity import Attribute, attribute
from fglint.model.lists import concatenated, count_of, texts_of
from fglint.model.logic import Tri, any_of, outside, unknown
from fglint.model.reading import Node, known_text, root
from fglint.model.resource import Resource, entities

if TYPE_CHECKING:
    from fglint.model.listener import Listener

ACM = "aws_acm_certificate"
VALIDATION = "aws_acm_certificate_validation"
_OPTIONS, _INDEX = "domain_validation_options", "["


class Certificate(Resource):
    """A certificate: requested from ACM, imported, private, of IAM, or one that is only named."""

    kind = "certificate"

    @cached_property
    def form(self) -> str:
        """`requested`, `imported`, `private`, `iam`, `data` or `external`."""
        found = self.link.instance
        if found is None:
            return "external"
        if found.mode == "data":
            return "data"
        if found.type != ACM:
            return "iam"
        node = root(found)
        if not is_null(node.get("private_key").value) or not is_null(
            node.get("certificate_body").value
        ):
            return "imported"
        return "requested" if is_null(node.get("certificate_authority_arn").value) else "private"

    @attribute(STRING)
    def form_(self) -> Attribute:
        """`requested` from ACM, `imported`, `private`, `iam`, `data` or `external`."""
        return Attribute(self.form, self.place)

    @attribute(STRING, nullable=True)
    def domain_name(self) -> Attribute:
        """The name that it is for, first of all."""
        return self.written("domain_name")

    @cached_property
    def domain_values(self) -> list[Value]:
        """The names that it is for, as far as the configuration says them."""
        node = self.written_node
        if node is None or node.instance.type != ACM:
            stated = self.deployment.facts.stated(self, "certificates", "domains")
            return list(stated) if isinstance(stated, list) else []
        found = [node.get("domain_name").value]
        found.extend(item.value for item in node.get("subject_alternative_names").elements())
        return [value for value in found if not is_null(value)]

    @attribute(ListType(STRING))
    def domains(self) -> Attribute:
        """The names that it is for."""
        place = self.place if self.node is None else self.node.get("domain_name").place
        node = self.written_node
        if node is None or node.instance.type != ACM:
            return Attribute(TupleValue(tuple(self.domain_values)), place)
        name = node.get("domain_name").text()
        first = TupleValue(() if is_null(name) else (name,))
        return Attribute(concatenated([first, texts_of(self._others)]), place)

    @property
    def _others(self) -> Node:
        assert self.written_node is not None
        return self.written_node.get("subject_alternative_names")

    @attribute(NUMBER)
    def name_count(self) -> Attribute:
        """How many names it is for."""
        values = [plain(value) for value in self.domain_values]
        different = len({value for value in values if isinstance(value, str)})
        doubts = [value for value in values if isinstance(value, Unknown)]
        if not doubts:
            return Attribute(different, self.place)
        others = plain(count_of(self._others))
        most = others.maximum if isinstance(others, Unknown) else len(values) - 1
        count = Unknown(
            NUMBER,
            unknown(*doubts).origins,
            not_null=True,
            minimum=max(different, 1),
            maximum=None if most is None else most + 1,
        )
        return Attribute(count, self.place)

    @attribute(STRING, nullable=True)
    def key_algorithm(self) -> Attribute:
        """The algorithm of its key: RSA_2048 unless it says otherwise; null for one not of ACM."""
        if self.form in ("external", "iam"):
            return Attribute(NULL, self.place)
        if self.form == "imported" and self.node is not None:
            return Attribute(Unknown(STRING, self.unseen().origins), self.place)
        return self.written("key_algorithm")

    @attribute(BOOL)
    def transparency_off(self) -> Attribute:
        """Whether it is kept out of the certificate transparency logs."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        name = "certificate_transparency_logging_preference"
        node = self.node.block("options").get(name)
        return Attribute(node.equals("DISABLED"), node.place)

    @attribute(STRING, nullable=True)
    def region(self) -> Attribute:
        """The region that it lies in, where it is known."""
        found = self.deployment.region_of(self.link)
        return Attribute(NULL if found is None else found, self.place)

    @attribute(STRING, nullable=True)
    def validation_method(self) -> Attribute:
        """DNS, EMAIL or HTTP; null where it needs none or none is set."""
        return self.written("validation_method")

    # ---- validation ---------------------------------------------------------------------------

    @cached_property
    def is_validated(self) -> Tri:
        """Whether a resource waits for its issuance."""
        return any_of([*(True for _ in self.validations), *self.deployment.additions(self)])

    @cached_property
    def validations(self) -> list[Instance]:
        """The aws_acm_certificate_validation resources for it."""
        links = self.deployment.links
        return [
            one
            for one in links.of(VALIDATION)
            if links.matches(root(one).get("certificate_arn").value, "certificate", self.link)
            is True
        ]

    @attribute(BOOL)
    def awaited(self) -> Attribute:
        """Whether an aws_acm_certificate_validation waits for its issuance."""
        return Attribute(self.is_validated, self.place)

    @attribute(EntityType("resource"), nullable=True)
    def validation(self) -> Attribute:
        """The aws_acm_certificate_validation that waits for its issuance; null for none."""
        from fglint.model.any_resource import AnyResource  # which reads what is unused

        found = self.validations
        value = AnyResource(self.deployment, found[0]) if len(found) == 1 else NULL
        return Attribute(value, self.place)

    @cached_property
    def records(self) -> list[Instance]:
        """The resources, of any DNS provider, made from its domain_validation_options."""
        address = self.address
        return [
            instance
            for instance in self.deployment.links.instances
            if instance.mode == "managed"
            and instance.type not in (ACM, VALIDATION)
            and any(
                origin.address == address and origin.path.startswith(f".{_OPTIONS}")
                for value in instance.values.items.values()
                for origin in origins_of(value)
            )
        ]

    @attribute(BOOL)
    def has_records(self) -> Attribute:
        """Whether DNS records are made from its domain_validation_options, from each of them.

        Unknown where a resource waits for its issuance and the records lie outside.
        """
        answer: Tri = bool(self.records)
        missing = self._unrecorded()
        if answer and missing:
            because = f"the validation record of {missing} lies outside the configuration"
            answer = outside(self.address, because)
        elif not answer and self.validations:
            because = f"the validation records of {self} lie outside the configuration"
            answer = outside(self.address, because)
        elif not answer:
            answer = any_of(self.deployment.additions(self))
        return Attribute(answer, self.place)

    def _unrecorded(self) -> str:
        """A domain of which no record is made; empty for none, and where that is not known."""
        options = None if self.node is None else plain(self.node.get(_OPTIONS).value)
        if not isinstance(options, ListValue):
            return ""
        paths = {
            origin.path
            for record in self.records
            for value in record.values.items.values()
            for origin in origins_of(value)
            if origin.address == self.address and origin.path.startswith(f".{_OPTIONS}")
        }
        for index, option in enumerate(options.items):
            own = f".{_OPTIONS}[{index}]"
            if not any(path.startswith(own) or _INDEX not in path for path in paths):
                bare = plain(option)
                named = bare.items["domain_name"] if isinstance(bare, ObjectValue) else ""
                return known_text(named) or f"domain {index + 1} of {self}"
        return ""

    @attribute(BOOL)
    def in_private_zone(self) -> Attribute:
        """Whether its validation records lie in a private hosted zone, which ACM cannot see."""
        records = [record for record in self.records if record.type == "aws_route53_record"]
        answers = [self._is_private(root(record).get("zone_id")) for record in records]
        return Attribute(any_of(answers), self.place)

    def _is_private(self, node: Node) -> Tri:
        link = self.deployment.links.find(node.value, "zone")
        if link.instance is None:
            return False  # nothing shows that it is private
        zone = root(link.instance)
        if link.instance.mode == "data":
            return plain(zone.get("private_zone").value) is True
        return bool(zone.blocks("vpc").items)

    # ---- who uses it --------------------------------------------------------------------------

    @cached_property
    def listener_list(self) -> list[Listener]:
        """The listeners that name it."""
        found = [
            listener
            for listener in self.deployment.listeners
            if any(one is self for one, _ in listener.certificate_uses)
        ]
        return found

    @attribute(ListType(EntityType("listener")))
    def listeners(self) -> Attribute:
        """The listeners that name it."""
        found = [(one, one.maybe and not self.maybe) for one in self.listener_list]
        return Attribute(entities(found), self.place)

    @attribute(BOOL)
    def replaced_before_destroyed(self) -> Attribute:
        """Whether lifecycle.create_before_destroy is set."""
        if self.instance is None:
            return Attribute(self.unseen(), self.place)
        return Attribute(self.instance.lifecycle.create_before_destroy, self.place)


def names_certificate(value: Value) -> Tri:
    """Whether a value names a certificate; a variable without a value may be empty."""
    bare = plain(value)
    if isinstance(bare, Unknown):
        kind = bare.ref.kind if bare.ref is not None else ""
        if bare.prefix or kind in ("computed", "data"):
            return True
        return unknown(bare)
    return not is_null(bare) and bare != ""


def from_variable(value: Value) -> Origin | None:
    """The variable without a value that a value is, unchanged."""
    bare = plain(value)
    if isinstance(bare, Unknown) and bare.ref is not None and bare.ref.kind == "variable":
        return bare.ref
    return None
