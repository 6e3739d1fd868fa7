#!/usr/bin/env python3
"""Measures the time from a change to its diagnostics in a 3,000-line root, as a client sees it.

bench_server.py [--changes 15]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench import TOP, big_root
from lsprotocol import types
from pygls.lsp.client import LanguageClient


async def times(directory: Path, changes: int) -> list[float]:
    """The seconds from each change to the diagnostics of that version."""
    client = LanguageClient("bench", "1")
    news: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]  # pygls
    def publish(params: types.PublishDiagnosticsParams) -> None:
        news.put_nowait(params)

    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    await client.start_io(sys.executable, "-m", "fglint", "server", env=environment)
    folder = types.WorkspaceFolder(directory.as_uri(), "bench")
    await client.initialize_async(
        types.InitializeParams(types.ClientCapabilities(), workspace_folders=[folder])
    )
    client.initialized(types.InitializedParams())
    path = directory / "infra" / "service_3.tf"
    text = path.read_text()
    opened = types.TextDocumentItem(path.as_uri(), "terraform", 0, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(opened))
    taken: list[float] = []
    await asyncio.wait_for(news.get(), 60)
    for version in range(1, changes + 1):
        await asyncio.sleep(1.0)
        while not news.empty():
            news.get_nowait()
        # A service on each second version: its lines move, and a finding comes and goes.
        added = "\n" * version + 'resource "aws_ecs_service" "new" {\n  launch_type = "FARGATE"\n'
        changed = text + (added + '  platform_version = "1.3.0"\n}\n' if version % 2 else "")
        identifier = types.VersionedTextDocumentIdentifier(version, path.as_uri())
        start = time.perf_counter()
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                identifier, [types.TextDocumentContentChangeWholeDocument(changed)]
            )
        )
        while True:
            params = await asyncio.wait_for(news.get(), 60)
            if params.uri == path.as_uri():
                break
        taken.append(time.perf_counter() - start)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]  # pygls
    return taken


def main() -> int:
    """Prints the median and the worst."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--changes", type=int, default=15)
    changes: int = parser.parse_args().changes
    with tempfile.TemporaryDirectory() as name:
        lines = big_root(Path(name) / "infra")
        taken = asyncio.run(times(Path(name), changes))
    middle, worst = statistics.median(taken), max(taken)
    print(f"diagnostics after a change in {lines} lines: {middle:.3f} s, at worst {worst:.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
