"""Listeners: protocol, certificate, and what they do with requests."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, TupleValue, Unknown, Value, plain
from fglint.model import reach
from fglint.model.actions import Action, actions_of
from fglint.model.certificate import Certificate, from_variable, names_certificate
from fglint.model.entity import Attribute, attribute
from fglint.model.existence import exists
from fglint.model.forwarding import RULES
from fglint.model.links import Link
from fglint.model.listener_rules import ListenerRule, values_of
from fglint.model.load_balancer import LoadBalancer
from fglint.model.logic import Tri, all_of, any_of, one_of, outside, same, unknown
from fglint.model.reading import Node, known_text, root, whole_number
from fglint.model.resource import Resource, entities
from fglint.provider.tls_policies import DEFAULT_POLICY, tls_class
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.service import Service

EXTRA_CERTIFICATES = ("aws_lb_listener_certificate", "aws_alb_listener_certificate")
SECURE = ("HTTPS", "TLS")
# What a Network Load Balancer passes on as it comes; QUIC is always encrypted.
PASSING = ("TCP", "TCP_UDP", "QUIC", "TCP_QUIC")


class Listener(Resource):
    """A listener of a load balancer, its rules included."""

    kind = "listener"

    @cached_property
    def owner(self) -> LoadBalancer:
        """Its load balancer."""
        if self.node is None:
            return self.deployment.load_balancer(Link(self.link.value, unknown=self.unseen()))
        arn = self.node.get("load_balancer_arn").value
        return self.deployment.load_balancer(self.deployment.links.find(arn, "load_balancer"))

    @attribute(EntityType("load_balancer"))
    def load_balancer(self) -> Attribute:
        """The load balancer that it belongs to."""
        return Attribute(self.owner, self.place)

    @attribute(STRING)
    def protocol(self) -> Attribute:
        """HTTP, HTTPS, TCP, TLS, UDP, …; HTTP where nothing is written."""
        found = self.written("protocol", "HTTP")
        facts = self.deployment.facts
        value = facts.value(self, "listeners", "protocol", found.value)
        value = facts.value(self, "target_groups", "listener", value)
        return Attribute(value, found.place, found.is_default)

    @attribute(NUMBER, nullable=True)
    def port(self) -> Attribute:
        """The port that clients use."""
        return self.number("port")

    @cached_property
    def is_secure(self) -> Tri:
        """Whether it speaks TLS."""
        return one_of(self.read("protocol").value, SECURE)

    @attribute(BOOL)
    def secure(self) -> Attribute:
        """Whether it speaks TLS: HTTPS or TLS."""
        return Attribute(self.is_secure, self.read("protocol").place)

    @attribute(BOOL)
    def states_protocol(self) -> Attribute:
        """Whether its protocol is written."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        node = self.node.get("protocol")
        return Attribute(not is_null(node.value), node.place)

    @attribute(STRING, nullable=True)
    def alpn_policy(self) -> Attribute:
        """Which application protocols it negotiates; null where none is written."""
        return self.written("alpn_policy")

    @attribute(ListType(EntityType("listener")))
    def twins(self) -> Attribute:
        """Other listeners on the same port of the same load balancer."""
        port = self.read("port").value
        found = [
            (other, other.maybe and not self.maybe)
            for other, maybe in self.owner.listener_list
            if other is not self and not maybe and same(other.read("port").value, port) is True
        ]
        return Attribute(entities(found), self.read("port").place)

    @attribute(STRING, nullable=True)
    def ssl_policy(self) -> Attribute:
        """Its TLS policy, as written."""
        return self.written("ssl_policy")

    @attribute(STRING)
    def tls_class(self) -> Attribute:
        """What its TLS policy allows: recommended, acceptable, without-1.3, weak, outdated.

        Without a policy it has that of 2016, which is outdated; malformed is a name of none.
        """
        found = self.written("ssl_policy")
        return Attribute(class_of(found.value), found.place)

    # ---- certificates -------------------------------------------------------------------------

    @cached_property
    def certificate_node(self) -> Node | None:
        """What names its certificate; None for a listener outside."""
        return None if self.node is None else self.node.get("certificate_arn")

    def certificate_place(self) -> Range | None:
        """Where its certificate is named; the listener where none is."""
        node = self.certificate_node
        return self.place() if node is None else node.place()

    @cached_property
    def certificate_uses(self) -> list[tuple[Certificate, Tri]]:
        """Its certificates, each with whether it is one: the first is certificate_arn's."""
        if self.node is None:
            return []
        links = self.deployment.links
        nodes: list[tuple[Node, Tri]] = [(self.node.get("certificate_arn"), True)]
        for instance in links.of(*EXTRA_CERTIFICATES):
            extra = root(instance)
            mine = links.matches(extra.get("listener_arn").value, "listener", self.link)
            answer = all_of([mine, exists(instance, self.instance)])
            if answer is not False:
                nodes.append((extra.get("certificate_arn"), answer))
        found: list[tuple[Certificate, Tri]] = []
        for node, answer in nodes:
            choices = [c for c in links.candidates(node.value, "certificate") if not c.nothing]
            for link in choices:
                certain = answer if len(choices) == 1 else unknown(node.value)
                found.append((self.deployment.certificate(link), certain))
        return found

    @attribute(EntityType("certificate"), nullable=True)
    def certificate(self) -> Attribute:
        """The certificate of certificate_arn."""
        node = self.certificate_node
        if node is None:
            return Attribute(self.unseen(), self.place)
        if is_null(node.value) or known_text(node.value) == "":
            return Attribute(NULL, self.place)
        link = self.deployment.links.find(node.value, "certificate")
        return Attribute(self.deployment.certificate(link), self.certificate_place)

    @attribute(BOOL)
    def waits_for_certificate(self) -> Attribute:
        """Whether it is made after its certificate is issued, as far as ACM issues it."""
        graph = self.deployment.graph
        answers = [
            any(graph.reaches(self.address, one.address) for one in certificate.validations)
            for certificate, there in self.certificate_uses
            if certificate.form == "requested" and there is True
        ]
        return Attribute(all(answers), self.certificate_place)

    @attribute(ListType(EntityType("certificate")))
    def certificates(self) -> Attribute:
        """All its certificates, those of aws_lb_listener_certificate, too."""
        found = [(one, answer is not True) for one, answer in self.certificate_uses]
        return Attribute(entities(found), self.certificate_place)

    @cached_property
    def has_certificate(self) -> Tri:
        """Whether it names a certificate."""
        node = self.certificate_node
        if node is None:  # a listener whose protocol is stated to be TLS has one
            return self.unseen() if self.is_secure is not True else True
        facts, known = self.deployment.facts, names_certificate(node.value)
        link = self.deployment.links.find(node.value, "certificate")
        return facts.settle(self.deployment.certificate(link), "certificates", "issued", known)

    @attribute(BOOL)
    def names_certificate(self) -> Attribute:
        """Whether it names a certificate; unknown for a variable without a value."""
        return Attribute(self.has_certificate, self.certificate_place)

    @attribute(BOOL)
    def certificate_supplied(self) -> Attribute:
        """Whether the certificate is a variable that has to be given, and is not said to be empty.

        Whoever gives the variable names a certificate; a validation that allows "" says otherwise.
        """
        node = self.certificate_node
        origin = None if node is None else from_variable(node.value)
        answer = origin is not None and not self.deployment.may_be_empty(origin)
        return Attribute(answer, self.certificate_place)

    # ---- what it does -------------------------------------------------------------------------

    @cached_property
    def rule_list(self) -> list[ListenerRule]:
        """Its rules, those that may not be its own, too."""
        links = self.deployment.links
        found: list[ListenerRule] = []
        for instance in links.of(*RULES):
            node = root(instance)
            mine = links.matches(node.get("listener_arn").value, "listener", self.link)
            answer = all_of([mine, exists(instance, self.instance)])
            if answer is not False:
                found.append(ListenerRule(self, node, answer is not True))
        return found

    @attribute(ListType(EntityType("listener_rule")))
    def rules(self) -> Attribute:
        """Its rules, without the default action."""
        return Attribute(entities([(rule, rule.maybe) for rule in self.rule_list]), self.place)

    @cached_property
    def action_list(self) -> list[Action]:
        """Its default actions and those of its rules."""
        if self.node is None:
            return []
        found = actions_of(self.node, "default_action")
        for rule in self.rule_list:
            for action in actions_of(rule.node, "action"):
                action.maybe = action.maybe or rule.maybe
                found.append(action)
        return found

    @attribute(ListType(EntityType("action")))
    def actions(self) -> Attribute:
        """All that it may do with a request: its default actions and those of its rules."""
        rest = self.unseen() if self.node is None else None
        return Attribute(entities([(one, one.maybe) for one in self.action_list], rest), self.place)

    @attribute(ListType(STRING))
    def host_headers(self) -> Attribute:
        """The host names of its rules."""
        values = [value for rule in self.rule_list for value in values_of(rule.node, "host_header")]
        return Attribute(TupleValue(tuple(values)), self.place)

    @cached_property
    def service_list(self) -> list[tuple[Service, bool]]:
        """The services on Fargate that it leads to, each with whether it may not."""
        return [
            (pair.of_service, pair.maybe and not self.maybe)
            for pair in self.deployment.service_listeners
            if pair.of_listener is self
        ]

    @attribute(ListType(EntityType("service")))
    def services(self) -> Attribute:
        """The services on Fargate that it leads to."""
        return Attribute(entities(self.service_list), self.place)

    @cached_property
    def is_for_tests(self) -> Tri:
        """Whether it carries only the test traffic of a blue/green deployment."""
        return self.deployment.forwarding.serves_tests(self.link)

    @attribute(BOOL)
    def for_tests(self) -> Attribute:
        """Whether it carries only the test traffic of a blue/green deployment."""
        return Attribute(self.is_for_tests, self.place)

    @attribute(BOOL)
    def for_chosen_clients(self) -> Attribute:
        """Whether security groups are known to let in some on its port, and not the internet."""
        side = self.owner.side
        rules = list(reach.rules_for(side, "ingress", "tcp", self.read("port").value))
        unread = [
            *side.doubts,
            *(d for group in side.groups for d in reach.unread(group, "ingress")),
        ]
        chosen = side.filtered and not unread and all(rule.is_open is False for rule, _ in rules)
        return Attribute(bool(rules) and chosen, self.place)

    @cached_property
    def passes_tls(self) -> Tri:
        """Whether it may pass TLS through to its targets: TCP or QUIC on port 443."""
        port = self.read("port").value
        number = whole_number(port)
        raw = one_of(self.read("protocol").value, PASSING)
        right: Tri = unknown(port) if isinstance(plain(port), Unknown) else number == 443
        return all_of([raw, right])

    @cached_property
    def edge(self) -> Tri:
        """Whether an edge ends TLS before it: CloudFront, API Gateway."""
        return any_of(edge.ends_tls for edge in self.deployment.edges.before(self))


def class_of(policy: Value) -> Value:
    """What a TLS policy allows; unknown for a name that is well formed and not known."""
    bare = plain(policy)
    if isinstance(bare, Unknown):
        return Unknown(STRING, bare.origins, not_null=True)
    name = bare if isinstance(bare, str) and bare else DEFAULT_POLICY
    found = tls_class(name)
    if found is None:
        cause = outside(name, f"what the TLS policy {name} allows is not known to fglint")
        return Unknown(STRING, cause.origins, not_null=True)
    return found
