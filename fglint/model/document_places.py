"""Where the parts of a policy document are written when a data source renders it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fglint.configuration.instance import Instance, Path
from fglint.evaluation.inspection import is_null
from fglint.evaluation.references import references
from fglint.model.links import Links
from fglint.model.reading import Node, root
from fglint.source import Range
from fglint.syntax.nodes import Call

DATA = "aws_iam_policy_document"
_ARGUMENTS: dict[object, Path] = {
    "Sid": ("sid",),
    "Effect": ("effect",),
    "Action": ("actions",),
    "NotAction": ("not_actions",),
    "Resource": ("resources",),
    "NotResource": ("not_resources",),
    "Principal": ("principals", 0, "identifiers"),
    "NotPrincipal": ("not_principals", 0, "identifiers"),
    "Condition": ("condition", 0),
}
# Functions that take the document out of a list of one: join("", data.X.a.*.json).
_OF_ONE = frozenset({"join", "one"})
_SOURCES = (
    "source_policy_documents", "override_policy_documents", "source_json", "override_json",
)  # fmt: skip


def rendered(links: Links, node: Node) -> Node:
    """The node of a document; its places are those in the data source that renders it.

    Where the data source merges others into its own, they stay where the document is used.
    """
    found = rendering(links, node)
    if found is None:
        return node
    held = replace(node.instance, locate=_mapped(found, node.instance.locate, node.path))
    return Node(held, node.value, node.path)


def rendering(links: Links, node: Node) -> Instance | None:
    """The data source whose statements are a document; None where none is, or it merges others."""
    trail = node.instance.trail(node.path)
    if trail is None:
        return None
    written = trail.node
    if isinstance(written, Call) and written.name in _OF_ONE and written.arguments:
        written = written.arguments[-1]
    named = list(references(written))
    if len(named) != 1 or named[0].node is not written or named[0].names[0] != DATA:
        return None
    (reference,) = named
    keys = [step for step in reference.steps if step is not None]
    if reference.kind != "data" or not keys or keys[-1] != "json" or len(keys) > 2:
        return None
    key = "" if len(keys) == 1 else f'["{keys[0]}"]' if isinstance(keys[0], str) else f"[{keys[0]}]"
    module = trail.place.module_address
    address = f"{module}." if module else ""
    name = f"{address}data.{DATA}.{reference.names[1]}{key}"
    instance = links.by_address.get(name)
    if instance is None and written is not trail.node:
        instance = links.by_address.get(f"{name}[0]")
    if instance is None:
        return None
    whole = root(instance)
    merged = any(not is_null(whole.get(name).value) for name in _SOURCES)
    return None if merged else instance


def _mapped(
    data: Instance, outer: Callable[[Path], Range], prefix: Path
) -> Callable[[Path], Range]:
    def locate(path: Path) -> Range:
        inner = path[len(prefix) :]
        if len(inner) < 2 or inner[0] != "Statement":
            return outer(prefix)
        index = inner[1] if isinstance(inner[1], int) else 0
        member = inner[2] if isinstance(inner[1], int) and len(inner) > 2 else inner[1]
        return data.locate(("statement", index, *_ARGUMENTS.get(member, ())))

    return locate
