"""Target groups: what they register, how they check it, and who uses them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType, Type
from fglint.evaluation.values import NULL, TupleValue, Unknown, Value, plain
from fglint.model.entity import Attribute, attribute
from fglint.model.logic import Tri, any_of, same
from fglint.model.reading import is_given, known_text, present
from fglint.model.resource import Resource, entities
from fglint.model.vpc import Vpc

if TYPE_CHECKING:
    from fglint.model.binding import Binding

TYPES = ("aws_lb_target_group", "aws_alb_target_group")


class TargetGroup(Resource):
    """A target group."""

    kind = "target_group"

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """Its name; null where Terraform or name_prefix makes one."""
        return self.written("name")

    @attribute(STRING)
    def target_type(self) -> Attribute:
        """`instance` (the default), `ip`, `lambda` or `alb`."""
        return self.written("target_type")

    @attribute(STRING, nullable=True)
    def protocol(self) -> Attribute:
        """The protocol to its targets; null where none is written."""
        return self.written("protocol")

    @attribute(NUMBER, nullable=True)
    def port(self) -> Attribute:
        """The port that targets get without one of their own."""
        return self.number("port")

    @cached_property
    def vpc(self) -> Vpc:
        """The VPC of its targets."""
        return self.deployment.vpc_named(self.written_node, self)

    @attribute(EntityType("vpc"))
    def vpc_(self) -> Attribute:
        """The VPC of its targets."""
        place = self.place if self.node is None else self.node.get("vpc_id").place
        return Attribute(self.vpc, place)

    @cached_property
    def keeps_client_address(self) -> Tri:
        """Whether targets see the clients' addresses: for ip targets of TCP and TLS on request."""
        protocol = self.written("protocol").value
        if known_text(protocol) in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC"):
            return True
        if self.node is None:
            return self.unseen()
        return self.node.get("preserve_client_ip").flag()

    @cached_property
    def health_check_port(self) -> Value:
        """The port of its health check where it is not that of the traffic; else null."""
        if self.node is None:
            return NULL
        node = self.node.block("health_check").get("port")
        if is_null(node.value) or known_text(node.text()) in ("traffic-port", ""):
            return NULL
        return node.number()

    # ---- health check -------------------------------------------------------------------------

    def _check(self, name: str, type_: Type) -> Attribute:
        if self.node is None:
            return Attribute(Unknown(type_, self.unseen().origins), self.place)
        return self.node.block("health_check").get(name).attribute(type_)

    @attribute(BOOL)
    def has_health_check(self) -> Attribute:
        """Whether it has a health_check block."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        return Attribute(present(self.node.get("health_check")), self.place)

    @attribute(BOOL)
    def speaks_grpc(self) -> Attribute:
        """Whether its protocol_version is GRPC, whose health checks have codes of their own."""
        found = self.written("protocol_version")
        return Attribute(same(found.value, "GRPC"), found.place)

    @attribute(BOOL)
    def check_enabled(self) -> Attribute:
        """Whether its health check is on; true unless it says otherwise."""
        return self._check("enabled", BOOL)

    @attribute(STRING)
    def check_protocol(self) -> Attribute:
        """The protocol of its health check; HTTP unless it says otherwise."""
        return self._check("protocol", STRING)

    @attribute(STRING, nullable=True)
    def check_path(self) -> Attribute:
        """The path of its health check; null where none is written, which means `/`."""
        return self._check("path", STRING)

    @attribute(NUMBER, nullable=True)
    def check_interval(self) -> Attribute:
        """The seconds between two checks; 30 unless it says otherwise."""
        return self._check("interval", NUMBER)

    @attribute(NUMBER, nullable=True)
    def check_timeout(self) -> Attribute:
        """The seconds until a check fails; null where AWS chooses."""
        return self._check("timeout", NUMBER)

    @attribute(NUMBER, nullable=True)
    def healthy_threshold(self) -> Attribute:
        """How many checks make a target healthy; 3 unless it says otherwise."""
        return self._check("healthy_threshold", NUMBER)

    @attribute(NUMBER, nullable=True)
    def unhealthy_threshold(self) -> Attribute:
        """How many failed checks make a target unhealthy; 3 unless it says otherwise."""
        return self._check("unhealthy_threshold", NUMBER)

    @attribute(STRING, nullable=True)
    def check_matcher(self) -> Attribute:
        """The status codes that are healthy, as written; null where AWS chooses."""
        return self._check("matcher", STRING)

    @attribute(ListType(NUMBER))
    def check_codes(self) -> Attribute:
        """The least and the greatest of these status codes; empty where there are none."""
        found = self.read("check_matcher")
        bare = plain(found.value)
        if isinstance(bare, Unknown):
            return Attribute(Unknown(ListType(NUMBER), bare.origins, not_null=True), found.place)
        codes = tuple(int(text) for text in re.findall(r"\d+", str(bare))) if bare != NULL else ()
        return Attribute(TupleValue((min(codes), max(codes)) if codes else ()), found.place)

    @attribute(BOOL)
    def check_port_declared(self) -> Attribute:
        """Whether a container declares the port of the health check, where it has its own."""
        port = self.health_check_port
        place = self._check("port", STRING).place
        if is_null(port):
            return Attribute(True, place)
        answers = [
            answer
            for binding in self.binding_list
            for answer in (
                *(container.declares(port) for container in binding.of_service.containers),
                *binding.of_service.unseen_containers(),
            )
        ]
        return Attribute(any_of(answers) if self.binding_list else True, place)

    # ---- settings -----------------------------------------------------------------------------

    @attribute(NUMBER)
    def deregistration_delay(self) -> Attribute:
        """The seconds that a target keeps its connections when it leaves; 300 by default."""
        return self.number("deregistration_delay")

    @attribute(STRING, nullable=True)
    def name_prefix(self) -> Attribute:
        """What a name that Terraform makes begins with."""
        return self.written("name_prefix")

    @attribute(BOOL)
    def replaced_before_destroyed(self) -> Attribute:
        """Whether lifecycle.create_before_destroy is set."""
        if self.instance is None:
            return Attribute(self.unseen(), self.place)
        return Attribute(self.instance.lifecycle.create_before_destroy, self.place)

    @attribute(BOOL)
    def has_fixed_name(self) -> Attribute:
        """Whether it has the same name whenever it is made: none of chance, and no prefix."""
        found = self.written("name")
        bare = plain(found.value)
        origins = bare.origins if isinstance(bare, Unknown) else ()
        if any(o.kind == "function" or "random_" in o.address for o in origins):
            return Attribute(False, found.place)
        return Attribute(is_given(found.value), found.place)

    @attribute(BOOL)
    def forwarded(self) -> Attribute:
        """Whether a listener or rule forwards to it."""
        leads = self.deployment.forwarding.to(self.link)
        return Attribute(any_of(lead.certain for lead in leads), self.place)

    # ---- who uses it --------------------------------------------------------------------------

    @cached_property
    def binding_list(self) -> list[Binding]:
        """The `load_balancer` blocks of services that name it."""
        same_group = self.deployment.links.same
        return [
            binding
            for service in self.deployment.services
            for binding in service.binding_list
            if same_group(binding.group.link, self.link) is True
        ]

    @attribute(ListType(EntityType("load_balancer_binding")))
    def bindings(self) -> Attribute:
        """The `load_balancer` blocks of services that name it."""
        found = [(one, one.maybe and not self.maybe) for one in self.binding_list]
        return Attribute(entities(found), self.place)

    @attribute(BOOL)
    def serves(self) -> Attribute:
        """Whether a service on Fargate registers its tasks with it."""
        answers = [binding.of_service.runs_on_fargate for binding in self.binding_list]
        return Attribute(any_of(answers), self.place)
