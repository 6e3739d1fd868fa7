"""Expressions: from Lark's tree of a masked text to fglint's tree of the text itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from lark import Token, Tree

from fglint.records import dataclass
from fglint.source import SourceFile
from fglint.syntax.assembly import Directive, Item, Text, build, flush, plain_items, quoted_items
from fglint.syntax.backends.rules import Rule, end_of, pieces_of, rules_of, start_of, tokens_of
from fglint.syntax.cursor import Cursor
from fglint.syntax.literals import number
from fglint.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    GetAttr,
    Index,
    Literal,
    ObjectCons,
    ObjectItem,
    Parentheses,
    Splat,
    SplatItem,
    TupleCons,
    Unary,
    Variable,
)
from fglint.syntax.trouble import Trouble

_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_STEPS = {
    "get_attr_expr_term",
    "index_expr_term",
    "attr_splat_expr_term",
    "full_splat_expr_term",
}


@dataclass(slots=True)
class ExpressionConverter:
    """Converts expressions; `sink` takes what is wrong with values, and counts the depth."""

    source: SourceFile
    sink: Cursor
    _methods: dict[str, Callable[[Rule], Expression]] = field(init=False)

    def __post_init__(self) -> None:
        self._methods = {
            "int_lit": self._number,
            "float_lit": self._number,
            "literal_value": self._constant,
            "identifier": self._variable,
            "string": self._string,
            "tuple": self._tuple,
            "object": self._object,
            "function_call": self._call,
            "for_tuple_expr": self._for,
            "for_object_expr": self._for,
            "unary_op": self._unary,
            "binary_op": self._binary,
            "conditional": self._conditional,
        }

    def word(self, rule: Rule) -> tuple[int, int, str]:
        """Where a name stands, and the name, which the masked text may not show."""
        token = tokens_of(rule)[0]
        start, end = start_of(token), end_of(token)
        return start, end, self.source.text[start:end]

    # ---- expressions --------------------------------------------------------------------------

    def expression(self, rule: Rule) -> Expression:
        """The expression that a rule is."""
        self.sink.enter()
        while rule.data == "expr_term" and len(pieces := pieces_of(rule)) == 1:
            inner = pieces[0]
            assert isinstance(inner, Tree), "a term is no token"
            rule = inner
        if rule.data == "expr_term":
            opening, closing = tokens_of(rule)
            node: Expression = Parentheses(
                start_of(opening), end_of(closing), self.expression(rules_of(rule)[0])
            )
        elif rule.data in _STEPS:
            node = self._traversal(rule)
        else:
            method = self._methods.get(rule.data)
            if method is None:
                raise self._foreign(rule)
            node = method(rule)
        self.sink.depth -= 1
        return node

    def _foreign(self, rule: Rule) -> Trouble:
        token = next(piece for piece in rule.scan_values(lambda piece: True))
        start, end = start_of(token), end_of(token)
        return Trouble(
            "Invalid expression",
            "python-hcl2 reads this as an expression that Terraform does not have.",
            start,
            end,
        )

    def _constant(self, rule: Rule) -> Expression:
        start, end, text = self.word(rule)
        return Literal(start, end, _CONSTANTS[text])

    def _variable(self, rule: Rule) -> Expression:
        return Variable(*self.word(rule))

    def _number(self, rule: Rule) -> Expression:
        """A number; the grammar takes the minus before some of them for a part of it."""
        start, end, text = self.word(rule)
        if not text.startswith("-"):
            return number(self.sink, start, end)
        return Unary(start, end, "-", number(self.sink, start + 1, end))

    def _unary(self, rule: Rule) -> Expression:
        operator = tokens_of(rule)[0]
        operand = self.expression(rules_of(rule)[0])
        return Unary(start_of(operator), operand.end, str(operator), operand)

    def _binary(self, rule: Rule) -> Expression:
        terms: list[Rule] = []
        while rule.data == "binary_op":
            rule, term = rules_of(rule)
            terms.append(term)
        node = self.expression(rule)
        self.sink.deep = True
        for term in reversed(terms):
            operator, right = rules_of(term)
            value = self.expression(right)
            name = tokens_of(operator)[0].strip()  # a line break may be before it
            node = Binary(node.start, value.end, name, node, value)
        return node

    def _conditional(self, rule: Rule) -> Expression:
        condition, then, otherwise = (self.expression(each) for each in rules_of(rule))
        return Conditional(condition.start, otherwise.end, condition, then, otherwise)

    def _call(self, rule: Rule) -> Expression:
        tokens, rules = tokens_of(rule), rules_of(rule)
        names = [self.word(each) for each in rules if each.data == "identifier"]
        arguments: tuple[Expression, ...] = ()
        expand = False
        if rules[-1].data == "arguments":
            arguments = tuple(self.expression(each) for each in rules_of(rules[-1]))
            expand = any(token.type == "ELLIPSIS" for token in tokens_of(rules[-1]))
        name = "::".join(text for _, _, text in names).removeprefix("core::")
        return Call(names[0][0], end_of(tokens[-1]), name, arguments, expand)

    # ---- traversals ---------------------------------------------------------------------------

    def _traversal(self, rule: Rule) -> Expression:
        """The steps of a traversal; they nest in the grammar as they do not in Terraform."""
        steps: list[Rule] = []
        while rule.data in _STEPS or (rule.data == "expr_term" and len(pieces_of(rule)) == 1):
            rules = rules_of(rule)
            if len(rules) == 2:
                step = rules[1]
                if step.data in ("attr_splat", "full_splat"):
                    steps.extend(reversed(rules_of(step)))
                steps.append(step)
            rule = rules[0]
        self.sink.deep = True
        return self._steps(self.expression(rule), steps)

    def _steps(self, node: Expression, steps: list[Rule]) -> Expression:
        """Applies the steps, the last first, and takes them from the list."""
        while steps:
            step = steps.pop()
            if step.data == "full_splat":
                start = start_of(tokens_of(step)[0])
                item = SplatItem(start, self.source.text.index("]", start) + 1)
                self.sink.enter()
                body = self._steps(item, steps)
                self.sink.depth -= 1
                node = Splat(node.start, body.end, node, body, True)
            elif step.data == "attr_splat":
                marker = tokens_of(step)[0]
                body = SplatItem(start_of(marker), end_of(marker))
                while steps and steps[-1].data in ("get_attr", "short_index"):
                    body = self._step(body, steps.pop())
                node = Splat(node.start, body.end, node, body, False)
            else:
                node = self._step(node, step)
        return node

    def _step(self, node: Expression, step: Rule) -> Expression:
        tokens = tokens_of(step)
        if step.data == "get_attr":
            _, end, name = self.word(rules_of(step)[0])
            return GetAttr(node.start, end, node, name)
        if step.data == "short_index":
            start, end = start_of(tokens[-1]), end_of(tokens[-1])
            return Index(node.start, end, node, number(self.sink, start, end), True)
        key = self.expression(rules_of(step)[0])
        return Index(node.start, end_of(tokens[-1]), node, key)

    # ---- collections --------------------------------------------------------------------------

    def _tuple(self, rule: Rule) -> Expression:
        tokens = tokens_of(rule)
        items = tuple(self.expression(each) for each in rules_of(rule))
        return TupleCons(start_of(tokens[0]), end_of(tokens[-1]), items)

    def _object(self, rule: Rule) -> Expression:
        tokens = tokens_of(rule)
        items = tuple(self._member(each) for each in rules_of(rule))
        return ObjectCons(start_of(tokens[0]), end_of(tokens[-1]), items)

    def _member(self, rule: Rule) -> ObjectItem:
        key_rule, value_rule = rules_of(rule)
        key = self._key(rules_of(key_rule)[0])
        value = self.expression(value_rule)
        return ObjectItem(key.start, value.end, key, value)

    def _key(self, rule: Rule) -> Expression:
        """A key; a bare name is a string."""
        while rule.data == "expr_term" and len(pieces_of(rule)) == 1:
            rule = rules_of(rule)[0]
        if rule.data in ("identifier", "keyword", "literal_value"):
            return Literal(*self.word(rule))
        return self.expression(rule)

    def _for(self, rule: Rule) -> Expression:
        tokens, rules = tokens_of(rule), rules_of(rule)
        *names, collection = rules_of(rules[0])
        words = [self.word(name)[2] for name in names]
        source = self.expression(collection)
        values = [self.expression(each) for each in rules[1:] if each.data != "for_cond"]
        condition = None
        if rules[-1].data == "for_cond":
            condition = self.expression(rules_of(rules[-1])[0])
        return For(
            start_of(tokens[0]),
            end_of(tokens[-1]),
            words[0] if len(words) == 2 else None,
            words[-1],
            source,
            values[0] if len(values) == 2 else None,
            values[-1],
            condition,
            any(token.type == "ELLIPSIS" for token in tokens),
        )

    # ---- templates ----------------------------------------------------------------------------

    def _string(self, rule: Rule) -> Expression:
        """A quoted template, or the heredoc that was masked as one."""
        text, tokens = self.source.text, tokens_of(rule)
        start, end = start_of(tokens[0]), end_of(tokens[-1])
        heredoc = text[start] == "<"
        first = text.index("\n", start) + 1 if heredoc else start + 1
        last = text.rindex("\n", 0, end) + 1 if heredoc else end - 1
        items: list[Item] = []
        trim = False
        for part in rules_of(rule):
            piece = part.children[0]
            if isinstance(piece, Token):
                begin, finish = max(start_of(piece), first), min(end_of(piece), last)
                if begin < finish:
                    items.extend(self._text(begin, finish, heredoc, trim))
                    trim = False
                continue
            opening, closing = tokens_of(piece)[0], tokens_of(piece)[-1]
            previous = items[-1] if items else None
            if text[end_of(opening)] == "~" and isinstance(previous, Text):
                previous.strip_right()
            trim = text[start_of(closing) - 1] == "~"
            items.append(self._sequence(piece, start_of(opening), end_of(closing)))
        if heredoc and text.startswith("<<-", start):
            flush(items)
        return build(self.sink, items, start, end, heredoc=heredoc)

    def _text(self, start: int, end: int, heredoc: bool, trim: bool) -> list[Text]:
        if heredoc:
            texts = plain_items(self.source.text, start, end)
        else:
            texts = quoted_items(self.sink, start, end)
        if trim:
            texts[0].strip_left()
        return texts

    def _sequence(self, rule: Rule, start: int, end: int) -> Item:
        rules = rules_of(rule)
        match rule.data:
            case "interpolation":
                return self.expression(rules[0])
            case "template_if_start":
                return Directive(start, end, "if", expression=self.expression(rules[0]))
            case "template_for_start":
                *names, collection = rules
                words = [self.word(name)[2] for name in names]
                pair = (words[0] if len(words) == 2 else None, words[-1])
                return Directive(start, end, "for", pair, self.expression(collection))
            case name:
                return Directive(start, end, str(name).removeprefix("template_"))
