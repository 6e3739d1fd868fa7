"""Writing: whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from fglint import output


def test_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old and longer")
    path.chmod(0o640)
    output.write(path, "new\n")
    assert ("new\n", 0o640) == (path.read_text(), stat.S_IMODE(path.stat().st_mode))
    assert [path] == list(tmp_path.iterdir())


def test_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    path, plain = tmp_path / "a", tmp_path / "b"
    output.write(path, "")
    plain.write_text("")
    assert plain.stat().st_mode == path.stat().st_mode


def test_failed_write_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")

    def failing(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(output.WriteError, match="cannot be written: no space left on device"):
        output.write(path, "new")
    assert "old" == path.read_text()
    assert [path] == list(tmp_path.iterdir())


def test_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    output.write(link, "new")
    assert ("new", True) == (target.read_text(), link.is_symlink())


def test_text_is_appended_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    output.write(path, "a\n", append=True)
    output.write(path, "b\n", append=True)
    assert "a\nb\n" == path.read_text()


def test_devices_are_written_to(tmp_path: Path) -> None:
    output.write(Path(os.devnull), "x")
    assert not Path(os.devnull).is_file()


def test_missing_directory_is_said(tmp_path: Path) -> None:
    with pytest.raises(output.WriteError, match="no such file or directory"):
        output.write(tmp_path / "none" / "x", "")
