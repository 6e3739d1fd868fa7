"""Edits of native syntax: arguments, members and elements, formatted as terraform fmt leaves them.

An `Editor` collects what becomes different in one file and gives it back as edits of whole lines.
Where neighbouring lines were aligned they are aligned again; what was not is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import field
from difflib import SequenceMatcher

from fglint.records import dataclass
from fglint.source import SourceFile
from fglint.syntax.alignment import Edit, applied, misaligned
from fglint.syntax.members import (
    AT_THE_END,
    CannotEditError,
    Container,
    bare,
    expression_of,
    index_of,
    inner_of,
    is_constant,
    key_like,
    last_argument,
    separator_like,
)
from fglint.syntax.nodes import Block, Expression, Node, ObjectCons, TupleCons

_INDENT = "  "
_COMMA = re.compile(r"[ \t]*,")


@dataclass(eq=False)
class Editor:
    """Edits of one file. Names may lead down: "lifecycle.ignore_changes"."""

    source: SourceFile
    _edits: list[Edit] = field(default_factory=list)
    _made: dict[tuple[int, str], list[str]] = field(default_factory=dict)  # blocks to be made
    _makers: dict[tuple[int, str], Block] = field(default_factory=dict)

    # ---- what can be asked for ----------------------------------------------------------------

    def assign(self, container: Container, name: str, value: str) -> None:
        """Gives an argument or member a value; one that is there is replaced if it is constant."""
        owner, name, missing = self._owner(container, name)
        if missing:
            self._set_in_new(owner, missing, name, value)
            return
        known = expression_of(owner, name)
        if known is None:
            self._add(owner, name, value)
        else:
            self._replace(known, name, value)

    def append(self, container: Container, name: str, elements: Sequence[str]) -> None:
        """Adds elements to a list that is written out, which is made where there is none."""
        owner, last, missing = self._owner(container, name)
        known = None if missing else expression_of(owner, last)
        if known is None:
            self.assign(container, name, f"[{', '.join(elements)}]")
            return
        known = bare(known)
        if not isinstance(known, TupleCons):
            raise CannotEditError(
                f"{name} is {self._quoted(known)} and no list that is written out"
            )
        present = {self._text(item) for item in known.items}
        new = [each for each in elements if each not in present]
        if new:
            self._extend(known, new)

    def remove(self, container: Container, name: str) -> None:
        """Takes an argument, a member, or all blocks of a name out."""
        owner, name, missing = self._owner(container, name)
        if missing:
            raise CannotEditError(f"there is no {name}")
        if isinstance(owner, ObjectCons):
            self._remove_item(owner, name)
            return
        attribute = owner.body.attributes.get(name)
        dynamic = [each for each in owner.body.blocks_of("dynamic") if each.label(0) == name]
        found: list[Node] = [*owner.body.blocks_of(name), *dynamic]
        found += [] if attribute is None else [attribute]
        if not found:
            raise CannotEditError(f"there is no {name} in the {owner.type} block itself")
        for node in found:
            self._remove_lines(owner, node)

    def enclose(self, node: Expression) -> None:
        """Puts an expression into brackets: the list of it alone."""
        self._edits += (Edit(node.start, node.start, "["), Edit(node.end, node.end, "]"))

    def edits(self) -> tuple[Edit, ...]:
        """All edits, as replacements of whole lines, in the order of the text."""
        for key, lines in self._made.items():
            self._make_block(self._makers[key], key[1], lines)
        text = self.source.text
        before, after = self._touched()
        changed = applied(text, self._edits)
        if not misaligned(text, before):
            changed = applied(changed, misaligned(changed, after))
        return tuple(_differences(text, changed))

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

    def _replace(self, known: Expression, name: str, value: str) -> None:
        if not is_constant(known):
            raise CannotEditError(
                f"{name} is {self._quoted(known)}: change the value at its source"
            )
        self._edits.append(Edit(known.start, known.end, value))

    def _set_in_new(self, owner: Container, parts: list[str], name: str, value: str) -> None:
        if isinstance(owner, ObjectCons):
            for each in (name, *reversed(parts[1:])):
                value = f"{{ {key_like(each, owner, self.source)} = {value} }}"
            self._add(owner, parts[0], value)
            return
        key = (id(owner), parts[0])
        self._makers[key] = owner
        self._made.setdefault(key, []).append(f"{name} = {value}")

    def _add(self, owner: Container, name: str, value: str) -> None:
        if isinstance(owner, ObjectCons):
            self._add_item(owner, name, value)
        else:
            self._add_argument(owner, name, value)

    def _add_argument(self, block: Block, name: str, value: str) -> None:
        line = f"{name} = {value}"
        opening = self._opening(block)
        if "\n" not in self.source.text[opening : block.end]:
            self._unfold(block, [line])
        elif name in AT_THE_END:
            self._at_the_end(block, [line])
        else:
            last = last_argument(block, self.source)
            at = self._line_end(opening if last is None else last.end)
            gap = self._newline if last is None and block.body.blocks else ""
            indent = self._inner_indent(block) if last is None else self._indent(last.start)
            self._insert_line(at, f"{indent}{line}{self._newline}{gap}")

    def _make_block(self, owner: Block, type_: str, lines: Sequence[str]) -> None:
        inner = [f"{_INDENT}{line}" for line in lines]
        whole = [f"{type_} {{", *inner, "}"]
        if "\n" not in self.source.text[self._opening(owner) : owner.end]:
            self._unfold(owner, whole)
        else:
            self._at_the_end(owner, whole)

    def _at_the_end(self, block: Block, lines: Sequence[str]) -> None:
        """Puts lines before the closing brace, with a blank one above them."""
        at = self._line_start(block.end)
        if self.source.text[at : block.end].strip() != "}":
            raise CannotEditError(f"the {block.type} block ends on the line of its last argument")
        has_content = block.body.attributes or block.body.blocks
        above = [""] if has_content and self._line_before(at).strip() else []
        indent = self._inner_indent(block)
        self._insert_line(
            at,
            "".join(f"{indent if line else ''}{line}{self._newline}" for line in (*above, *lines)),
        )

    def _unfold(self, block: Block, lines: Sequence[str]) -> None:
        """Spreads a block of one line over several."""
        opening, indent = self._opening(block), self._indent(block.start)
        held = self.source.text[opening + 1 : block.end - 1].strip()
        all_lines = [*([held] if held else []), *lines]
        text = "".join(f"{self._newline}{indent}{_INDENT}{line}" for line in all_lines)
        self._edits.append(Edit(opening + 1, block.end - 1, f"{text}{self._newline}{indent}"))

    def _add_item(self, node: ObjectCons, name: str, value: str) -> None:
        item = f"{key_like(name, node, self.source)}{separator_like(node, self.source)}{value}"
        text = self.source.text
        if not node.items:
            if text[node.start + 1 : node.end - 1].strip():
                raise CannotEditError("the object holds a comment alone")
            self._edits.append(Edit(node.start, node.end, f"{{ {item} }}"))
        else:
            self._extend(node, [item])

    def _extend(self, node: ObjectCons | TupleCons, new: Sequence[str]) -> None:
        """Puts items behind the last one, on lines of their own where the others have such."""
        text = self.source.text
        if not node.items:
            self._edits.append(Edit(node.start, node.end, f"[{', '.join(new)}]"))
            return
        last = node.items[-1]
        comma = _COMMA.match(text, last.end)
        end = comma.end() if comma else last.end
        own_line = not text[self._line_start(last.start) : last.start].strip()
        closes = "\n" not in text[last.end : node.end]
        if not own_line or closes:
            self._edits.append(Edit(end, end, f"{'' if comma else ','} {', '.join(new)}"))
            return
        needs = isinstance(node, TupleCons) or self._has_commas(node)
        if needs and comma is None:
            self._edits.append(Edit(last.end, last.end, ","))
        indent = self._indent(last.start)
        joined = f"{',' if needs else ''}{self._newline}{indent}".join(new)
        tail = "," if comma else ""
        self._insert_line(self._line_end(end), f"{indent}{joined}{tail}{self._newline}")

    def _has_commas(self, node: ObjectCons) -> bool:
        return any(_COMMA.match(self.source.text, item.end) for item in node.items)

    # ---- taking out ---------------------------------------------------------------------------

    def _remove_item(self, node: ObjectCons, name: str) -> None:
        index = index_of(node, name)
        if index is None:
            raise CannotEditError(f"there is no {name} in the object that is written out")
        text, item = self.source.text, node.items[index]
        comma = _COMMA.match(text, item.end)
        end = comma.end() if comma else item.end
        before = node.items[index - 1] if index else None
        after = node.items[index + 1] if index + 1 < len(node.items) else None
        start_of_line, end_of_line = self._line_start(item.start), self._line_end(end)
        rest = text[end:end_of_line].strip()
        alone = not text[start_of_line : item.start].strip() and (
            not rest or rest.startswith(("#", "//"))
        )
        if alone:
            self._edits.append(Edit(start_of_line, end_of_line, ""))
            dangling = None if before is None else _COMMA.match(text, before.end)
            if after is None and comma is None and before is not None and dangling:
                self._edits.append(Edit(before.end, dangling.end(), ""))
        elif after is not None:
            self._edits.append(Edit(item.start, after.start, ""))
        elif before is not None:
            self._edits.append(Edit(before.end, end, ""))
        else:
            self._edits.append(Edit(node.start + 1, node.end - 1, ""))

    def _remove_lines(self, owner: Block, node: Node) -> None:
        text, opening = self.source.text, self._opening(owner)
        if "\n" not in text[opening : owner.end]:
            self._edits.append(Edit(opening + 1, owner.end - 1, ""))
            return
        start, end = self._line_start(node.start), self._line_end(node.end)
        rest = text[node.end : end].strip()
        if text[start : node.start].strip() or (rest and not rest.startswith(("#", "//"))):
            raise CannotEditError("it shares its lines with something else")
        following = text[end : self._line_end(end)].strip()
        previous = self._line_before(start)
        if start > opening + 1 and not previous.strip() and following in ("", "}"):
            start -= len(previous)  # no two blank lines, and none before the brace
        elif previous.rstrip().endswith("{") and not following:
            end = self._line_end(end)
        self._edits.append(Edit(start, end, ""))

    # ---- lines --------------------------------------------------------------------------------

    @property
    def _newline(self) -> str:
        first = self.source.text.find("\n")
        return "\r\n" if first > 0 and self.source.text[first - 1] == "\r" else "\n"

    def _insert_line(self, at: int, text: str) -> None:
        missing = at > 0 and self.source.text[at - 1] != "\n"
        self._edits.append(Edit(at, at, f"{self._newline if missing else ''}{text}"))

    def _line_start(self, offset: int) -> int:
        return self.source.text.rfind("\n", 0, offset) + 1

    def _line_end(self, offset: int) -> int:
        """Past the line break that ends the line."""
        at = self.source.text.find("\n", offset)
        return len(self.source.text) if at < 0 else at + 1

    def _line_before(self, start: int) -> str:
        return self.source.text[self._line_start(start - 1) : start] if start else ""

    def _indent(self, offset: int) -> str:
        line = self.source.text[self._line_start(offset) : offset]
        return line[: len(line) - len(line.lstrip())]

    def _inner_indent(self, block: Block) -> str:
        return self._indent(block.start) + _INDENT

    def _opening(self, block: Block) -> int:
        return self.source.text.index("{", block.header_end)

    def _touched(self) -> tuple[set[int], set[int]]:
        """The lines that edits touch and those beside them, before and after."""
        before: set[int] = set()
        after: set[int] = set()
        changed = SourceFile("", applied(self.source.text, self._edits))
        moved = 0
        for start, end, text in sorted(self._edits, key=lambda each: (each.start, each.end)):
            old = self.source.position(start).line, self.source.position(end).line
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
