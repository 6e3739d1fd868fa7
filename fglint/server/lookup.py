"""What stands at a place of a configuration: a reference, its value, and its declaration."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.configuration.expansion import RepeatScope
from fglint.configuration.loader import Configuration
from fglint.configuration.locate import Search
from fglint.configuration.module import Placed
from fglint.configuration.place import Place
from fglint.configuration.scopes import ModuleInstance
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import origins_of
from fglint.evaluation.references import Reference, references
from fglint.evaluation.scope import Scope
from fglint.policy.notation import lines
from fglint.records import dataclass
from fglint.source import Range
from fglint.syntax.nodes import Attribute, Block, Body

MAXIMUM_SCOPES = 3  # instances whose values are shown
MAXIMUM_LINES = 30  # of one value


@dataclass(frozen=True, slots=True, eq=False)
class Pointed:
    """A reference, the module instances that it stands in, and the top-level block around it."""

    reference: Reference
    body: Body
    block: Block
    modules: tuple[ModuleInstance, ...]

    @property
    def placed(self) -> Placed:
        """The whole traversal."""
        return Placed(self.reference.node, self.body.source)

    @property
    def range(self) -> Range:
        """Where the reference stands."""
        return self.placed.range


def pointed(configuration: Configuration, path: str, offset: int) -> Pointed | None:
    """The reference at an offset of a file, which is named as reports print it."""
    modules = [
        module
        for module in configuration.modules()
        if any(file.source.path == path for file in module.written.files)
    ]
    for file in modules[0].written.files if modules else ():
        if file.source.path != path:
            continue
        for block in file.body.blocks:
            attribute = _attribute(block.body, offset)
            if attribute is None:
                continue
            for reference in references(attribute.expression):
                if reference.node.start <= offset <= reference.node.end:
                    return Pointed(reference, file.body, block, tuple(modules))
    return None


def _attribute(body: Body, offset: int) -> Attribute | None:
    for attribute in body.attributes.values():
        if attribute.expression.start <= offset <= attribute.expression.end:
            return attribute
    for block in body.blocks:
        if block.start <= offset <= block.end:
            return _attribute(block.body, offset)
    return None


# ---- the declaration --------------------------------------------------------------------------


def definition(found: Pointed) -> Range | None:
    """Where what is referred to is declared: an output where a member of a module is read."""
    module, reference = found.modules[0], found.reference
    written, name = module.written, reference.names[0]
    match reference.kind:
        case "var" if name in written.variables:
            return written.variables[name].header
        case "local" if name in written.local_places:
            return written.local_places[name]
        case "module" if name in written.calls:
            return _output(module, reference) or written.calls[name].header
        case "managed" | "data":
            declaration = written.resources.get((reference.kind, *reference.names[:2]))  # type: ignore[arg-type]  # a key is a triple
            return None if declaration is None else declaration.header
        case "each" | "count":
            placed = found.block.body.attributes.get(
                "count" if reference.kind == "count" else "for_each"
            )
            return None if placed is None else found.body.range(placed)
        case _:
            return None


def _output(module: ModuleInstance, reference: Reference) -> Range | None:
    step = next((step for step in reference.steps if isinstance(step, str)), None)
    for instance in module.module_call(reference.names[0]).instances:
        # With for_each the first step is the key, the output is the next.
        for name in (step, *(each for each in reference.steps if isinstance(each, str))):
            output = instance.written.outputs.get(name or "")
            if output is not None:
                return output.header
    return None


# ---- the value --------------------------------------------------------------------------------


def values(found: Pointed) -> Iterator[str]:
    """The value of a reference in Markdown, once for each different one, and its origin."""
    shown: dict[str, None] = {}
    for scope in _scopes(found):
        shown.setdefault(_value(found.placed, scope))
    texts = list(shown)
    yield from texts[:MAXIMUM_SCOPES]
    if len(texts) > MAXIMUM_SCOPES:
        yield f"and {len(texts) - MAXIMUM_SCOPES} more values in other instances"


def _scopes(found: Pointed) -> Iterator[Scope]:
    """The scopes that the reference is evaluated in: one for each instance of its block."""
    for module in found.modules:
        expansion = None
        try:
            if found.block.type in ("resource", "data") and len(found.block.labels) == 2:
                mode = "managed" if found.block.type == "resource" else "data"
                names = found.block.label(0), found.block.label(1)
                node = module.resource_node(mode, *names)
                expansion, written = node.expansion, node.declaration.written
            elif found.block.type == "module":
                call = module.module_call(found.block.label(0))
                expansion, written = call.expansion, call.declaration.written
        except EvaluationError:
            pass  # a diagnostic says so; names of the module still have values
        if expansion is None:
            yield module
            continue
        for repetition in expansion.repetitions:
            each = written.get("for_each")
            yield RepeatScope(module, repetition, expansion.keyed, for_each=each)


def _value(placed: Placed, scope: Scope) -> str:
    place = Place(placed, scope)
    module = scope
    while isinstance(module, RepeatScope):
        module = module.outer
    assert isinstance(module, ModuleInstance)
    try:
        value = module.session.evaluate(placed, scope)
    except EvaluationError as error:
        return f"{error.summary}. {error.detail}".strip()
    text = list(lines(value))
    if len(text) > MAXIMUM_LINES:
        text = [*text[:MAXIMUM_LINES], "# …"]
    text += [f"# {cause}" for cause in dict.fromkeys(each.cause for each in origins_of(value))]
    search = Search()
    at = search.find(place, ())
    if at.source is not placed.source or at.start != placed.node.start:
        way = f", through {', '.join(search.through)}" if len(search.through) > 1 else ""
        text.append(f"# written at {at}{way}")
    return "\n".join(("```terraform", *text, "```"))
