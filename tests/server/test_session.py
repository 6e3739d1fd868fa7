"""The language server, as an editor's client sees it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pygls")

from lsprotocol import types

from server.conftest import TOP, Session, session

MAIN = """\
variable "size" {
  type    = number
  default = 512
}

locals {
  name = "shop-${var.size}"
}

module "child" {
  source = "./child"
  name   = local.name
}

resource "aws_ecs_task_definition" "app" {
  family                   = module.child.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = var.size
  container_definitions = jsonencode([{
    name        = "web"
    image       = "example.com/web:1.2.3"
    environment = [{ name = "DB_PASSWORD", value = "hunter2-not-real" }]
  }])
}
"""
CHILD = 'variable "name" {}\n\noutput "name" {\n  value = var.name\n}\n'
RULE = "plaintext-secret"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "child").mkdir()
    (tmp_path / "main.tf").write_text(MAIN)
    (tmp_path / "child" / "main.tf").write_text(CHILD)
    (tmp_path / "fglint.toml").write_text(f'select = ["{RULE}"]\n')
    return tmp_path / "main.tf"


def at(text: str, what: str, plus: int = 0) -> types.Position:
    before = text[: text.index(what) + plus]
    return types.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)


def codes(client: Session, path: Path) -> list[object]:
    return [each.code for each in client.of(path)]


def test_findings_appear_with_their_rule_and_follow_unsaved_text(root: Path) -> None:
    async def conversation() -> None:
        async with session(root.parent) as client:
            client.open(root)
            await client.until(lambda: [RULE] == codes(client, root))
            (found,) = client.of(root)
            assert types.DiagnosticSeverity.Error is found.severity
            assert "fglint" == found.source
            assert found.code_description is not None
            assert at(MAIN, '"hunter2') == found.range.start
            assert "hunter2" not in found.message
            client.change(
                root, MAIN.replace("DB_PASSWORD", "COLOUR").replace("hunter2-not-real", "red")
            )
            await client.until(lambda: [] == client.of(root))
            client.change(root, MAIN.replace("module.child.name", "module.child.nam"), 3)
            await client.until(lambda: 2 == len(client.of(root)))
            assert MAIN == root.read_text()

    asyncio.run(conversation())


def test_files_that_are_not_open_get_their_diagnostics_and_lose_them_on_close(root: Path) -> None:
    async def conversation() -> None:
        child = root.parent / "child" / "main.tf"
        async with session(root.parent) as client:
            client.open(child, CHILD + "locals {\n  x = var.nam\n}\n")
            await client.until(lambda: [RULE] == codes(client, root) and bool(client.of(child)))
            client.close(child)
            await client.until(lambda: [] == client.of(root) and [] == client.of(child))

    asyncio.run(conversation())


def test_columns_are_those_of_the_encoding(root: Path) -> None:
    text = MAIN.replace('name = "DB_PASSWORD",', 'note = "🚢🚢", name = "DB_PASSWORD",')

    async def conversation(encodings: list[str] | None, wider: int) -> None:
        async with session(root.parent, encodings) as client:
            client.open(root, text)
            await client.until(lambda: bool(client.of(root)))
            expected = at(text, '"hunter2')
            assert expected.character + wider == client.of(root)[0].range.start.character

    asyncio.run(conversation(None, 2))
    asyncio.run(conversation(["utf-32"], 0))
    asyncio.run(conversation(["utf-8"], 6))


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("var.size}", ("512",)),
        ("local.name", ('"shop-512"', "main.tf:7:10")),
        (
            "module.child.name",
            ('"shop-512"', "module.child.name, module.child.var.name, local.name"),
        ),
        ('"hunter2', ("# plaintext-secret", "fglint: ignore[plaintext-secret]")),
    ],
)
def test_hover_tells_values_and_rules(root: Path, what: str, expected: tuple[str, ...]) -> None:
    async def conversation() -> None:
        async with session(root.parent) as client:
            client.open(root)
            await client.until(lambda: [RULE] == codes(client, root))
            document = types.TextDocumentIdentifier(root.as_uri())
            hover = await client.text_document_hover_async(
                types.HoverParams(document, at(MAIN, what, 2))
            )
            assert hover is not None
            assert isinstance(hover.contents, types.MarkupContent)
            for text in expected:
                assert text in hover.contents.value

    asyncio.run(conversation())


@pytest.mark.parametrize(
    ("what", "file", "line"),
    [
        ("var.size}", "main.tf", 0),
        ("local.name", "main.tf", 6),
        ("module.child.name", "child/main.tf", 2),
    ],
)
def test_definitions_of_references(root: Path, what: str, file: str, line: int) -> None:
    async def conversation() -> None:
        async with session(root.parent) as client:
            client.open(root)
            document = types.TextDocumentIdentifier(root.as_uri())
            found = await client.text_document_definition_async(
                types.DefinitionParams(document, at(MAIN, what, 2))
            )
            assert isinstance(found, types.Location)
            assert (root.parent / file).as_uri() == found.uri
            assert line == found.range.start.line

    asyncio.run(conversation())


def test_an_ignore_comment_ends_the_finding(root: Path) -> None:
    async def conversation() -> None:
        async with session(root.parent) as client:
            client.open(root)
            await client.until(lambda: [RULE] == codes(client, root))
            (found,) = client.of(root)
            document = types.TextDocumentIdentifier(root.as_uri())
            context = types.CodeActionContext([found])
            actions = await client.text_document_code_action_async(
                types.CodeActionParams(document, found.range, context)
            )
            (action,) = actions or []
            assert isinstance(action, types.CodeAction)
            assert action.edit is not None and action.edit.changes is not None
            (edit,) = action.edit.changes[root.as_uri()]
            assert f"  # fglint: ignore[{RULE}] -- \n" == edit.new_text
            lines = MAIN.splitlines(keepends=True)
            lines.insert(edit.range.start.line, edit.new_text)
            client.change(root, "".join(lines))
            await client.until(lambda: [] == client.of(root))

    asyncio.run(conversation())


SERVICE = """\
resource "aws_ecs_service" "app" {
  name             = "app"
  launch_type      = "FARGATE"
  platform_version = "1.3.0"
}
"""


def test_a_fix_is_offered_before_the_comment_and_ends_the_finding(root: Path) -> None:
    rule = "retired-platform-version"
    (root.parent / "fglint.toml").write_text(f'select = ["{rule}"]\n')

    async def conversation() -> None:
        async with session(root.parent) as client:
            client.open(root, SERVICE)
            await client.until(lambda: [rule] == codes(client, root))
            (found,) = client.of(root)
            document = types.TextDocumentIdentifier(root.as_uri())
            actions = await client.text_document_code_action_async(
                types.CodeActionParams(document, found.range, types.CodeActionContext([found]))
            )
            fix, _ = actions or []
            assert isinstance(fix, types.CodeAction)
            assert (f"Fix {rule}", True) == (fix.title, fix.is_preferred)
            assert fix.edit is not None and fix.edit.changes is not None
            (edit,) = fix.edit.changes[root.as_uri()]
            assert isinstance(edit, types.TextEdit)
            start, end = edit.range.start, edit.range.end
            assert ((3, 0), (4, 0)) == ((start.line, start.character), (end.line, end.character))
            assert '  platform_version = "LATEST"\n' == edit.new_text
            lines = SERVICE.splitlines(keepends=True)
            client.change(root, "".join([*lines[:3], edit.new_text, *lines[4:]]))
            await client.until(lambda: [] == client.of(root))

    asyncio.run(conversation())


def test_settings_that_cannot_be_used_are_told_and_end_nothing(root: Path) -> None:
    settings = root.parent / "fglint.toml"
    good = settings.read_text()
    settings.write_text("selekt = []\n")

    async def conversation() -> None:
        async with session(root.parent) as client:
            client.open(root)
            await client.until(lambda: bool(client.messages))
            assert "selekt" in client.messages[0]
            settings.write_text(good)
            change = types.FileEvent(settings.as_uri(), types.FileChangeType.Changed)
            client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
            await client.until(lambda: [RULE] == codes(client, root))

    asyncio.run(conversation())


def test_a_baseline_counts_in_every_check(root: Path) -> None:
    settings = root.parent / "fglint.toml"
    command = [sys.executable, "-m", "fglint", "baseline", "."]
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    subprocess.run(command, cwd=root.parent, env=environment, check=True, capture_output=True)
    settings.write_text(f'baseline = "fglint-baseline.json"\n{settings.read_text()}')

    async def conversation() -> None:
        async with session(root.parent) as client:
            client.open(root, MAIN + "locals {\n  a = var.nam\n}\n")
            await client.until(lambda: [None] == codes(client, root))
            client.change(root, MAIN + "locals {\n  a = var.nam\n  b = var.na\n}\n")
            await client.until(lambda: [None, None] == codes(client, root))

    asyncio.run(conversation())


def test_without_a_shutdown_the_status_is_1() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "fglint", "server"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(TOP)},
    )
    assert (1, b"") == (ran.returncode, ran.stdout)


def test_without_pygls_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['pygls'] = None\n"
    code += "from fglint import cli; sys.exit(cli.run(['server']))"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(TOP)},
    )
    assert 2 == ran.returncode
    assert ["pip install 'fglint[lsp]'" in line for line in ran.stderr.splitlines()] == [True]
