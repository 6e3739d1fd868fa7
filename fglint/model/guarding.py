"""What guards a load balancer: web ACLs, and CloudFront before it.

Source: AWS WAF Developer Guide, "Associating or disassociating protection with an AWS resource": a
web ACL of scope CLOUDFRONT is for distributions alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from fglint.configuration.instance import Instance
from fglint.evaluation.types import BOOL, STRING
from fglint.evaluation.values import NULL, Unknown, Value, plain
from fglint.model.entity import Attribute, attribute
from fglint.model.existence import exists
from fglint.model.logic import Tri, all_of, any_of, outside
from fglint.model.reading import Node, is_given, present, root
from fglint.model.resource import Resource

if TYPE_CHECKING:
    from fglint.model.load_balancer import LoadBalancer

_ACL = "aws_wafv2_web_acl"
_ASSOCIATION = "aws_wafv2_web_acl_association"


class Guarding(Resource):
    """The parts of a load balancer that say what guards it."""

    def _associated(self, type_: str) -> Tri:
        """Whether an association of a web ACL names it."""
        links = self.deployment.links
        answers = [
            all_of(
                [
                    links.matches(root(one).get("resource_arn").value, "load_balancer", self.link),
                    exists(one, self.instance),
                ]
            )
            for one in links.of(type_)
        ]
        return any_of([*answers, *self.deployment.additions(self)])

    @attribute(BOOL)
    def web_acl(self) -> Attribute:
        """Whether a WAFv2 web ACL is associated with it."""
        return Attribute(self._associated(_ASSOCIATION), self.place)

    @attribute(BOOL)
    def old_web_acl(self) -> Attribute:
        """Whether a web ACL of WAF Classic is associated with it."""
        return Attribute(self._associated("aws_wafregional_web_acl_association"), self.place)

    @attribute(BOOL)
    def attached_elsewhere(self) -> Attribute:
        """Whether something outside attaches a web ACL to it: never known here."""
        because = f"what is attached to {self} from outside is not known"
        return Attribute(outside(str(self), because), self.place)

    @attribute(BOOL)
    def guarded_by_cloudfront(self) -> Attribute:
        """Whether it lets in CloudFront alone, whose distribution has a web ACL."""
        own = cast("LoadBalancer", self)
        guarded = any_of(edge.has_web_acl for edge in self.deployment.edges.distributions(own))
        rules = [rule for group in own.side.groups for rule in group.contents[0]]
        ingress = [rule for rule in rules if rule.way == "ingress"]
        only = bool(ingress) and all(rule.peer_kind == "prefix_list" for rule in ingress)
        return Attribute(all_of([only, guarded]), self.place)

    # ---- its web ACL --------------------------------------------------------------------------

    def _acls(self) -> Iterator[Node]:
        """The web ACLs of the configuration that are known to be associated with it."""
        links = self.deployment.links
        for one in links.of(_ASSOCIATION):
            node = root(one)
            mine = links.matches(node.get("resource_arn").value, "load_balancer", self.link)
            found = self._acl_of(node.get("web_acl_arn").value)
            if mine is True and found is not None:
                yield root(found)

    def _acl_of(self, value: Value) -> Instance | None:
        """The web ACL that a value names: an attribute of one, whose schema is not known."""
        bare = plain(value)
        origins = bare.origins if isinstance(bare, Unknown) else ()
        found = self.deployment.links.at(origins[0].address) if len(origins) == 1 else None
        return found if found is not None and found.type == _ACL else None

    @attribute(STRING, nullable=True)
    def web_acl_scope(self) -> Attribute:
        """The scope of its web ACL, REGIONAL or CLOUDFRONT; null where none is seen."""
        for acl in self._acls():
            return acl.get("scope").attribute(STRING)
        return Attribute(NULL, self.place)

    @attribute(BOOL)
    def web_acl_has_rules(self) -> Attribute:
        """Whether its web ACL has a rule, however it is given; true where none is seen."""
        answers = [self._has_rules(acl) for acl in self._acls()]
        return Attribute(all_of(answers), self.place)

    def _has_rules(self, acl: Node) -> Tri:
        added = self._names_it("aws_wafv2_web_acl_rule_group_association", "web_acl_arn", acl)
        elsewhere = bool({"rule", "*"} & set(acl.instance.lifecycle.ignore_changes))
        given = is_given(acl.get("rule_json").value)
        return any_of([elsewhere or added, present(acl.get("rule")), given])

    def _names_it(self, type_: str, argument: str, acl: Node) -> bool:
        """Whether a resource of a type names a web ACL."""
        named = (root(one).get(argument).value for one in self.deployment.links.of(type_))
        return any(self._acl_of(value) is acl.instance for value in named)

    @attribute(BOOL)
    def web_acl_logs(self) -> Attribute:
        """Whether its web ACL logs the requests that it judges; true where none is seen."""
        type_ = "aws_wafv2_web_acl_logging_configuration"
        answers = [self._names_it(type_, "resource_arn", acl) for acl in self._acls()]
        return Attribute(all(answers), self.place)
