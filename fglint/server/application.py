"""The features of the server, and its one session on the standard streams."""

from __future__ import annotations

import sys

from lsprotocol import types

from fglint.server import actions
from fglint.server.answers import definition_at, hover_at
from fglint.server.session import DEBOUNCE, Server, path_of
from fglint.source import SourceFile

DEPTH = 100_000  # calls of Python functions
WATCHED = "**/*.{tf,tofu,tf.json,tofu.json,tfvars,tfvars.json,tftpl,tpl,json,hcl,toml}"


def make_server() -> Server:
    """A server with all its features."""
    server = Server()

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching is not None and watching.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions(
                [types.FileSystemWatcher(WATCHED)]
            )
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            registration = types.Registration("fglint-files", method, options)
            await server.client_register_capability_async(types.RegistrationParams([registration]))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.want([path_of(params.text_document.uri)])

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.want([path_of(params.text_document.uri)], DEBOUNCE)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.forget_calls()
        server.want([path_of(params.text_document.uri)])

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.want([path_of(params.text_document.uri), *server.overlay()])

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        if any(each.uri.endswith((".toml", ".hcl")) for each in params.changes):
            server.forget()
        server.forget_calls()
        server.want(server.overlay(), DEBOUNCE)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def settings_changed(params: types.DidChangeConfigurationParams) -> None:
        server.forget()
        server.want(server.overlay())

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.forget()
        server.want(server.overlay())

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        uri, at = params.text_document.uri, params.position
        return await server.work(lambda: server.guarded(lambda: hover_at(server, uri, at), None))

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def define(params: types.DefinitionParams) -> types.Location | None:
        uri, at = params.text_document.uri, params.position
        return await server.work(
            lambda: server.guarded(lambda: definition_at(server, uri, at), None)
        )

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions([types.CodeActionKind.QuickFix]),
    )
    def act(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        document = server.workspace.get_text_document(uri)
        source = SourceFile(path_of(uri).name, document.source)
        found = actions.actions(
            source, uri, params.context.diagnostics, list(server.checked.values()), server.encoding
        )
        return server.guarded(lambda: list(found), [])

    @server.feature(types.SHUTDOWN)
    def shut_down(*_: object) -> None:
        server.was_shut_down = True

    return server


def serve() -> int:
    """Serves one session on the standard streams; 0 when it was shut down in order, else 1."""
    sys.setrecursionlimit(DEPTH)
    server = make_server()
    output, sys.stdout = sys.stdout, sys.stderr  # what anything prints must not meet the protocol
    server.start_io(sys.stdin.buffer, output.buffer)
    return 0 if server.was_shut_down else 1
