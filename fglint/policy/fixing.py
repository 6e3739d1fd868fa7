"""Makes the fix of a finding: what a rule wants changed becomes edits of the user's files.

Nothing is guessed: where the text that has to change is not written out, lies in a module that is
not the user's, or stands in a file of JSON, the fix says so and has no edits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from fglint.evaluation.values import (
    ListValue,
    MapValue,
    ObjectValue,
    SetValue,
    TupleValue,
    Value,
    plain,
)
from fglint.finding import Fix
from fglint.model.deployment import Deployment
from fglint.model.entity import Entity
from fglint.model.written import Written
from fglint.policy.addition import Addition
from fglint.policy.aiming import Target
from fglint.policy.changing import Change
from fglint.policy.evidence import entities_on, range_of
from fglint.policy.rule import EXPRESSIONS, Assert, FixStatement, FixStep
from fglint.policy.scope import RuleContext, SubjectScope
from fglint.policy.spelling import Spelling, module_of
from fglint.syntax.members import CannotEditError
from fglint.syntax.writing import NewBlock


def fix_of(statement: Assert, scope: SubjectScope) -> Fix | None:
    """The fix of a failed assert: the first that can be made; None where there is none for it."""
    context = scope.context
    if not isinstance(context, RuleContext) or context.deployment is None:
        return None
    refused: Fix | None = None
    snippets: list[str] = []
    for fix in statement.fixes:
        if fix.when is not None and plain(_evaluated(fix.when.node, scope)) is not True:
            continue
        maker = _Maker(context.deployment, scope, fix)
        try:
            made = maker.make()
        except CannotEditError as error:
            made = Fix(fix.safety, refusal=str(error))
        if fix.safety == "manual":
            snippets.append(made.snippet)
        elif made.edits:
            return made
        else:
            refused = made  # the last has the most to say: those before it did not fit either
    snippet = "\n\n".join(filter(None, snippets))
    if refused is not None:
        return replace(refused, snippet=snippet)
    return Fix("manual", snippet=snippet) if snippet else None


def _evaluated(node: object, scope: SubjectScope) -> Value:
    return scope.rule.compiler.evaluate(node, scope)  # type: ignore[arg-type]


class _Maker:
    """Makes all steps of one fix."""

    def __init__(self, deployment: Deployment, scope: SubjectScope, fix: FixStatement) -> None:
        self.deployment = deployment
        self.scope = scope
        self.fix = fix
        self.change = Change(deployment)
        self.snippets: list[str] = []
        self.created: dict[str, str] = {}  # what was added last, by module

    def make(self) -> Fix:
        """The fix; CannotEditError where the text does not allow it."""
        for step in self.fix.steps:
            if "create" in step.operations:
                self._create(step)
                continue
            for target in self._targets(step):
                self._apply(step, target)
        change = self.change
        edits = () if self.fix.safety == "manual" else change.edits()
        return Fix(
            self.fix.safety,
            edits,
            targets=frozenset(change.targets),
            affects=frozenset(change.affects),
            snippet="\n\n".join(self.snippets),
        )

    # ---- what is changed ----------------------------------------------------------------------

    def _targets(self, step: FixStep) -> list[Target]:
        """What is changed: the places, and the entities that they belong to."""
        scope, placed = self.scope, step.of
        if placed is None:
            return [_whole(scope.subject)]
        value = plain(_evaluated(placed.node, scope))
        if isinstance(value, (TupleValue, ListValue)):
            return [_whole(each) for each in map(plain, value.items) if isinstance(each, Entity)]
        entities = list(entities_on(placed.node, scope))
        if entities and value is entities[0] and not EXPRESSIONS & step.operations.keys():
            found = _whole(entities[0])
            return [Target(found.place, entities[0], frozenset(each.address for each in entities))]
        place = range_of(placed.node, scope)
        if place is None or not entities:
            raise CannotEditError("what has to change is not written in the configuration")
        return [Target(place, entities[0], frozenset(each.address for each in entities))]

    def _apply(self, step: FixStep, target: Target) -> None:
        change, operations = self.change, step.operations
        change.aim(target)
        module = change.module_at(target)
        spelling = Spelling(
            self.deployment,
            module,
            target.entity,
            new=self.created.get(module, ""),
            lenient=self.fix.safety == "manual",
        )
        text = spelling.text
        for name, placed in operations.items():
            value = _evaluated(placed.node, self.scope)
            match name:
                case "set":
                    change.assign({key: text(item, key) for key, item in _members(value)})
                case "append":
                    for key, items in _members(value):
                        change.append(key, [text(item, key) for item in _items(items)])
                case "remove":
                    change.remove([str(plain(item)) for item in _items(value)])
                case "rename":
                    change.rename({key: str(plain(new)) for key, new in _members(value)})
                case "add":
                    for block in _blocks(value, text):
                        self._add(block, target.entity)
                case "drop":
                    change.drop()
                case "retype":
                    change.retype(str(plain(value)))
                case "await":
                    change.wait(
                        [each for each in map(plain, _items(value)) if isinstance(each, Entity)]
                    )
                case "enclose":
                    change.enclose()
                case "unwrap":
                    change.unwrap()
                case "replace":
                    change.replace(text(value, "it"))
                case "refer":
                    change.refer({key: str(plain(new)) for key, new in _members(value)})
                case "lengthen":
                    change.lengthen(str(plain(value)))

    def _add(self, block: NewBlock, entity: Entity) -> None:
        if self.fix.safety == "manual":
            self.snippets.append(f"# in {entity.address}:\n{block.text()}")
        else:
            self.change.add(block)

    # ---- what is added ------------------------------------------------------------------------

    def _create(self, step: FixStep) -> None:
        """Adds a resource or data source behind the entity that it belongs to."""
        entity = next(iter(self._targets(step))).entity
        wanted = str(plain(_evaluated(step.operations["create"].node, self.scope)))
        addition = Addition(self.deployment, entity, wanted)
        module = module_of(entity.address)
        lenient = self.fix.safety == "manual"
        spelling = Spelling(
            self.deployment, module, entity, repeated=addition.repeated, lenient=lenient
        )
        arguments = list(addition.repetition)
        if "set" in step.operations:
            value = _evaluated(step.operations["set"].node, self.scope)
            arguments += [(key, spelling.text(item, key)) for key, item in _members(value)]
        blocks: list[NewBlock] = []
        if "add" in step.operations:
            blocks += _blocks(_evaluated(step.operations["add"].node, self.scope), spelling.text)
        block = NewBlock(addition.header, tuple(arguments), tuple(blocks))
        self.created[module] = addition.address
        self.snippets.append(block.text())
        if self.fix.safety != "manual":
            self.change.create(entity, block)


def _whole(entity: Entity) -> Target:
    place = entity.place()
    if place is None:
        raise CannotEditError(f"{entity} lies outside the configuration")
    return Target(place, entity, frozenset({entity.address}))


# ---- values -----------------------------------------------------------------------------------


def _blocks(value: Value, text: Callable[[Value, str], str]) -> Iterator[NewBlock]:
    """Blocks by their types; several of one type as a list, objects in them are blocks, too."""
    for type_, written in _members(value):
        bare = plain(written)
        several = bare.items if isinstance(bare, (TupleValue, ListValue)) else (bare,)
        for each in several:
            members = _members(each)
            inner = [(key, item) for key, item in members if _is_block(item)]
            arguments = [(key, text(item, key)) for key, item in members if not _is_block(item)]
            nested = _blocks(ObjectValue(dict(inner)), text)
            yield NewBlock(type_, tuple(arguments), tuple(nested))


def _is_block(value: Value) -> bool:
    bare = plain(value)
    if isinstance(bare, (TupleValue, ListValue)):
        return any(_is_block(item) for item in bare.items)
    return isinstance(bare, (ObjectValue, MapValue)) and not isinstance(bare, Written)


def _members(value: Value) -> list[tuple[str, Value]]:
    known = plain(value)
    if isinstance(known, (ObjectValue, MapValue)):
        return list(known.items.items())
    raise CannotEditError("what has to be written is not known")


def _items(value: Value) -> tuple[Value, ...]:
    known = plain(value)
    if isinstance(known, (TupleValue, ListValue, SetValue)):
        return tuple(known.items)
    raise CannotEditError("what has to be written is not known")
