"""The dependency graph: the order that Terraform follows, over instances.

An edge leads from what refers to what it refers to. References are the static ones of each
block's expressions (of both branches, of unused arguments, too) and `depends_on`; they go through
variables, locals, and module inputs and outputs, and reach every instance of a resource. What a
value was computed from is another thing: its provenance.

Nodes are addresses in Terraform's notation: `aws_lb.main`, `module.app["a"].aws_ecs_service.this`,
`module.app["a"].var.image`, `local.name`, `output.url`. `module.app` itself is the call's
expansion: its count, for_each and depends_on come before all that is in the module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import TYPE_CHECKING

from fglint.configuration.loader import Configuration
from fglint.configuration.module import Declaration, Placed
from fglint.configuration.scopes import ModuleCall, ModuleInstance
from fglint.configuration.walk import Found, references_in, references_of
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.references import Reference
from fglint.records import dataclass
from fglint.source import Range

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Plain adjacency: each node's place, and the nodes that it depends on, sorted."""

    places: dict[str, Range]
    edges: dict[str, tuple[str, ...]]
    _reached: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def reaches(self, start: str, end: str) -> bool:
        """Whether `start` depends on `end`, directly or not."""
        if start not in self._reached:
            self._reached[start] = frozenset(self._walk(start))
        return end in self._reached[start]

    def _walk(self, start: str) -> Iterator[str]:
        seen: set[str] = set()
        pending = list(self.edges.get(start, ()))
        while pending:
            node = pending.pop()
            if node not in seen:
                seen.add(node)
                yield node
                pending.extend(self.edges.get(node, ()))

    def cycles(self) -> list[list[str]]:
        """The strongly connected groups of more than one node, and nodes that need themselves."""
        return [sorted(group) for group in _components(self.edges) if self._is_cycle(group)]

    def _is_cycle(self, group: list[str]) -> bool:
        return len(group) > 1 or group[0] in self.edges.get(group[0], ())

    def to_networkx(self) -> networkx.DiGraph[str]:
        """The graph as a DiGraph, nodes with their `place`."""
        import networkx  # costs more than a whole check: only who draws or traces pays for it

        graph: networkx.DiGraph[str] = networkx.DiGraph()
        for node, place in self.places.items():
            graph.add_node(node, place=place)
        graph.add_edges_from((start, end) for start, ends in self.edges.items() for end in ends)
        return graph


class Ways:
    """The shortest ways between nodes of a graph, whichever of the two refers to the other."""

    def __init__(self, graph: Graph) -> None:
        self._drawn = graph.to_networkx()

    def between(self, start: str, end: str) -> tuple[str, ...]:
        """The nodes on the way, without both ends; none where they are neighbours or apart."""
        import networkx

        for one, other in ((start, end), (end, start)):
            try:
                return tuple(networkx.shortest_path(self._drawn, one, other)[1:-1])
            except (networkx.NodeNotFound, networkx.NetworkXNoPath):
                continue
        return ()


def build(configuration: Configuration) -> Graph:
    """The dependency graph of a loaded root module."""
    builder = _Builder()
    for module in configuration.modules():
        builder.module(module)
    edges = {node: tuple(sorted(ends)) for node, ends in builder.edges.items()}
    return Graph(builder.places, edges)


# Attributes by which nobody can add to a resource.
_INERT = frozenset((
    "availability_zone", "cidr_block", "dns_name", "ipv6_cidr_block", "port", "protocol", "region",
    "tags", "tags_all", "zone_id",
))  # fmt: skip


def given_to(call: ModuleCall) -> Iterator[str]:
    """The nodes that the arguments of a call refer to, those by inert attributes left out."""
    builder = _Builder()
    for each in references_of(call.declaration):
        last = next((step for step in reversed(each.reference.steps) if step is not None), None)
        if not each.ordering and last not in _INERT:
            yield from builder.targets(call.parent, each.reference)


class _Builder:
    def __init__(self) -> None:
        self.places: dict[str, Range] = {}
        self.edges: dict[str, set[str]] = {}

    def module(self, module: ModuleInstance) -> None:
        """Adds all that a module instance declares."""
        prefix = _prefix(module)
        before = self._before(module)
        for name, variable in module.written.variables.items():
            self._variable(module, name, variable)
        for name, placed in module.written.locals.items():
            self._add(f"{prefix}local.{name}", placed.range, references_in(placed), module)
        for name, output in module.written.outputs.items():
            self._add(f"{prefix}output.{name}", output.header, references_of(output), module)
        for key, declaration in module.written.resources.items():
            found = list(references_of(declaration))
            for address in self._instances(module, key):
                self._add(address, declaration.header, found, module)
                self.edges[address].update(before)
        for name in module.written.calls:
            self._call(module, name)

    def _before(self, module: ModuleInstance) -> tuple[str, ...]:
        """The calls around a module instance whose expansion or depends_on comes first."""
        found: list[str] = []
        call = module.call
        while call is not None:
            if any(call.declaration.written.get(name) for name in _EXPANSION):
                found.append(call.address)
            call = call.parent.call
        return tuple(found)

    def _variable(self, module: ModuleInstance, name: str, declaration: Declaration) -> None:
        address = f"{_prefix(module)}var.{name}"
        self._add(address, declaration.header, (), module)
        if module.call is None:
            return
        given = module.call.declaration.written.get(name)
        if given is not None:
            found = list(references_in(given))
            if any(each.reference.kind in ("each", "count") for each in found):
                found.extend(_repetition(module.call))
            self._add(address, given.range, found, module.call.parent)

    def _call(self, module: ModuleInstance, name: str) -> None:
        try:
            call = module.module_call(name)
        except EvaluationError:
            return
        found = list(references_of(call.declaration))
        if call.written is not None:  # arguments lead to variables, which have their own edges
            found = [each for each in found if each.ordering]
            found.extend(_repetition(call))
        self._add(call.address, call.declaration.header, found, module)

    def _add(
        self, address: str, place: Range, found: Iterable[Found], module: ModuleInstance
    ) -> None:
        self.places.setdefault(address, place)
        ends = self.edges.setdefault(address, set())
        for each in found:
            ends.update(self.targets(module, each.reference))
            if each.ordering and each.reference.kind == "module":
                ends.update(self._everything(module, each.reference.names[0]))

    # ---- what a reference leads to ------------------------------------------------------------

    def targets(self, module: ModuleInstance, reference: Reference) -> Iterator[str]:
        """The nodes that a reference leads to."""
        prefix, names = _prefix(module), reference.names
        match reference.kind:
            case "var" | "local":
                declared = (
                    module.written.variables if reference.kind == "var" else module.written.locals
                )
                if names[0] in declared:
                    yield f"{prefix}{reference.kind}.{names[0]}"
            case "managed" | "data":
                yield from self._instances(module, (reference.kind, *names))
            case "module" if names[0] in module.written.calls:
                try:
                    call = module.module_call(names[0])
                except EvaluationError:
                    return
                yield from _outputs(call, reference)

    def _everything(self, module: ModuleInstance, name: str) -> Iterator[str]:
        """All that a call makes, which is what depends_on waits for."""
        try:
            call = module.module_call(name)
        except EvaluationError:
            return
        yield call.address
        for instance in call.instances:
            for key in instance.written.resources:
                yield from self._instances(instance, key)
            for inner in instance.written.calls:
                yield from self._everything(instance, inner)

    def _instances(self, module: ModuleInstance, key: tuple[str, ...]) -> Iterator[str]:
        if len(key) != 3 or key not in module.written.resources or key[0] == "ephemeral":
            return
        try:
            node = module.resource_node(*key)
        except EvaluationError:
            yield _prefix(module) + module.written.resources[key].address
            return
        for instance in node.instances:
            yield instance.address


def _repetition(call: ModuleCall) -> Iterator[Found]:
    """What the count or for_each of a call refers to: each.value and count.index stand for it."""
    for argument in ("count", "for_each"):
        placed: Placed | None = call.declaration.written.get(argument)
        if placed is not None:
            yield from references_in(placed)


_EXPANSION = ("count", "for_each", "depends_on")


def _prefix(module: ModuleInstance) -> str:
    return f"{module.address}." if module.address else ""


def _outputs(call: ModuleCall, reference: Reference) -> Iterator[str]:
    """The outputs that `module.a.b`, `module.a["k"].b` and `module.a[*].b` name; else all."""
    if call.written is None:
        yield call.address
        return
    steps = reference.steps
    if call.expansion.keyed is not None and steps:
        steps = steps[1:]
    wanted = steps[0] if steps else None
    for instance in call.instances:
        for name in instance.written.outputs:
            if wanted is None or name == wanted:
                yield f"{instance.address}.output.{name}"
    if wanted is None:
        yield call.address


def _components(edges: dict[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Tarjan's strongly connected components, without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in edges:
        if root in index:
            continue
        work = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, children = work[-1]
            for child in children:
                if child not in index:
                    index[child] = low[child] = len(index)
                    stack.append(child)
                    on_stack.add(child)
                    work.append((child, iter(edges.get(child, ()))))
                    break
                if child in on_stack:
                    low[node] = min(low[node], index[child])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group: list[str] = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        group.append(member)
                        if member == node:
                            break
                    yield group
