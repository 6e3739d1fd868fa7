"""Keeps secrets out of what a check says.

Messages show a secret by where it comes from. What is made of names (the container that a secret
variable names, the file that is not there) knows nothing of marks, so that every text of a report
passes through here, last. Texts too short or too plain to be told from other words stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from fglint.configuration.loader import Configuration
from fglint.diagnostic import Diagnostic
from fglint.evaluation.marks import Mark, SecretOrigin, Sensitive
from fglint.evaluation.values import Value, children, unmark
from fglint.finding import Finding, Related, ServiceScore
from fglint.source import Range

SENSITIVE = "(sensitive)"  # where no source of it is known
_SHORTEST = 6
_SHORTEST_WORD = 12  # of letters alone: admin and production stand for themselves elsewhere
_SHORTEST_PART = 8  # shorter ones count as whole words only


class Secrecy:
    """The secrets of a configuration, as far as their texts are known."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration

    @cached_property
    def texts(self) -> dict[str, str]:
        """What is said instead of each text."""
        found: dict[str, str] = {}
        for module in self.configuration.modules():
            for value in module.evaluated():
                for text, source in _secrets(value, frozenset()):
                    for line in text.splitlines():
                        if _is_telling(line.strip()):
                            found.setdefault(line.strip(), source)
        return found

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        longest_first = sorted(self.texts, key=lambda text: (-len(text), text))
        written = [
            re.escape(text) if len(text) >= _SHORTEST_PART else rf"(?<!\w){re.escape(text)}(?!\w)"
            for text in longest_first
        ]
        return re.compile("|".join(written)) if written else None

    def hidden(self, text: str) -> str:
        """The text without secrets."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: self.texts[match[0]], text)

    def finding(self, finding: Finding) -> Finding:
        """The finding without secrets."""
        if self._pattern is None:
            return finding
        fix = finding.fix
        if fix is not None:
            refusal, snippet = self.hidden(fix.refusal), self.hidden(fix.snippet)
            fix = replace(fix, refusal=refusal, snippet=snippet)
        return replace(
            finding,
            message=self.hidden(finding.message),
            remedy=self.hidden(finding.remedy),
            address=self.hidden(finding.address),
            subject=self.hidden(finding.subject),
            because=None if finding.because is None else self.hidden(finding.because),
            values=tuple((name, self.hidden(value)) for name, value in finding.values),
            related=self._related(finding.related),
            flow=self._related(finding.flow),
            fix=fix,
        )

    def _related(self, places: Iterable[Related]) -> tuple[Related, ...]:
        return tuple(
            replace(each, message=self.hidden(each.message), address=self.hidden(each.address))
            for each in places
        )

    def diagnostic(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic without secrets."""
        if self._pattern is None:
            return diagnostic
        detail = self.hidden(diagnostic.detail)
        return replace(diagnostic, summary=self.hidden(diagnostic.summary), detail=detail)

    def score(self, score: ServiceScore) -> ServiceScore:
        """The score without secrets."""
        return replace(score, service=self.hidden(score.service))

    @property
    def places(self) -> Iterator[Range]:
        """Where the secrets are written."""
        if self._pattern is None:
            return
        for file in self.configuration.files:
            for match in self._pattern.finditer(file.source.text):
                yield file.source.range(*match.span())


def _secrets(value: Value, around: frozenset[Mark]) -> Iterator[tuple[str, str]]:
    """The secret texts in a value, each with where it comes from."""
    bare, own = unmark(value)
    marks = around | own
    if isinstance(bare, str):
        source = _source(marks)
        if source:
            yield bare, source
        return
    for child in children(bare):
        yield from _secrets(child, marks)


def _source(marks: frozenset[Mark]) -> str:
    sources = sorted(m.source for m in marks if isinstance(m, SecretOrigin) and not m.weak)
    if sources:
        return sources[0]
    return SENSITIVE if any(isinstance(mark, Sensitive) for mark in marks) else ""


def _is_telling(text: str) -> bool:
    return len(text) >= (_SHORTEST_WORD if text.isalpha() else _SHORTEST)
