"""What a report's reader asked for. The command line decides it; formats obey."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Literal

_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Options:
    """How to render a report.

    `directory` is the working directory as seen from the repository's root ("" for the root
    itself, or where there is none): formats that a repository's host reads name files from there.
    `width` is that of the lines of text, in columns. `quiet` leaves out of text all but findings
    and errors.
    """

    color: bool = False
    width: int = 100
    unknown: Literal["summary", "report", "fail"] = "summary"
    show_suppressed: bool = False
    quiet: bool = False
    directory: str = ""

    def repository_path(self, path: str) -> str:
        """A path that is relative to the working directory, as seen from the repository's root.

        What lies above the root keeps its "../".
        """
        return posixpath.normpath(posixpath.join(self.directory, path))


def without_surrogates(text: str) -> str:
    """The text with what UTF-8 cannot encode replaced."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)
