"""The reader of modules chooses the front end, compares both, and says what is not UTF-8."""

from __future__ import annotations

from pathlib import Path

from syntax.notation import outline

from fglint.configuration.reader import Reader
from fglint.source import Files
from fglint.syntax.nodes import File


def _read(path: Path, content: bytes, **options: object) -> File:
    path.write_bytes(content)
    return Reader(Files(base=path.parent), **options).file(path)  # type: ignore[arg-type]


def _said(file: File) -> list[str]:
    return [f"{each.severity} {each.range} {each.summary}" for each in file.diagnostics]


def test_bytes_that_are_not_utf8_have_a_place_and_hide_nothing(tmp_path: Path) -> None:
    file = _read(tmp_path / "main.tf", b'a = 1\nb = "caf\xe9"\nc = 2\n')
    assert ["error main.tf:2:9 Invalid character encoding"] == _said(file)
    assert ["a = 1", 'b = "caf\ufffd"', "c = 2"] == outline(file.body)


def test_python_hcl2_reads_when_it_is_chosen(tmp_path: Path) -> None:
    file = _read(tmp_path / "main.tf", b"a = !!b\nc = 1\n", parser="python-hcl2")
    assert ["error main.tf:1:6 Invalid syntax"] == _said(file)


def test_cross_check_says_what_only_one_parser_reads(tmp_path: Path) -> None:
    file = _read(tmp_path / "main.tf", b"a = !!b\nc = 1\n", cross_check=True)
    assert ["warning main.tf:1:6 Parsers disagree"] == _said(file)
    assert ["a = (! (! b))", "c = 1"] == outline(file.body)


def test_cross_check_is_silent_where_both_agree(tmp_path: Path) -> None:
    content = "a = <<-E\n  é ${b}\n  E\n".encode()
    assert [] == _said(_read(tmp_path / "main.tf", content, cross_check=True))


def test_json_is_read_by_the_native_parser_alone(tmp_path: Path) -> None:
    file = _read(tmp_path / "main.tf.json", b'{"a": 1}', parser="python-hcl2", cross_check=True)
    assert [] == _said(file)
    assert ["a = 1"] == outline(file.body)
