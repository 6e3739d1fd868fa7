"""`fglint server`: the language server for editors."""

from __future__ import annotations

from importlib.util import find_spec

import click

from fglint.misuse import Misuse


@click.command("server", short_help="Serve an editor by the language server protocol.")
@click.option("--stdio", is_flag=True, help="Talk on the standard streams, as it always does.")
def command(stdio: bool) -> int:
    """Serve an editor on the standard streams by the language server protocol.

    Needs the extra lsp: pip install 'fglint[lsp]'.
    """
    if find_spec("pygls") is None:
        raise Misuse(
            "the server needs pygls, which is not installed; run pip install 'fglint[lsp]'"
        )
    import gc

    from fglint.server.application import serve

    gc.set_threshold(200_000, 20, 20)  # checks make many objects that live until their end
    return serve()
