"""Reading files, and places in them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fglint.source import MAXIMUM_SIZE, Files, ReadError, SourceFile


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("", 0, (1, 1)),
        ("abc", 3, (1, 4)),
        ("a\nb", 1, (1, 2)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\n\n", 3, (3, 1)),
        ("é😀x", 2, (1, 3)),
        ("\ufeffab", 1, (1, 2)),
    ],
)
def test_position_counts_lines_and_code_points_from_one(
    text: str, offset: int, expected: tuple[int, int]
) -> None:
    assert expected == SourceFile("f", text).position(offset)


def test_lines_come_without_their_breaks() -> None:
    source = SourceFile("f", "a\r\nb\n\nc")
    assert ["", "a", "b", "", "c", ""] == [source.line(number) for number in range(6)]


def test_ranges_are_half_open_and_compare_by_place() -> None:
    source = SourceFile("f", "ab\ncd")
    place = source.range(1, 4)
    assert ("b\nc", (1, 2), (2, 2), "f:1:2") == (
        place.text, place.begin, place.finish, str(place)
    )  # fmt: skip
    assert source.range(1, 4) == place
    assert source.range(2, 2).begin == source.range(2, 2).finish


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / "infra").mkdir(parents=True)
    (root / "infra" / "main.tf").write_bytes("é = 1\r\n".encode())
    (tmp_path / "secret.txt").write_text("outside")
    return root


def test_paths_are_shown_relative_to_the_base(repository: Path) -> None:
    files = Files(base=repository)
    assert "infra/main.tf" == files.source(repository / "infra" / "main.tf").path
    assert "../secret.txt" == files.display(repository.parent / "secret.txt")


def test_text_keeps_line_breaks_and_is_read_once(repository: Path) -> None:
    files = Files(base=repository)
    path = repository / "infra" / "main.tf"
    source = files.source(path)
    assert "é = 1\r\n" == source.text
    path.write_text("changed")
    assert source is files.source(repository / "infra" / ".." / "infra" / "main.tf")
    assert b"\xc3\xa9 = 1\r\n" == files.bytes(path)
    assert [path] == list(files.read)


def test_bytes_that_are_not_utf8_are_replaced_and_noted(repository: Path) -> None:
    path = repository / "latin.tf"
    path.write_bytes(b'a = "caf\xe9"\n')
    files = Files(base=repository)
    assert 'a = "caf\ufffd"\n' == files.source(path).text
    assert {path} == files.invalid_utf8


def test_overlay_stands_for_a_file(repository: Path) -> None:
    unsaved, new = repository / "infra" / "main.tf", repository / "infra" / "new.tf"
    files = Files(base=repository, overlay={unsaved: "x = 1", new: "y = 2"})
    assert "x = 1" == files.source(unsaved).text
    assert files.exists(new)
    assert ["main.tf", "new.tf"] == files.names(repository / "infra")


def _link(link: Path, target: Path) -> None:
    try:
        os.symlink(target, link)
    except OSError:
        pytest.skip("symbolic links cannot be made here")


def test_nothing_outside_the_boundary_is_read(repository: Path) -> None:
    _link(repository / "infra" / "link.txt", repository.parent / "secret.txt")
    files = Files(base=repository, boundary=repository)
    for path in (
        repository.parent / "secret.txt",
        repository / ".." / "secret.txt",
        repository / "infra" / "link.txt",
    ):
        with pytest.raises(ReadError, match="it lies outside the repository"):
            files.source(path)
        assert not files.exists(path)
    assert [] == files.names(repository.parent)
    assert not files.is_directory(repository.parent)
    assert files.is_directory(repository / "infra")


def test_links_inside_the_boundary_are_followed(repository: Path) -> None:
    _link(repository / "infra" / "link.tf", repository / "infra" / "main.tf")
    files = Files(base=repository, boundary=repository)
    assert "é = 1\r\n" == files.source(repository / "infra" / "link.tf").text


def test_what_cannot_be_read_says_why(repository: Path) -> None:
    files = Files(base=repository)
    with pytest.raises(ReadError, match="there is no such file"):
        files.bytes(repository / "missing.tf")
    with pytest.raises(ReadError, match="it is a directory"):
        files.bytes(repository / "infra")
    large = repository / "large.tf"
    with large.open("wb") as stream:
        stream.truncate(MAXIMUM_SIZE + 1)
    with pytest.raises(ReadError, match="it is larger than 8 MiB"):
        files.bytes(large)
    assert [] == files.names(repository / "missing")


def test_pipes_are_no_files(repository: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes here")
    os.mkfifo(repository / "pipe.tf")
    with pytest.raises(ReadError, match="it is no regular file"):
        Files(base=repository).bytes(repository / "pipe.tf")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_missing_permission_is_said(repository: Path) -> None:
    path = repository / "infra" / "main.tf"
    path.chmod(0)
    with pytest.raises(ReadError, match="permission denied"):
        Files(base=repository).bytes(path)


def test_a_loop_of_links_is_no_traceback(repository: Path) -> None:
    _link(repository / "loop.tf", repository / "loop.tf")
    files = Files(base=repository, boundary=repository)
    with pytest.raises(ReadError, match="too many levels of symbolic links"):
        files.bytes(repository / "loop.tf")
    assert not files.exists(repository / "loop.tf")


def test_a_name_that_no_file_can_have_is_no_traceback(repository: Path) -> None:
    files = Files(base=repository, boundary=repository)
    for name, reason in (("a\0b", "no file can have that name"), ("a" * 5000, "too long")):
        with pytest.raises(ReadError, match=reason):
            files.bytes(repository / name)
        assert not files.exists(repository / name)
