"""What the text at a place decides: which resources change with it, and how often it is used."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.configuration.loader import Configuration
from fglint.configuration.module import Module
from fglint.evaluation.references import references
from fglint.model.deployment import Deployment
from fglint.policy.spelling import module_of
from fglint.source import Range
from fglint.syntax.nodes import Attribute, Block, Node, children


def affected(deployment: Deployment, place: Range, top: Node) -> Iterator[str]:
    """The resource instances that the top-level block around a place makes or is read by."""
    configuration = deployment.configuration
    if not isinstance(top, Block):
        return
    if top.type == "data":
        yield from _readers(deployment, place, top)
    elif top.type == "resource":
        for each in configuration.instances:
            if each.block.body.source is place.source and each.block.start == top.start:
                yield each.address
    elif top.type == "module":
        yield from _through(deployment, _inputs(configuration, place, top))
    elif top.type in ("locals", "variable"):
        yield from _readers(deployment, place, top)


def _readers(deployment: Deployment, place: Range, top: Block) -> Iterator[str]:
    """The resource instances that read what is written at the place, however indirectly."""
    at = top.header() if top.type in ("variable", "data") else place
    yield from _through(
        deployment,
        [
            node
            for node, known in deployment.graph.places.items()
            if known.source is at.source and known.start <= at.start and at.end <= known.end
        ],
    )


def _inputs(configuration: Configuration, place: Range, top: Block) -> list[str]:
    """The variables of a called module that an argument of the call gives a value."""
    names = [
        name
        for name, each in top.body.attributes.items()
        if each.start <= place.start and place.end <= each.end
    ]
    called = [
        module.address
        for module in configuration.modules()
        if module.call is not None and module.call.declaration.block is top
    ]
    return [f"{address}.var.{name}" for address in called for name in names]


def _through(deployment: Deployment, nodes: list[str]) -> Iterator[str]:
    """The resource instances that read something, however indirectly."""
    graph, pending = deployment.graph, list(nodes)
    instances = {each.address for each in deployment.configuration.instances}
    readers: dict[str, list[str]] = {}
    for node, ends in graph.edges.items():
        for end in ends:
            readers.setdefault(end, []).append(node)
    seen: set[str] = set()
    while pending:
        node = pending.pop()
        if node in seen:
            continue
        seen.add(node)
        if node in instances and not _is_data(node):
            yield node
        else:
            pending.extend(readers.get(node, ()))


def _is_data(address: str) -> bool:
    return address.removeprefix(f"{module_of(address)}.").startswith("data.")


def use_count(configuration: Configuration, name: str) -> int:
    """How often the module of a local value, variable or output refers to it by its name."""
    module, _, local = name.rpartition("local.") if "local." in name else name.rpartition("var.")
    kind = "local" if "local." in name else "var"
    if local == name:
        return 1  # an output, which its readers are found by
    address = module.removesuffix(".")
    for instance in configuration.modules():
        if instance.address == address:
            return _count(instance.written, kind, local.partition(".")[0].partition("[")[0])
    return 2


def _count(module: Module, kind: str, name: str) -> int:
    return sum(
        reference.kind == kind and reference.names == (name,)
        for file in module.files
        for expression in _expressions(file.body)
        for reference in references(expression)
    )


def _expressions(node: Node) -> Iterator:  # type: ignore[type-arg]
    for child in children(node):
        if isinstance(child, Attribute):
            yield child.expression
        else:
            yield from _expressions(child)
