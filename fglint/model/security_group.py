"""Security groups, and where their rules are written: in every form that writes one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Presence, Unknown, Value, plain
from fglint.model.entity import Attribute, attribute
from fglint.model.existence import exists
from fglint.model.links import Link
from fglint.model.logic import Tri, all_of, any_of, unknown
from fglint.model.reading import Node, known_text, root
from fglint.model.resource import Resource, entities
from fglint.model.security_group_rule import STANDALONE, SecurityGroupRule

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.service import Service

_KEY = re.compile(r"\[[^\]]*\]")
_PEERS = {
    "cidr_blocks": "cidr",
    "ipv6_cidr_blocks": "cidr6",
    "prefix_list_ids": "prefix_list",
    "security_groups": "group",
    "source_security_group_id": "group",
    "cidr_ipv4": "cidr",
    "cidr_ipv6": "cidr6",
    "prefix_list_id": "prefix_list",
    "referenced_security_group_id": "group",
}


class SecurityGroup(Resource):
    """A security group with all its rules; the address of a VPC's own one is the VPC's."""

    kind = "security_group"

    @cached_property
    def is_default(self) -> bool:
        """Whether it is the group that AWS makes with a VPC."""
        found = self.link.instance
        return found is not None and found.type != "aws_security_group"

    @cached_property
    def is_unmanaged_default(self) -> bool:
        """Whether it is a VPC's own group, whose rules are those that AWS gives it."""
        return self.is_default and not self.external and self.address_type != _DEFAULT

    @property
    def address_type(self) -> str:
        """The type of the resource; "" for what lies outside."""
        return "" if self.instance is None else self.instance.type

    @cached_property
    def contents(self) -> tuple[list[SecurityGroupRule], list[Value]]:
        """Its rules, and why there may be others.

        Terraform takes away the egress that AWS gives a new group, so that what is not written is
        not there.
        """
        rules: list[SecurityGroupRule] = []
        doubts: list[Value] = []
        if self.node is None or self.is_unmanaged_default:
            doubts.append(self.unseen())
        else:
            for way in ("ingress", "egress"):
                found = self.node.get(way).elements()
                for item in found.items:
                    present: Tri = (
                        True if item.presence is Presence.ONE else unknown(found.rest or NULL)
                    )
                    rules.extend(self._peers(item.node, way, present))
                if found.rest is not None and not found.items:
                    doubts.append(found.rest)
        for node, way, present in self._separate():
            rules.extend(self._peers(node, way, present))
        return rules, [*doubts, *self.deployment.additions(self)]

    def _separate(self) -> Iterator[tuple[Node, str, Tri]]:
        links = self.deployment.links
        for type_ in ("aws_security_group_rule", *STANDALONE):
            for instance in links.of(type_):
                node = root(instance)
                mine = self.deployment.names_group(node.get("security_group_id").value, self.link)
                present = all_of([mine, exists(instance, self.instance)])
                if present is not False:
                    way = STANDALONE.get(type_) or known_text(node.get("type").value) or ""
                    yield node, way, present

    def _peers(self, node: Node, way: str, present: Tri) -> Iterator[SecurityGroupRule]:
        if node.get("self").flag() is not False:
            own = node.get("self")
            there = all_of([present, own.flag()])
            yield SecurityGroupRule(self, node, way, "self", own, there)
        for name, kind in _PEERS.items():
            argument = node.get(name)
            if is_null(argument.value):
                continue
            bare = plain(argument.value)
            single = name.endswith(("_id", "_ipv4", "_ipv6"))
            if single or (isinstance(bare, Unknown) and not argument.elements().items):
                yield from self._rule(node, way, kind, argument, present)
                continue
            for item in argument.elements().items:
                there = (
                    present if item.presence is Presence.ONE else all_of([present, unknown(bare)])
                )
                yield from self._rule(node, way, kind, item.node, there)

    def _rule(
        self, node: Node, way: str, kind: str, peer: Node, present: Tri
    ) -> Iterator[SecurityGroupRule]:
        """A rule; for a prefix list of the configuration one for each of its CIDR blocks."""
        entries = self._entries(peer) if kind == "prefix_list" else []
        for entry in entries:
            family = "cidr6" if ":" in (known_text(entry.value) or "") else "cidr"
            yield SecurityGroupRule(self, node, way, family, entry, present)
        if not entries:
            yield SecurityGroupRule(self, node, way, kind, peer, present)

    def _entries(self, peer: Node) -> list[Node]:
        """The CIDR blocks of a prefix list, where all of them are known to be its."""
        found = self.deployment.links.find(peer.value, "prefix_list").managed
        if found is None or found.type != "aws_ec2_managed_prefix_list" or found.maybe:
            return []
        entries = root(found).blocks("entry")
        if entries.rest is not None or self.deployment.links.of(f"{found.type}_entry"):
            return []
        return [entry.get("cidr") for entry in entries]

    # ---- attributes ---------------------------------------------------------------------------

    def _rules(self, way: str) -> Attribute:
        rules, doubts = self.contents
        found = [(rule, rule.maybe) for rule in rules if rule.way == way]
        rest = unknown(*doubts) if doubts else None
        place = self.place if self.node is None else self.node.get(way).place
        return Attribute(entities(found, rest), place)

    @attribute(ListType(EntityType("security_group_rule")))
    def ingress(self) -> Attribute:
        """What it lets in: one rule for each peer of each written rule."""
        return self._rules("ingress")

    @attribute(ListType(EntityType("security_group_rule")))
    def egress(self) -> Attribute:
        """What it lets out; a group without any written egress lets nothing out."""
        return self._rules("egress")

    @attribute(STRING, nullable=True)
    def description(self) -> Attribute:
        """What its author says of it; "Managed by Terraform" where nothing is written."""
        return self.written("description")

    @attribute(BOOL)
    def default(self) -> Attribute:
        """Whether it is the security group that AWS makes with a VPC, which is called default."""
        found = self.link.instance
        if found is None:
            return Attribute(self.unseen(), self.place)
        if found.mode == "data" and not self.is_default:
            return Attribute(self._is_called_default(root(found)), self.place)
        return Attribute(self.is_default, self.place)

    def _is_called_default(self, node: Node) -> Tri:
        names = [node.get("name").value]
        for block in node.blocks("filter"):
            if known_text(block.get("name").value) == "group-name":
                names.extend(item.value for item in block.get("values").elements())
        texts = [known_text(name) for name in names if not is_null(name)]
        return "default" in texts if texts and None not in texts else self.unseen()

    @attribute(BOOL)
    def inline(self) -> Attribute:
        """Whether rules are written in it; others then belong there, too."""
        from fglint.model.openings import rules_are_inline  # which reads who uses groups

        return Attribute(rules_are_inline(self), self.place)

    @attribute(STRING, nullable=True)
    def purpose(self) -> Attribute:
        """What it is for, by what has it: `Tasks of NAME`, `Load balancer NAME`; else null."""
        for service in self.service_list:
            return Attribute(f"Tasks of {_plainly(service.address)}", self.place)
        for balancer in self.deployment.load_balancers:
            if any(group is self for group in balancer.side.groups):
                return Attribute(f"Load balancer {_plainly(balancer.address)}", self.place)
        return Attribute(NULL, self.place)

    @attribute(EntityType("vpc"))
    def vpc(self) -> Attribute:
        """The VPC that it belongs to."""
        return Attribute(self.deployment.vpc_named(self.written_node, self), self.place)

    @cached_property
    def service_list(self) -> list[Service]:
        """The services and run targets on Fargate that use it."""
        same = self.deployment.links.same
        return [
            service
            for service in self.deployment.services
            if service.runs_on_fargate is not False
            and any(same(group.link, self.link) is True for group in service.group_list)
        ]

    @attribute(ListType(EntityType("service")))
    def services(self) -> Attribute:
        """The services and run targets on Fargate that use it."""
        found = [(each, each.maybe and not self.maybe) for each in self.service_list]
        return Attribute(entities(found), self.place)

    @attribute(BOOL)
    def sees_clients(self) -> Attribute:
        """Whether tasks with it see clients' own addresses, behind an NLB without groups."""
        answers = [
            binding.sees_client_addresses
            for service in self.service_list
            for binding in service.binding_list
        ]
        return Attribute(any_of(answers), self.place)


_DEFAULT = "aws_default_security_group"


def canonical(deployment: Deployment, link: Link) -> Link:
    """What manages a VPC's own security group; the VPC itself where nothing does."""
    if link.instance is None or "security_group" in link.instance.type:
        return link
    for instance in deployment.links.of(_DEFAULT):
        found = deployment.links.find(root(instance).get("vpc_id").value, "vpc")
        if found.instance is link.instance:
            return Link(link.value, instance, exact=link.exact)
    return link


def _plainly(address: str) -> str:
    """An address without module path and keys, whose quotes no description may have."""
    return ".".join(_KEY.sub("", address).split(".")[-2:])
