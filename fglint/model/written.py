"""What a fix writes as it stands: pieces of Terraform's language among the values of a rule."""

from __future__ import annotations

from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.values import Capsule, Value


class Written(Capsule):
    """A text, the attribute `text` of the entity `of`, or a function's text with `of` for `…`.

    The addresses in a text begin at the root module, unless it is `verbatim` from the module that
    it is written in. `is_new` stands for what the same fix has added before.
    """

    __slots__ = ("function", "is_new", "of", "text", "verbatim")
    kind = "text"

    def __init__(
        self,
        text: str,
        of: Value | None = None,
        function: str = "",
        *,
        is_new: bool = False,
        verbatim: bool = False,
    ) -> None:
        self.text = text
        self.verbatim = verbatim
        self.is_new = is_new
        self.of = of
        self.function = function

    def __str__(self) -> str:
        return self.text

    def get(self, name: str) -> Value:
        """It has no attributes."""
        raise EvaluationError("Unsupported attribute", "a written text has no attributes")
