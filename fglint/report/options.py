"""What a report's reader asked for. The command line decides it; formats obey."""

from __future__ import annotations

import posixpath
import re
from typing import Literal

from fglint.records import dataclass

_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Options:
    """How to render a report.

    Formats that a repository's host reads name files as seen from the repository's root.
    `directory` is the working directory and `repository` that root, both as seen from a directory
    above them: ("infra", "") for a working directory in the repository, ("", "checkout") for one
    around it, twice "" for the root itself. `width` is that of the lines of text, in columns.
    `quiet` leaves out of text all but findings and errors.
    """

    color: bool = False
    width: int = 100
    unknown: Literal["summary", "report", "fail"] = "summary"
    show_suppressed: bool = False
    quiet: bool = False
    directory: str = ""
    repository: str = ""

    def repository_path(self, path: str) -> str:
        """A path that is relative to the working directory, as seen from the repository's root.

        What lies outside of it keeps its "../".
        """
        seen = posixpath.normpath(posixpath.join(self.directory, path))
        if not self.repository or seen.startswith("../"):
            return seen
        return posixpath.relpath(f"/{seen}", f"/{self.repository}")


def without_surrogates(text: str) -> str:
    """The text with what UTF-8 cannot encode replaced."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)
