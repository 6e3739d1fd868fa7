"""Names and regions: where a resource lies, and under which domain names clients find it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.configuration.loader import Configuration
from fglint.evaluation.inspection import is_null
from fglint.evaluation.origins import Origin
from fglint.evaluation.values import Parts, Union, Unknown, Value, plain
from fglint.model.links import Link, Links
from fglint.model.logic import outside, unknown
from fglint.model.reading import Node, known_text, root

if TYPE_CHECKING:
    from fglint.model.load_balancer import LoadBalancer

_TASK = "task_definition"
_DUALSTACK = "dualstack."  # names of load balancers with it have addresses of IPv6, too
_ARN_REGION = re.compile(r"arn:[a-z-]*:[a-z0-9-]+:([a-z0-9-]+):")


def region_of(configuration: Configuration, link: Link) -> str | None:
    """The region of a resource, or of what an ARN names, where it is known."""
    if link.instance is not None:
        own = known_text(root(link.instance).get("region").value)
        return own or configuration.provider_region(link.instance.provider)
    bare = plain(link.value)
    text = bare.prefix if isinstance(bare, Unknown) else known_text(bare)
    found = _ARN_REGION.match(text or "")
    return None if found is None else found[1]


def records_of(links: Links, balancer: LoadBalancer) -> Iterator[Node]:
    """The Route 53 records of the configuration that lead to a load balancer."""
    if balancer.link.instance is None:
        return
    for record in links.of("aws_route53_record"):
        node = root(record)
        leads = (links.matches(t, "load_balancer", balancer.link) for t in targets_of(node))
        if any(answer is True for answer in leads):
            yield node


def targets_of(record: Node) -> Iterator[Value]:
    """What a record leads to: the targets of its aliases, and its values."""
    for alias in record.blocks("alias"):
        yield _without(_DUALSTACK, alias.get("name").value)
    for item in record.get("records").elements():
        yield item.value


def _without(prefix: str, value: Value) -> Value:
    """What follows a prefix, where that is one reference."""
    bare = plain(value)
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        parts = bare.content.parts
        if len(parts) == 2 and plain(parts[0]) == prefix:
            return parts[1]
    return value


def names_of(links: Links, balancer: LoadBalancer) -> list[Value]:
    """The domain names of the records that lead to a load balancer, in full.

    A record's name may leave its zone's name to be added; where the zone's name is not known, such
    a name says nothing.
    """
    found: list[Value] = []
    for node in records_of(links, balancer):
        name = full_name(links, node)
        if name is not None:
            found.append(name)
    return found


def full_name(links: Links, record: Node) -> Value | None:
    """The name of a record with its zone's; None where the zone's is not known and needed."""
    name = record.get("name").value
    zone = links.find(record.get("zone_id").value, "zone")
    own = None if zone.instance is None else root(zone.instance).get("name").value
    bare = plain(name)
    if isinstance(bare, Unknown):
        return name if bare.content is None or isinstance(bare.content, Parts) else None
    if is_null(bare):
        return None
    text = str(bare).rstrip(".")
    suffix = (known_text(own) or "").rstrip(".") if own is not None else ""
    if suffix:
        if not text:
            return suffix
        return text if text == suffix or text.endswith(f".{suffix}") else f"{text}.{suffix}"
    return text if "." in text else None


def may_be_empty(configuration: Configuration, origin: Origin) -> bool:
    """Whether a variable's validation or use shows that it may be null or empty."""
    name = origin.address.removeprefix("var.")
    declaration = configuration.root.written.variables.get(name)
    if declaration is None or origin.path:
        return True
    reference = rf"var\.{re.escape(name)}"
    compared = re.compile(
        rf'{reference}\s*[!=]=\s*(?:""|null)|(?:""|null)\s*[!=]=\s*{reference}\b'
        rf"|length\(\s*{reference}\s*\)"
    )
    return any(compared.search(file.source.text) for file in configuration.root.written.files)


# ---- task definitions -------------------------------------------------------------------------

_REVISION = re.compile(r":(?:\d+)?$")


def task_definition(links: Links, value: Value) -> Link | Unknown:
    """The task definition that a value names, or why it is not known.

    A service names it by ARN, by family, by family and revision, or by way of a data source that
    reads its newest revision. A text made of one task definition's attributes alone names it, too.
    """
    found = [_task(links, each) for each in _branches(value)]
    first = found[0]
    instances = {each.instance if isinstance(each, Link) else None for each in found}
    return first if len(instances) == 1 else unknown(value)


def _branches(value: Value) -> tuple[Value, ...]:
    bare = plain(value)
    if isinstance(bare, Unknown) and isinstance(bare.content, Union):
        return bare.content.leaves
    return (value,)


def _task(links: Links, value: Value) -> Link | Unknown:
    link = _named_task(links, value)
    if link is not None and link.instance is not None:
        if link.instance.mode == "managed":
            return link
        asked = root(link.instance).get("task_definition").value
        found = _named_task(links, asked)
        if found is not None and found.managed is not None:
            return found
    bare = plain(value)
    if isinstance(bare, Unknown) and (link is None or link.instance is None):
        return unknown(bare)
    name = known_text(bare) or str(getattr(bare, "ref", None) or "its task definition")
    return outside(name, f"the task definition {name} lies outside the configuration")


def _named_task(links: Links, value: Value) -> Link | None:
    link = links.find(value, _TASK)
    bare = plain(value)
    if link.instance is not None:
        return link
    if isinstance(bare, str):
        family = _REVISION.sub("", bare).rpartition("/")[2]
        return links.find(family, _TASK)
    if not isinstance(bare, Unknown):
        return None
    if isinstance(bare.content, Parts):
        for part in bare.content.parts:
            inner = plain(part)
            name = _REVISION.sub("", inner).rpartition("/")[2] if isinstance(inner, str) else inner
            found = links.find(name, _TASK) if name else link
            if found.instance is not None:
                return found
    return _only_origin(links, bare)


def _only_origin(links: Links, value: Unknown) -> Link | None:
    """The task definition that all of a text comes from."""
    found = {o.address for o in value.origins}
    instances = [links.at(address) for address in found]
    if len(instances) != 1 or instances[0] is None or value.ref is not None:
        return None
    instance = instances[0]
    return Link(value, instance) if instance.type == "aws_ecs_task_definition" else None
