"""Bodies: from Lark's tree of a masked text to fglint's tree of the text itself."""

from __future__ import annotations

from dataclasses import field

from lark import Tree

from fglint.records import dataclass
from fglint.source import SourceFile
from fglint.syntax.backends.expressions import ExpressionConverter
from fglint.syntax.backends.rules import Rule, end_of, rules_of, start_of, tokens_of
from fglint.syntax.cursor import Cursor
from fglint.syntax.depth import check_depth
from fglint.syntax.literals import quoted_text
from fglint.syntax.nodes import Attribute, Block, Body, Label


@dataclass(slots=True)
class BodyConverter:
    """Converts one file; `sink` takes what is wrong with it."""

    source: SourceFile
    sink: Cursor
    expressions: ExpressionConverter = field(init=False)

    def __post_init__(self) -> None:
        self.expressions = ExpressionConverter(self.source, self.sink)

    def file(self, tree: Rule) -> Body:
        """The body of the file."""
        attributes, blocks = self._items(rules_of(tree)[0])
        return Body(0, len(self.source.text), self.source, attributes, blocks)

    def _items(self, body: Rule) -> tuple[dict[str, Attribute], tuple[Block, ...]]:
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        for rule in rules_of(body):
            if rule.data == "block":
                self.sink.enter()
                blocks.append(self._block(rule))
                self.sink.depth -= 1
                continue
            attribute = self._attribute(rule)
            if attributes.setdefault(attribute.name, attribute) is not attribute:
                self.sink.report(
                    "Attribute redefined",
                    f'The argument "{attribute.name}" was already set. Each argument may be set '
                    "only once.",
                    attribute.start,
                    attribute.name_end,
                )
        return attributes, tuple(blocks)

    def _attribute(self, rule: Rule) -> Attribute:
        name, value = rules_of(rule)
        start, end, text = self.expressions.word(name)
        self.sink.starts[0], self.sink.ends[0] = start, end  # where errors about depth stand
        self.sink.deep = False
        expression = self.expressions.expression(value)
        if self.sink.deep:
            check_depth(expression)
        return Attribute(start, expression.end, text, end, expression)

    def _block(self, rule: Rule) -> Block:
        *header, body = rules_of(rule)
        opening, closing = tokens_of(rule)
        start, header_end, type_ = self.expressions.word(header[0])
        labels = [self._label(each) for each in header[1:]]
        header_end = labels[-1].end if labels else header_end
        attributes, blocks = self._items(body)
        inner = Body(start_of(opening), end_of(closing), self.source, attributes, blocks)
        return Block(start, inner.end, type_, tuple(labels), inner, header_end)

    def _label(self, rule: Rule) -> Label:
        if rule.data != "string":
            start, end, text = self.expressions.word(rule)
            return Label(start, end, text)
        tokens = tokens_of(rule)
        start, end = start_of(tokens[0]), end_of(tokens[-1])
        if any(isinstance(part.children[0], Tree) for part in rules_of(rule)):
            self.sink.report(
                "Invalid block label",
                "Labels of blocks are constant: no interpolation is possible.",
                start,
                end,
            )
        return Label(start, end, quoted_text(self.sink, start + 1, end - 1))
