"""Edges before a load balancer that end TLS: CloudFront and API Gateway."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.model.links import Links
from fglint.model.logic import Tri, all_of, one_of
from fglint.model.reading import Node, known_text, root
from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.model.listener import Listener
    from fglint.model.load_balancer import LoadBalancer

SECURE_POLICIES = ("redirect-to-https", "https-only")


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """What stands before a load balancer, and whether clients speak TLS to it."""

    instance: Instance
    ends_tls: Tri

    @property
    def has_web_acl(self) -> Tri:
        """Whether a web ACL guards it."""
        node = root(self.instance).get("web_acl_id")
        return not is_null(node.value) and known_text(node.value) != ""


class Edges:
    """All edges of a configuration."""

    def __init__(self, links: Links) -> None:
        self.links = links

    def before(self, listener: Listener) -> Iterator[Edge]:
        """The edges that lead to a listener, or to its load balancer."""
        yield from self._http_apis(listener)
        yield from self._rest_apis(listener.owner)
        yield from self.distributions(listener.owner)

    # ---- API Gateway, to which clients always speak TLS ---------------------------------------

    def _http_apis(self, listener: Listener) -> Iterator[Edge]:
        """Integrations of HTTP and WebSocket APIs through a VPC link."""
        for instance in self.links.of("aws_apigatewayv2_integration"):
            uri = root(instance).get("integration_uri").value
            if not is_null(uri) and self.links.matches(uri, "listener", listener.link) is True:
                yield Edge(instance, True)

    def _rest_apis(self, balancer: LoadBalancer) -> Iterator[Edge]:
        """VPC links of REST APIs to a Network Load Balancer."""
        for instance in self.links.of("aws_api_gateway_vpc_link"):
            for target in root(instance).get("target_arns").elements():
                if self.links.matches(target.value, "load_balancer", balancer.link) is True:
                    yield Edge(instance, True)

    # ---- CloudFront ---------------------------------------------------------------------------

    @cached_property
    def _origins(self) -> list[tuple[Instance, Node]]:
        return [
            (instance, origin)
            for instance in self.links.of("aws_cloudfront_distribution")
            for origin in root(instance).blocks("origin")
        ]

    def distributions(self, balancer: LoadBalancer) -> Iterator[Edge]:
        """The CloudFront distributions that lead to a load balancer."""
        for instance, origin in self._origins:
            if self._leads_to(origin, balancer):
                yield Edge(instance, _requires_tls(root(instance)))

    def _leads_to(self, origin: Node, balancer: LoadBalancer) -> bool:
        domain = origin.get("domain_name").value
        if self.links.matches(domain, "load_balancer", balancer.link) is True:
            return True
        for block in origin.blocks("vpc_origin_config"):
            link = self.links.find(block.get("vpc_origin_id").value, "vpc_origin")
            if link.instance is not None and self._is_origin(link.instance, balancer):
                return True
        return False

    def _is_origin(self, instance: Instance, balancer: LoadBalancer) -> bool:
        config = root(instance).get("vpc_origin_endpoint_config")
        return any(
            self.links.matches(item.get("arn").value, "load_balancer", balancer.link) is True
            for item in config.elements()
        )


def _requires_tls(distribution: Node) -> Tri:
    """Whether all cache behaviours send viewers to HTTPS."""
    answers: list[Tri] = []
    for name in ("default_cache_behavior", "ordered_cache_behavior"):
        for behavior in distribution.blocks(name):
            policy = behavior.get("viewer_protocol_policy").text()
            answers.append(one_of(policy, SECURE_POLICIES))
    return all_of(answers)
