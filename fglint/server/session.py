"""The state of a session, and its checks in one thread of their own.

Everything that reads configurations runs in that thread, one task after the other, because it
recurses deeply and is not made for two threads. The event loop only answers and waits.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from fglint import __version__
from fglint.misuse import Misuse
from fglint.roots import Root
from fglint.server.checking import Checked, Checks
from fglint.server.problems import diagnostics_of
from fglint.settings import repository_root

T = TypeVar("T")

DEBOUNCE = 0.025  # seconds without a further change until a check begins
STACK = 512 * 1024 * 1024  # bytes; pages that are not touched cost nothing


class Server(LanguageServer):
    """The state of one session: open files, the roots they belong to, what was found there."""

    def __init__(self) -> None:
        super().__init__("fglint", __version__, types.TextDocumentSyncKind.Incremental)
        self.was_shut_down = False
        self.checked: dict[Path, Checked] = {}
        self.found: dict[Path, dict[Path, list[types.Diagnostic]]] = {}
        self._published: dict[Path, list[types.Diagnostic]] = {}
        self._checks: dict[Path, Checks] = {}
        self._wanted: set[Path] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._busy = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told: set[str] = set()
        before = threading.stack_size(STACK)
        self._worker = ThreadPoolExecutor(1, "fglint-check")
        self._worker.submit(lambda: None).result()  # the thread begins with the large stack
        threading.stack_size(before)

    @property
    def encoding(self) -> str:
        """How columns are counted, as agreed with the client."""
        agreed = self.workspace.position_encoding or types.PositionEncodingKind.Utf16
        return types.PositionEncodingKind(agreed).value

    async def work(self, task: Callable[[], T]) -> T:
        """What a task gives that runs in the thread of the checks."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, task)

    # ---- checks -------------------------------------------------------------------------------

    def want(self, paths: Iterable[Path], delay: float = 0.0) -> None:
        """Checks the roots of files, when no further change comes within the delay (seconds)."""
        self._wanted.update(paths)
        if self._timer is not None:
            self._timer.cancel()
        self._loop = loop = asyncio.get_running_loop()
        self._timer = loop.call_later(delay, lambda: loop.create_task(self._run()))

    async def _run(self) -> None:
        """Checks until nothing more is wanted; one run at a time."""
        if self._busy:
            return  # the run that goes on sees what is wanted now
        self._busy = True
        try:
            while self._wanted:
                wanted, self._wanted = self._wanted, set()
                overlay = self.overlay()
                await self.work(partial(self.check, wanted, overlay))
                self._publish()
        finally:
            self._busy = False

    def check(self, paths: Iterable[Path], overlay: dict[Path, str]) -> None:
        """Checks the roots that files belong to; forgets roots without an open file."""
        roots = {root.directory: (path, root) for path in paths for root in self.roots(path)}
        still = {root.directory for path in overlay for root in self.roots(path)}
        for directory in self.checked.keys() - still:
            self.checked.pop(directory, None)
            self.found.pop(directory, None)
        for directory in roots.keys() & still:
            path, root = roots[directory]
            before = self.checked.get(directory)
            check = partial(self.checks(path).check, root, overlay, paths, before, self._ahead)
            checked = self.guarded(check, None)
            if checked is not None:
                self._keep(checked)

    def _keep(self, checked: Checked) -> None:
        self.checked[checked.root.directory] = checked
        self.found[checked.root.directory] = diagnostics_of(checked, self.encoding)

    def _ahead(self, checked: Checked) -> None:
        """Publishes what is known before a check ends; runs in the thread of the checks."""
        self._keep(checked)
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended, nobody waits
                self._loop.call_soon_threadsafe(self._publish)

    def roots(self, path: Path) -> list[Root]:
        """The roots that a file's change can affect."""
        return self.guarded(lambda: self.checks(path).roots(path), [])

    def guarded(self, task: Callable[[], T], otherwise: T) -> T:
        """What a task gives; what goes wrong is told, and costs no more than this task."""
        try:
            return task()
        except Misuse as error:
            self.tell(str(error))
        except Exception as error:  # a bug must not end the session
            sys.stderr.write(traceback.format_exc())
            self.tell(f"a bug in fglint: {type(error).__name__}: {error}")
        return otherwise

    def tell(self, text: str) -> None:
        """Shows a message to the user, each once."""
        if text not in self._told:
            self._told.add(text)
            message = types.ShowMessageParams(types.MessageType.Error, f"fglint: {text}")
            self.window_show_message(message)

    def checks(self, path: Path) -> Checks:
        """The checks of the workspace folder that a file lies in, or of its repository."""
        folders = [Path(uris.to_fs_path(uri) or "") for uri in self.workspace.folders]
        around = [each for each in folders if path.is_relative_to(each)]
        base = max(around, key=lambda each: len(each.parts), default=None)
        base = base or repository_root(path.parent) or path.parent
        return self._checks.setdefault(base, Checks(base))

    def forget(self) -> None:
        """Reads settings and rules again with the next check."""
        self._told.clear()
        for checks in self._checks.values():
            checks.forget()

    def forget_calls(self) -> None:
        """Reads again with the next check which module calls which."""
        for checks in self._checks.values():
            checks.forget_calls()

    def overlay(self) -> dict[Path, str]:
        """The text of all open files."""
        documents = self.workspace.text_documents
        return {path_of(uri): document.source for uri, document in documents.items()}

    def _publish(self) -> None:
        """Publishes what changed since the last time."""
        found: dict[Path, list[types.Diagnostic]] = {}
        for by_file in list(self.found.values()):
            for path, diagnostics in by_file.items():
                into = found.setdefault(path, [])
                into.extend(each for each in diagnostics if each not in into)
        opened = self.workspace.text_documents
        for path in {*found, *self._published}:
            diagnostics = found.get(path, [])
            if diagnostics == self._published.get(path):
                continue
            document = opened.get(path.as_uri())
            version = None if document is None else document.version
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(path.as_uri(), diagnostics, version)
            )
        self._published = {path: each for path, each in found.items() if each}


def path_of(uri: str) -> Path:
    """The path of a file's URI."""
    return Path(uris.to_fs_path(uri) or "")
