"""The way of traffic: clients, DNS, listener, certificate, rule, target group, groups, port."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import STRING
from fglint.evaluation.values import Value
from fglint.model import naming, reach
from fglint.model.binding import Binding
from fglint.model.entity import Entity
from fglint.model.forwarding import Forward
from fglint.model.hop import Hop, answer, listed
from fglint.model.listener import Listener
from fglint.model.listener_rules import values_of
from fglint.model.load_balancer import LoadBalancer
from fglint.model.logic import Tri
from fglint.model.reading import Node, known_text, root
from fglint.model.service import Service
from fglint.model.tls import ServiceListener
from fglint.source import Range


def hops(service: Service) -> Iterator[Hop]:
    """The hops from clients to each container port that a load balancer leads to."""
    if not service.is_service and not service.managed:
        return
    if service.managed:
        words = ("ECS makes load balancer, listener and certificate itself (Express Mode)",)
        yield Hop("internet", words, service.address, service.header, (service,), fact=True)
        return
    bindings = service.binding_list
    if not bindings:
        yield _unreached(service)
    for binding in bindings:
        yield from _binding(service, binding)


def _unreached(service: Service) -> Hop:
    serves, internal = (service.read(name).value for name in ("serves", "internal"))
    words = "no load balancer leads to it"
    if serves is False:
        words += ", and no container declares a port"
    elif internal is True:
        words += "; other services find it inside the VPC"
    return Hop("internet", (words,), service.address, service.header, (service,))


def _binding(service: Service, binding: Binding) -> Iterator[Hop]:
    pairs = [p for p in service.deployment.pairs_of(service) if p.binding is binding]
    seen: set[LoadBalancer] = set()
    for pair in pairs:
        balancer = pair.of_listener.owner
        if balancer not in seen:
            seen.add(balancer)
            yield from _balancer(service, binding, pair)
        yield from _listener(pair)
        yield from _rules(binding, pair.of_listener)
    if not pairs:
        words = ("no listener of this configuration leads to ", binding.group)
        subjects = (service, binding)
        yield Hop("internet", words, binding.address, binding.place(), subjects)
    yield _group(binding)
    yield _security_groups(binding)
    yield _port(binding)
    for pair in pairs:
        yield from _order(service, pair.of_listener)


# ---- load balancer and names ------------------------------------------------------------------


def _balancer(service: Service, binding: Binding, pair: ServiceListener) -> Iterator[Hop]:
    listener, balancer = pair.of_listener, pair.of_listener.owner
    edges = [edge.instance.address for edge in service.deployment.edges.before(listener)]
    clients = {True: "clients inside the network reach ", False: "clients on the internet reach "}
    scheme = balancer.is_internal
    start = clients[scheme] if isinstance(scheme, bool) else "clients reach "
    words: tuple[Value, ...] = (start, balancer)
    if edges:
        words = (*words, " through ", *listed(dict.fromkeys(edges)))
    yield Hop(
        "internet",
        words,
        balancer.address,
        balancer.place() or binding.place(),
        (service, balancer, binding),
        fact=balancer.unseen() if balancer.external else True,
    )
    hosts = _hosts(binding, listener)
    records = [
        record
        for record in naming.records_of(service.deployment.links, balancer)
        if hosts is None or _is_for(naming.full_name(service.deployment.links, record), hosts)
    ]
    for record in records:
        yield _record(record, balancer)
    if not records:
        words = ("no Route 53 record of this configuration leads to ", balancer)
        yield Hop("dns", words, balancer.address, balancer.place() or binding.place())


def _hosts(binding: Binding, listener: Listener) -> list[str] | None:
    """The hosts for which the listener leads here; None where it is for all, or not known."""
    found: list[str] = []
    for lead in binding.leads:
        if binding.deployment.listener(lead.edge.listener) is not listener:
            continue
        if lead.edge.instance is listener.instance:
            return None
        texts = [known_text(v) for v in values_of(root(lead.edge.instance), "host_header")]
        if not texts or None in texts:
            return None
        found.extend(text for text in texts if text)
    return found or None


def _is_for(name: Value | None, hosts: list[str]) -> bool:
    """Whether a name is one of the hosts, in which `*` and `?` stand for any characters."""
    text = None if name is None else known_text(name)
    return text is None or any(fnmatch(text.lower(), host.lower()) for host in hosts)


def _record(record: Node, balancer: LoadBalancer) -> Hop:
    links = balancer.deployment.links
    name = naming.full_name(links, record)
    words = (record.get("name").value if name is None else name, " leads to ", balancer)
    instance = record.instance
    found = [s for s in balancer.deployment.subjects("dns_record") if s.address == instance.address]
    return Hop(
        "dns",
        words,
        instance.address,
        instance.header,
        tuple(found),
        fact=True,
        source=balancer.address,
    )


# ---- listeners --------------------------------------------------------------------------------


def _listener(pair: ServiceListener) -> Iterator[Hop]:
    listener = pair.of_listener
    subjects: tuple[Entity, ...] = (pair, pair.binding, listener)
    if listener.instance is None:
        words: tuple[Value, ...] = (listener, ", which lies outside this configuration")
        yield Hop("listener", words, pair.address, pair.place(), subjects, fact=listener.unseen())
        return
    protocol, port = (listener.read(name).value for name in ("protocol", "port"))
    words = (protocol, " on port ", port, " of ", listener.owner)
    policy = listener.read("ssl_policy").value
    if listener.is_secure is True and not is_null(policy):
        words = (*words, ", TLS policy ", policy)
    there: Tri = True
    yield Hop("listener", words, listener.address, listener.place(), subjects, fact=there)
    for certificate, there in listener.certificate_uses:
        domains = certificate.domain_values
        named: tuple[Value, ...] = (" for ", *listed(domains)) if domains else ()
        yield Hop(
            "certificate",
            (certificate, *named),
            certificate.address or listener.address,
            certificate.place() or listener.certificate_place(),
            (pair, certificate),
            fact=there if not certificate.external else certificate.unseen(),
            source=listener.address,
        )


def _rules(binding: Binding, listener: Listener) -> Iterator[Hop]:
    told: set[tuple[str, str]] = set()
    for lead in binding.leads:
        edge = lead.edge
        link = binding.deployment.links.find(edge.target.value, "target_group")
        group = binding.group if link.instance is None else binding.deployment.target_group(link)
        shown = (edge.instance.address, str(group))
        if shown in told:
            continue  # what leads here in several ways is told once
        told.add(shown)
        if binding.deployment.listener(edge.listener) is listener:
            yield Hop(
                "rule",
                (*_condition(edge), " forwards to ", group),
                edge.instance.address,
                edge.target.place(),
                (binding,),
                fact=lead.certain,
                source=edge.instance.address,
            )


def _condition(edge: Forward) -> tuple[Value, ...]:
    if edge.instance is edge.listener.instance:
        return ("the default action",)
    words: list[Value] = [edge.instance.address]
    for sort, label in (("host_header", "host"), ("path_pattern", "path")):
        known = [v for v in values_of(root(edge.instance), sort) if known_text(v) is not None]
        if known:
            words.extend((f" for {label} ", *listed(known, " or ")))
    return tuple(words)


# ---- target group, security groups, container -------------------------------------------------


def _group(binding: Binding) -> Hop:
    group = binding.group
    words: tuple[Value, ...] = (group,)
    if group.node is not None:
        kind, protocol = (group.read(name).value for name in ("target_type", "protocol"))
        words = (*words, ", targets of type ", kind, ", protocol ", protocol)
    return Hop(
        "target_group",
        words,
        group.address or binding.address,
        group.place() or binding.place(),
        (binding, group),
        fact=group.unseen() if group.external else True,
        source=binding.address,
    )


def _security_groups(binding: Binding) -> Hop:
    service = binding.of_service
    protocol = binding.transport if isinstance(binding.transport, str) else "tcp"
    port = binding.node.get("container_port").number()
    fronts = dict.fromkeys(
        group if balancer.side.filtered else balancer
        for balancer, _ in binding.balancers
        for group in (balancer.side.groups or (balancer,))
    )
    words = (*listed(fronts), " to ", *listed(service.side.groups or (service,)))
    rules = reach.rules_for(service.side, "ingress", protocol, port)
    place = next((rule.header for rule, there in rules if there is True), None)
    return Hop(
        "security_groups",
        (*words, f" on {protocol} port ", port),
        service.side.groups[0].address if service.side.groups else service.address,
        place or service.launch.security_groups.place(),
        (binding,),
        fact=answer(binding, "path_open"),
    )


def _port(binding: Binding) -> Hop:
    node = binding.node
    name, port = node.get("container_name").as_type(STRING), node.get("container_port").number()
    task = binding.of_service.task
    words: tuple[Value, ...] = ("container ", name, " on port ", port)
    return Hop(
        "container_port",
        words if task is None else (*words, " of ", task),
        binding.address if task is None else task.address,
        _declaration(binding, port) or node.get("container_port").place(),
        (binding,),
        fact=answer(binding, "port_declared"),
        source=binding.address,
    )


def _declaration(binding: Binding, port: Value) -> Range | None:
    """Where the container declares the port."""
    for container, named in binding.containers_named():
        found = container.port_mapping(port) if named is True else None
        if found is not None:
            return found.place()
    return None


def _order(service: Service, listener: Listener) -> Iterator[Hop]:
    if listener.instance is None:
        return
    waits = service.deployment.graph.reaches(service.address, listener.address)
    said = "is made before " if waits else "may be made after "
    yield Hop(
        "order",
        (listener, f" {said}", service),
        service.address,
        service.header,
        (service,),
        (listener,),
        fact=True if waits else None,
        source=service.address if waits else "",
    )
