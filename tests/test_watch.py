"""`fglint check --watch`: what changes is checked again, what is wrong does not end it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Run, task

from fglint.commands.watch import state

Write = Callable[[str, str], Path]
PATIENCE = 30.0  # seconds; a machine may be busy


class Watching:
    """A process that watches, and the lines that it prints."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "fglint", "check", "-f", "concise", "--watch", *arguments]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def next(self, words: str) -> list[str]:
        """The lines up to one with these words, taken away."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for number, line in enumerate(self.lines):
                if words in line:
                    found, self.lines[: number + 1] = self.lines[: number + 1], []
                    return found
            time.sleep(0.02)
        raise AssertionError(f"{words} does not come; there is {self.lines}")

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(PATIENCE)
        self.thread.join(PATIENCE)
        return status


@pytest.fixture
def start() -> Iterator[Callable[..., Watching]]:
    running: list[Watching] = []

    def start(*arguments: str) -> Watching:
        running.append(Watching(*arguments))
        return running[-1]

    yield start
    for each in running:
        each.process.kill()
        each.process.wait()
        each.thread.join(PATIENCE)
        assert each.process.stdout is not None
        each.process.stdout.close()


@pytest.mark.slow
def test_changes_are_checked(write: Write, start: Callable[..., Watching]) -> None:
    write("main.tf", task(container="shop-web"))
    watching = start("--report", "json=out.json")
    assert "Nothing found" in "".join(watching.next("watching "))
    write("main.tf", task())
    assert "main.tf changed" in watching.next(" changed")[-1]
    assert "[unprefixed-container]" in "".join(watching.next("watching "))
    write("other.tf", task("other"))
    assert 2 == "".join(watching.next("watching ")).count("[unprefixed-container]")
    write("fglint.toml", "slect = []\n")
    assert "unknown setting slect; did you mean select?" in "".join(watching.next("watching "))
    write("fglint.toml", 'select = ["unprefixed-container"]\nrule-directories = ["policies"]\n')
    assert 2 == "".join(watching.next("watching ")).count("[unprefixed-container]")
    assert 1 == watching.end()
    assert "Traceback" not in "".join(watching.lines)


@pytest.mark.slow
def test_what_is_wrong_at_first_ends_it(project: Path) -> None:
    command = [sys.executable, "-m", "fglint", "check", "--watch", "nowhere"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert (2, "fglint: nowhere does not exist\n") == (ran.returncode, ran.stderr)


@pytest.mark.parametrize("flags", [["--fix"], ["--diff"], ["-", "--stdin-filename", "a.tf"]])
def test_what_makes_no_sense_is_refused(fglint: Run, write: Write, flags: list[str]) -> None:
    write("main.tf", task())
    ran = fglint("check", "--watch", *flags)
    assert (2, "") == (ran.status, ran.out)
    assert "--watch goes with no --fix, no --diff and no path -" in ran.err


def test_state_tells_changes_of_files_and_new_inputs(tmp_path: Path) -> None:
    file, missing = tmp_path / "main.tf", tmp_path / "none.tf"
    file.write_text("a")
    before = state([tmp_path, file, missing])
    (tmp_path / "out.json.txt").write_text("a report")
    assert before == state([tmp_path, file, missing])
    os.utime(file, ns=(1, 1))
    assert {file} == {p for p, each in state([tmp_path, file]).items() if each != before[p]}
    missing.write_text("")
    assert tmp_path in {p for p, each in state([tmp_path]).items() if each != before[p]}
