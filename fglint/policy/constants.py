"""Arguments of rule files whose values stand in the file: they refer to nothing."""

from __future__ import annotations

from fglint.configuration.module import Placed
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.expressions import compile_expression
from fglint.evaluation.values import NULL, TupleValue, Value, plain
from fglint.policy.mistakes import RuleError
from fglint.policy.scope import ConstantScope
from fglint.source import Range
from fglint.syntax.nodes import Block, Body


def placed(body: Body, name: str) -> Placed | None:
    """The expression of an argument; None where it is absent."""
    attribute = body.attributes.get(name)
    return None if attribute is None else Placed(attribute.expression, body.source)


class Constants:
    """The constant arguments of one block."""

    def __init__(self, body: Body) -> None:
        self.body = body

    def range(self, name: str, block: Block) -> Range:
        """The place of an argument, the block's header where it is absent."""
        found = placed(self.body, name)
        return block.header() if found is None else found.range

    def value(self, name: str, required_in: Block | None = None) -> Value:
        """The value of an argument, null where it is absent."""
        found = placed(self.body, name)
        if found is None:
            if required_in is not None:
                raise RuleError(f'"{name}" is missing', required_in.header())
            return NULL
        try:
            return compile_expression(found.node, found.source, dialect="rule")(ConstantScope())
        except EvaluationError as error:
            message = f'"{name}" must be a constant: {error.detail or error.summary}'
            raise RuleError(message, found.range) from None

    def text(self, name: str, required_in: Block | None = None) -> str:
        """The text of an argument, empty where it is absent."""
        value = plain(self.value(name, required_in))
        if isinstance(value, str):
            return value
        if value == NULL:
            return ""
        raise self._wrong(name, "a string")

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list, empty where it is absent."""
        value = plain(self.value(name))
        if value == NULL:
            return ()
        items = value.items if isinstance(value, TupleValue) else (NULL,)
        if not all(isinstance(item, str) for item in items):
            raise self._wrong(name, "a list of strings")
        return tuple(str(item) for item in items)

    def flag(self, name: str, default: bool) -> bool:
        """The bool of an argument."""
        value = plain(self.value(name))
        if isinstance(value, bool):
            return value
        if value == NULL:
            return default
        raise self._wrong(name, "true or false")

    def _wrong(self, name: str, expected: str) -> RuleError:
        found = placed(self.body, name)
        assert found is not None
        return RuleError(f'"{name}" must be {expected}', found.range)
