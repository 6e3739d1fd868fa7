"""A session with the server: a real client over the standard streams of a real process."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

pytest.importorskip("pygls")

from lsprotocol import types
from pygls.lsp.client import LanguageClient

TOP = Path(__file__).parent.parent.parent
WAIT = 60.0  # seconds; a loaded machine is slow


class Session(LanguageClient):
    """A client that keeps what the server publishes."""

    def __init__(self) -> None:
        super().__init__("tests", "1")
        self.published: dict[str, list[types.Diagnostic]] = {}
        self.messages: list[str] = []
        self.news = asyncio.Event()
        self.exited: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def server_exit(self, server: asyncio.subprocess.Process) -> None:
        assert server.returncode is not None
        self.exited.set_result(server.returncode)

    def open(self, path: Path, text: str | None = None) -> None:
        text = path.read_text() if text is None else text
        document = types.TextDocumentItem(path.as_uri(), "terraform", 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(document))

    def change(self, path: Path, text: str, version: int = 2) -> None:
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, path.as_uri()),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def close(self, path: Path) -> None:
        document = types.TextDocumentIdentifier(path.as_uri())
        self.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def of(self, path: Path) -> list[types.Diagnostic]:
        return self.published.get(path.as_uri(), [])

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits until what is published is what is expected."""

        async def wait() -> None:
            while not holds():
                self.news.clear()
                await self.news.wait()

        await asyncio.wait_for(wait(), WAIT)


@asynccontextmanager
async def session(folder: Path, encodings: list[str] | None = None) -> AsyncIterator[Session]:
    """A session in a workspace folder, ended in order."""
    client = Session()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def publish(params: types.PublishDiagnosticsParams) -> None:
        client.published[params.uri] = list(params.diagnostics)
        client.news.set()

    @client.feature(types.WINDOW_SHOW_MESSAGE)
    def show(params: types.ShowMessageParams) -> None:
        client.messages.append(params.message)
        client.news.set()

    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    await client.start_io(sys.executable, "-m", "fglint", "server", env=environment)
    general = types.GeneralClientCapabilities(position_encodings=encodings)
    await client.initialize_async(
        types.InitializeParams(
            types.ClientCapabilities(general=general),
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "folder")],
        )
    )
    client.initialized(types.InitializedParams())
    yield client
    await client.shutdown_async(None)
    client.exit(None)
    assert 0 == await asyncio.wait_for(client.exited, WAIT)
    await client.stop()
