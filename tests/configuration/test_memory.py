"""What is parsed once and used again by later loads."""

from __future__ import annotations

from pathlib import Path

from fglint.configuration.loader import Configuration, load
from fglint.configuration.reader import Memory
from fglint.source import Files
from fglint.syntax.nodes import File

TEXTS = {"main.tf": 'locals { a = "one" }\n', "other.tf": "locals { b = upper(local.a) }\n"}


def loaded(directory: Path, memory: Memory) -> Configuration:
    return load(directory, Files(directory), memory=memory)


def files_of(configuration: Configuration) -> dict[str, File]:
    return {file.source.path: file for file in configuration.root.written.files}


def test_a_file_is_parsed_again_only_when_its_text_changed(tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    memory = Memory()
    first = loaded(tmp_path, memory)
    assert "ONE" == first.root.local("b")
    (tmp_path / "main.tf").write_text('\n\nlocals { a = "two" }\n')
    second = loaded(tmp_path, memory)
    assert "TWO" == second.root.local("b")
    before, after = files_of(first), files_of(second)
    assert before["other.tf"] is after["other.tf"]
    assert before["main.tf"] is not after["main.tf"]


def test_an_older_text_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    memory = Memory()
    for number in range(3):
        path.write_text(f"locals {{ a = {number} }}\n")
        loaded(tmp_path, memory).root.local("a")
    assert [path] == list(memory.files)
    assert [memory.files[path].source] == list(memory.compilers)


def test_text_that_is_not_utf8_is_told_each_time(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_bytes(b'locals { a = "\xff" }\n')
    memory = Memory()
    for _ in range(2):
        summaries = [each.summary for each in loaded(tmp_path, memory).diagnostics]
        assert ["Invalid character encoding"] == summaries
