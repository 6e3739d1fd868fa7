"""Edits of native syntax: arguments, members, elements, blocks, as terraform fmt leaves them.

An `Editor` collects what becomes different in one file and gives it back as edits of whole lines.
Where neighbouring lines were aligned they are aligned again; what was not is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from difflib import SequenceMatcher

from fglint.records import dataclass
from fglint.source import SourceFile
from fglint.syntax.alignment import Edit, applied, misaligned, window
from fglint.syntax.items import extended, listed
from fglint.syntax.layout import Layout
from fglint.syntax.members import (
    AT_THE_END,
    LAST,
    CannotEditError,
    Container,
    NotWrittenHereError,
    bare,
    closing_part,
    expression_of,
    inner_of,
    is_constant,
    key_like,
    last_argument,
    like,
    separator_like,
)
from fglint.syntax.nodes import Block, Expression, GetAttr, Node, ObjectCons, TupleCons
from fglint.syntax.removal import without_block, without_item, without_lines
from fglint.syntax.writing import NewBlock


@dataclass(eq=False)
class Editor:
    """Edits of one file. Names may lead down: "lifecycle.ignore_changes"."""

    source: SourceFile
    _edits: list[Edit] = field(default_factory=list)
    _made: dict[tuple[int, str], list[tuple[str, str]]] = field(default_factory=dict)
    _makers: dict[tuple[int, str], Block] = field(default_factory=dict)
    _renamed: dict[tuple[int, str], str] = field(default_factory=dict)
    _extended: dict[int, tuple[ObjectCons | TupleCons, list[str]]] = field(default_factory=dict)
    layout: Layout = field(init=False)

    def __post_init__(self) -> None:
        self.layout = Layout(self.source)

    # ---- what can be asked for ----------------------------------------------------------------

    def assign(self, container: Container, name: str, value: str) -> None:
        """Gives an argument or member a value; one that is there is replaced if it is constant."""
        owner, name, missing = self._owner(container, name)
        if missing:
            self._set_in_new(owner, missing, name, value)
            return
        known = expression_of(owner, self._renamed.get((id(owner), name), name))
        if known is None:
            self._add(owner, name, value)
        elif not is_constant(known):
            raise NotWrittenHereError(
                f"{name} is {self._quoted(known)}: change the value at its source"
            )
        else:
            self.replace(known, like(known, value))

    def append(self, container: Container, name: str, elements: Sequence[str]) -> None:
        """Adds elements to a list that is written out, which is made where there is none."""
        owner, last, missing = self._owner(container, name)
        known = None if missing else expression_of(owner, last)
        if known is None:
            self.assign(container, name, listed(self.layout, len(f"  {last} = "), elements))
            return
        known = bare(known)
        if not isinstance(known, TupleCons):
            raise CannotEditError(
                f"{name} is {self._quoted(known)} and no list that is written out"
            )
        present = {"".join(self._text(item).split()) for item in known.items}
        new = [each for each in elements if "".join(each.split()) not in present]
        if new:
            self._extend(known, new)

    def remove(self, container: Container, name: str) -> None:
        """Takes an argument, a member, or all blocks of a name out."""
        owner, name, missing = self._owner(container, name)
        if missing:
            raise CannotEditError(f"there is no {name}")
        if isinstance(owner, ObjectCons):
            self._edits += without_item(self.layout, owner, name)
            return
        attribute = owner.body.attributes.get(name)
        dynamic = [each for each in owner.body.blocks_of("dynamic") if each.label(0) == name]
        found: list[Node] = [*owner.body.blocks_of(name), *dynamic]
        found += [] if attribute is None else [attribute]
        if not found:
            raise CannotEditError(f"there is no {name} in the {owner.type} block itself")
        self._edits += (without_lines(self.layout, owner, node) for node in found)

    def rename(self, container: Container, old: str, new: str) -> None:
        """Gives an argument another name; what is assigned to that one replaces its value."""
        attribute = (
            None if isinstance(container, ObjectCons) else container.body.attributes.get(old)
        )
        if attribute is None:
            raise CannotEditError(f"there is no {old}")
        self._edits.append(Edit(attribute.start, attribute.name_end, new))
        self._renamed[id(container), new] = old

    def enclose(self, node: Expression) -> None:
        """Puts an expression into brackets: the list of it alone."""
        self._edits += (Edit(node.start, node.start, "["), Edit(node.end, node.end, "]"))

    def unwrap(self, node: Expression) -> None:
        """Takes the brackets around the one element of a list away."""
        inner = bare(node)
        if not isinstance(inner, TupleCons) or len(inner.items) != 1:
            raise CannotEditError(f"{self._quoted(node)} is no list of one element")
        self.replace(inner, self._text(inner.items[0]))

    def replace(self, node: Node, text: str) -> None:
        """Puts another text in the place of an expression."""
        indent = self.layout.indent(node.start)
        self._edits.append(Edit(node.start, node.end, self.layout.indented(text, indent)))

    def put(self, start: int, end: int, text: str) -> None:
        """Puts another text in the place of a part, whatever that is."""
        self._edits.append(Edit(start, end, text))

    def refer(self, node: GetAttr, name: str) -> None:
        """Lets a reference end in another attribute."""
        self._edits.append(Edit(node.end - len(node.name), node.end, name))

    def lengthen(self, node: Expression, text: str) -> None:
        """Adds to the end of a quoted string, or makes one of a reference."""
        written = self._text(node)
        if written.startswith('"') and written.endswith('"'):
            self._edits.append(Edit(node.end - 1, node.end - 1, text))
        elif "\n" not in written and not written.startswith("<<"):
            self._edits += (
                Edit(node.start, node.start, '"${'),
                Edit(node.end, node.end, f'}}{text}"'),
            )
        else:
            raise CannotEditError(f"{self._quoted(node)} is no text on one line")

    def relabel(self, block: Block, index: int, text: str) -> None:
        """Gives a block another label."""
        label = block.labels[index]
        self._edits.append(Edit(label.start, label.end, f'"{text}"'))

    def add_block(self, owner: Block, block: NewBlock) -> None:
        """Adds a nested block: behind the last of its type, else at the end."""
        text = block.text(self.layout.unit)
        others = list(owner.body.blocks_of(block.header))
        if not others or self.layout.is_on_one_line(owner):
            self._nest(owner, text.split("\n"))
            return
        indent = self.layout.indent(others[-1].start)
        lines = indent + self.layout.indented(text, indent)
        newline = self.layout.newline
        gap = newline if "\n" in text else ""
        self._insert_line(self.layout.line_end(others[-1].end), f"{gap}{lines}{newline}")

    def insert_after(self, block: Block, new: NewBlock) -> None:
        """Adds a top-level block behind another, with a blank line on both sides."""
        layout, newline = self.layout, self.layout.newline
        text = layout.indented(new.text(layout.unit), "")
        at = layout.line_end(block.end)
        following = layout.text[at : layout.line_end(at)].strip()
        self._insert_line(at, f"{newline}{text}{newline}{newline if following else ''}")

    def drop(self, block: Block) -> None:
        """Takes a top-level block out."""
        self._edits.append(without_block(self.layout, block))

    def edits(self) -> tuple[Edit, ...]:
        """All edits, as replacements of whole lines, in the order of the text."""
        for key, arguments in self._made.items():
            block = NewBlock(key[1], tuple(arguments))
            self._nest(self._makers[key], block.text(self.layout.unit).split("\n"))
        for node, new in self._extended.values():
            self._edits += extended(self.layout, node, new)
        self._made.clear()
        self._extended.clear()
        if not self._edits:
            return ()
        first, last = min(e.start for e in self._edits), max(e.end for e in self._edits)
        begin, end = window(self.source.text, first, last)
        text = self.source.text[begin:end]
        edits = [Edit(e.start - begin, e.end - begin, e.text) for e in self._edits]
        before, after = _touched(text, edits)
        changed = applied(text, edits)
        if not misaligned(text, before):
            changed = applied(changed, misaligned(changed, after))
        found = _differences(text, changed)
        return tuple(Edit(e.start + begin, e.end + begin, e.text) for e in found)

    # ---- finding what is meant ----------------------------------------------------------------

    def _owner(self, container: Container, name: str) -> tuple[Container, str, list[str]]:
        """What holds a name; the names of the parts between them that are missing."""
        *parts, last = name.split(".")
        for index, part in enumerate(parts):
            inner = inner_of(container, part)
            if inner is None:
                missing = parts[index:]
                if len(missing) > 1 and isinstance(container, Block):
                    raise CannotEditError(f"there is no {part}")
                return container, last, missing
            container = inner
        return container, last, []

    def _text(self, node: Node) -> str:
        return self.source.text[node.start : node.end]

    def _quoted(self, node: Node) -> str:
        text = " ".join(self._text(node).split())
        return text if len(text) <= 40 else f"{text[:39]}…"

    # ---- arguments and members ----------------------------------------------------------------

    def _set_in_new(self, owner: Container, parts: list[str], name: str, value: str) -> None:
        if isinstance(owner, ObjectCons):
            for each in (name, *reversed(parts[1:])):
                value = f"{{ {key_like(each, owner, self.source)} = {value} }}"
            self._add(owner, parts[0], value)
            return
        key = (id(owner), parts[0])
        self._makers[key] = owner
        self._made.setdefault(key, []).append((name, value))

    def _add(self, owner: Container, name: str, value: str) -> None:
        if isinstance(owner, ObjectCons):
            self._add_item(owner, name, value)
        else:
            self._add_argument(owner, name, value)

    def _add_argument(self, block: Block, name: str, value: str) -> None:
        lines = f"{name} = {value}".split("\n")
        layout = self.layout
        if layout.is_on_one_line(block):
            self._unfold(block, lines)
        elif name in AT_THE_END:
            self._at_the_end(block, lines)
        else:
            last = last_argument(block, self.source)
            at = layout.line_end(layout.opening(block) if last is None else last.end)
            gap = layout.newline if last is None and block.body.blocks else ""
            indent = layout.inner_indent(block) if last is None else layout.indent(last.start)
            text = indent + layout.indented("\n".join(lines), indent)
            self._insert_line(at, f"{text}{layout.newline}{gap}")

    def _nest(self, owner: Block, lines: Sequence[str]) -> None:
        """Puts a block at the end of another."""
        if self.layout.is_on_one_line(owner):
            self._unfold(owner, lines)
        else:
            self._at_the_end(owner, lines)

    def _at_the_end(self, block: Block, lines: Sequence[str]) -> None:
        """Puts lines before the closing brace, or before what belongs there, with blank lines."""
        layout = self.layout
        at = layout.line_start(block.end)
        if layout.text[at : block.end].strip() != "}":
            raise CannotEditError(f"the {block.type} block ends on the line of its last argument")
        closing = at
        if lines[0].split()[0] not in LAST:
            at = layout.above(closing_part(block), at)
        has_content = layout.text[layout.opening(block) + 1 : at].strip()
        above = [""] if has_content and layout.line_before(at).strip() else []
        below = [""] if at < closing else []
        indent = layout.inner_indent(block)
        whole = (*above, *lines, *below)
        written = (f"{indent if line else ''}{line}{layout.newline}" for line in whole)
        self._insert_line(at, "".join(written))

    def _unfold(self, block: Block, lines: Sequence[str]) -> None:
        """Spreads a block of one line over several."""
        layout = self.layout
        opening, indent = layout.opening(block), layout.indent(block.start)
        held = layout.text[opening + 1 : block.end - 1].strip()
        all_lines = [*([held] if held else []), *lines]
        text = "".join(f"{layout.newline}{indent}{layout.unit}{line}" for line in all_lines)
        self._edits.append(Edit(opening + 1, block.end - 1, f"{text}{layout.newline}{indent}"))

    def _add_item(self, node: ObjectCons, name: str, value: str) -> None:
        key, between = key_like(name, node, self.source), separator_like(node, self.source)
        self._extend(node, [f"{key}{between}{value}"])

    def _extend(self, node: ObjectCons | TupleCons, new: Sequence[str]) -> None:
        """Notes what is put behind the last item: all of it becomes one edit."""
        self._extended.setdefault(id(node), (node, []))[1].extend(new)

    # ---- lines --------------------------------------------------------------------------------

    def _insert_line(self, at: int, text: str) -> None:
        missing = at > 0 and self.source.text[at - 1] != "\n"
        self._edits.append(Edit(at, at, f"{self.layout.newline if missing else ''}{text}"))


def _touched(whole: str, edits: Sequence[Edit]) -> tuple[set[int], set[int]]:
    """The lines that edits of a text touch and those beside them, before and after."""
    before: set[int] = set()
    after: set[int] = set()
    source, changed = SourceFile("", whole), SourceFile("", applied(whole, edits))
    moved = 0
    for start, end, text in sorted(edits, key=lambda each: (each.start, each.end)):
        old = source.position(start).line, source.position(end).line
        new = (
            changed.position(start + moved).line,
            changed.position(start + moved + len(text)).line,
        )
        before.update(range(old[0] - 1, old[1] + 2))
        after.update(range(new[0] - 1, new[1] + 2))
        moved += len(text) - (end - start)
    return before, after


def _differences(old: str, new: str) -> list[Edit]:
    """The lines that differ."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    olds, news = before[head : len(before) - tail], after[head : len(after) - tail]
    starts = [sum(map(len, before[:head]))]
    for line in olds:
        starts.append(starts[-1] + len(line))
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    return [
        Edit(starts[a], starts[b], "".join(news[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]
