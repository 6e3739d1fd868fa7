"""Small configurations, and the values of expressions in them."""

from __future__ import annotations

from pathlib import Path

from fglint.configuration.checks import check_expression
from fglint.configuration.loader import Configuration, load
from fglint.configuration.module import Placed
from fglint.configuration.session import LoadOptions
from fglint.diagnostic import Diagnostic
from fglint.evaluation.values import Unknown, Value, plain
from fglint.source import Files, SourceFile
from fglint.syntax import parse_expression


class Project:
    """A root module in a directory; files are written before it is loaded."""

    def __init__(self, directory: Path, main: str = "", options: LoadOptions | None = None) -> None:
        self.directory = directory
        self.options = options
        self._loaded: Configuration | None = None
        self.write("main.tf", main)

    def write(self, name: str, text: str) -> Project:
        """Adds a file."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return self

    @property
    def configuration(self) -> Configuration:
        """The loaded root module."""
        if self._loaded is None:
            self._loaded = load(self.directory, Files(base=self.directory), self.options)
        return self._loaded

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What loading reported."""
        return self.configuration.diagnostics

    def value(self, text: str) -> Value:
        """The value of an expression in the root module; EvaluationError when it has none."""
        source = SourceFile("expression", text)
        node, diagnostics = parse_expression(source)
        assert [] == [one.summary for one in diagnostics if one.severity == "error"]
        placed = Placed(node, source)
        root = self.configuration.root
        check_expression(root, placed)
        return self.configuration.session.evaluate(placed, root)

    def unknown(self, text: str) -> Unknown:
        """The unknown value of an expression."""
        value = plain(self.value(text))
        assert isinstance(value, Unknown), value
        return value


def shown(value: Value) -> object:
    """A value as plain Python: tuples are lists, and what is unknown is its reference or "?"."""
    from fglint.evaluation.values import (
        ListValue,
        MapValue,
        Null,
        ObjectValue,
        SetValue,
        TupleValue,
    )

    bare = plain(value)
    match bare:
        case Null():
            return None
        case Unknown(ref=ref):
            return f"<{ref}>" if ref else "?"
        case TupleValue(items) | ListValue(items, _) | SetValue(items, _):
            return [shown(item) for item in items]
        case ObjectValue(entries) | MapValue(entries, _):
            return {key: shown(entry) for key, entry in entries.items()}
        case _:
            return bare
