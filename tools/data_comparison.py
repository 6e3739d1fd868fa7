"""A comparison of what fglint knows of AWS with what botocore's service models know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service_models import Models

from fglint.policy.loader import load_rules
from fglint.policy.rule import Rule, RuleSet
from fglint.syntax.nodes import Literal, Node, TupleCons, children

TOP = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Comparison:
    """Ours and theirs of one thing, as texts; `partly` where AWS has more than concerns fglint.

    `place` is where ours stands. A difference that is right has its reason in `known`; `gain` and
    `loss` say what to do about another one.
    """

    about: str
    place: str
    ours: frozenset[str]
    theirs: frozenset[str]
    known: Mapping[str, str] = field(default_factory=dict)
    partly: bool = False
    gain: str = "add it, or state why not"
    loss: str = "AWS no longer names it: take it out, or state why not"


Maker = Callable[[Models, RuleSet], Comparison]


def bundled_rules() -> RuleSet:
    """The rules of the repository."""
    return load_rules([TOP / "rules"])


def as_texts(values: Iterable[object]) -> frozenset[str]:
    """Values as texts."""
    return frozenset(str(each) for each in values)


def _nodes(rule: Rule) -> Iterator[Node]:
    """All expressions of a rule, from the top down."""
    placed = [*rule.locals.values(), *((rule.when,) if rule.when else ())]
    for each in rule.asserts:
        found = (each.condition, each.for_each)
        placed += [part for part in found if part is not None]
    pending: list[Node] = [part.node for part in placed]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(children(node))


def listed(rules: RuleSet, name: str, *values: str) -> frozenset[str]:
    """The list of strings in a rule that holds certain values; LookupError where there is none."""
    for node in _nodes(rules.rules[name]):
        if isinstance(node, TupleCons):
            texts = {item.value for item in node.items if isinstance(item, Literal)}
            if texts.issuperset(values):
                return as_texts(texts)
    raise LookupError(f"rule {name} has no list with {', '.join(values)}")


def numbers(rules: RuleSet, name: str) -> frozenset[str]:
    """The numbers in the conditions of a rule."""
    found = (node.value for node in _nodes(rules.rules[name]) if isinstance(node, Literal))
    return as_texts(each for each in found if isinstance(each, int) and not isinstance(each, bool))
