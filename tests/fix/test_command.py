"""`fglint check --fix`, `--unsafe-fixes` and `--diff`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import fglint

TASK = """resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = %s
  cpu                      = 256
  memory                   = 512
  container_definitions    = jsonencode([{ name = "app", image = "a:1", stopTimeout = 300 }])
}
"""
SELECT = ("--select", "network-mode-not-awsvpc,invalid-timeout", "--isolated")


def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fglint", "check", *SELECT, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(fglint.__file__).parent.parent)}
    return subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def main(tmp_path: Path) -> Path:
    path = tmp_path / "main.tf"
    path.write_text(TASK % '"host"', encoding="utf-8")
    return path


def test_safe_fixes_are_written_and_the_rest_is_reported(main: Path) -> None:
    done = run(main.parent, "--fix")
    assert TASK % '"awsvpc"' == main.read_text(encoding="utf-8")
    assert "1 fixed, 1 left (1 with --unsafe-fixes)" in done.stderr
    assert "fixed main.tf:4:30: network-mode-not-awsvpc" in done.stderr
    assert "invalid-timeout" in done.stdout
    assert 1 == done.returncode


def test_unsafe_fixes_are_written_when_asked_for(main: Path) -> None:
    done = run(main.parent, "--fix", "--unsafe-fixes")
    expected = (TASK % '"awsvpc"').replace("300", "120")
    assert expected == main.read_text(encoding="utf-8")
    assert "2 fixed, 0 left" in done.stderr
    assert 0 == done.returncode
    again = run(main.parent, "--fix", "--unsafe-fixes")
    assert expected == main.read_text(encoding="utf-8")
    assert "0 fixed, 0 left" in again.stderr


def test_a_diff_is_printed_and_nothing_written(main: Path) -> None:
    done = run(main.parent, "--diff")
    assert TASK % '"host"' == main.read_text(encoding="utf-8")
    assert "--- main.tf\n+++ main.tf\n" in done.stdout
    assert '-  network_mode             = "host"\n' in done.stdout
    assert '+  network_mode             = "awsvpc"\n' in done.stdout
    assert "1 would be fixed, 2 left" in done.stderr or "1 would be fixed, 1 left" in done.stderr
    assert 1 == done.returncode


DEFAULT = '\nvariable "mode" {\n  default = "host"\n}\n'


def test_a_value_from_elsewhere_is_changed_where_it_is_written(main: Path) -> None:
    main.write_text(TASK % "var.mode" + DEFAULT, encoding="utf-8")
    run(main.parent, "--fix")
    expected = TASK % "var.mode" + DEFAULT.replace("host", "awsvpc")
    assert expected == main.read_text(encoding="utf-8")


def test_a_value_that_is_used_twice_stays(main: Path) -> None:
    text = TASK % "var.mode" + DEFAULT + 'output "mode" {\n  value = var.mode\n}\n'
    main.write_text(text, encoding="utf-8")
    done = run(main.parent, "--fix")
    assert text == main.read_text(encoding="utf-8")
    assert "network_mode is var.mode: change the value at its source" in done.stderr
    assert "var.mode is used elsewhere, too" in done.stderr


def test_a_value_that_is_given_from_outside_stays(main: Path) -> None:
    text = TASK % "var.mode" + DEFAULT
    main.write_text(text, encoding="utf-8")
    (main.parent / "terraform.tfvars").write_text('mode = "host"\n', encoding="utf-8")
    done = run(main.parent, "--fix")
    assert text == main.read_text(encoding="utf-8")
    assert "network_mode is var.mode: change the value at its source" in done.stderr


def test_what_shares_its_text_with_a_sound_resource_stays(main: Path) -> None:
    text = (
        (TASK % '"awsvpc"')
        .replace("300", "each.value.stop")
        .replace("{\n", "{\n  for_each = { a = { stop = 300 }, b = { stop = 30 } }\n", 1)
    )
    main.write_text(text, encoding="utf-8")
    run(main.parent, "--fix", "--unsafe-fixes")
    assert text == main.read_text(encoding="utf-8")


def test_a_suppressed_finding_is_not_fixed(main: Path) -> None:
    reason = "# fglint: ignore[network-mode-not-awsvpc] -- tested\n"
    text = reason + TASK % '"host"'
    main.write_text(text, encoding="utf-8")
    run(main.parent, "--fix")
    assert text == main.read_text(encoding="utf-8")


def test_a_byte_order_mark_and_line_ends_stay(main: Path) -> None:
    text = (TASK % '"host"').replace("\n", "\r\n")
    main.write_bytes(b"\xef\xbb\xbf" + text.encode())
    run(main.parent, "--fix")
    expected = (TASK % '"awsvpc"').replace("\n", "\r\n")
    assert b"\xef\xbb\xbf" + expected.encode() == main.read_bytes()


def test_unsafe_fixes_alone_are_a_misuse(main: Path) -> None:
    done = run(main.parent, "--unsafe-fixes")
    assert 2 == done.returncode
    assert "--unsafe-fixes goes with --fix or --diff" in done.stderr


def test_a_local_value_that_another_resource_reads_stays(main: Path) -> None:
    shared = "jsonencode([local.container])"
    inline = 'jsonencode([{ name = "app", image = "a:1", stopTimeout = 300 }])'
    task = (TASK % '"awsvpc"').replace(inline, shared)
    local = 'locals {\n  container = { name = "app", image = "a:1", stopTimeout = 300 }\n}\n'
    other = 'resource "aws_ssm_parameter" "app" {\n  value = jsonencode(local.container)\n}\n'
    main.write_text(task + local + other, encoding="utf-8")
    done = run(main.parent, "--fix", "--unsafe-fixes")
    assert task + local + other == main.read_text(encoding="utf-8")
    assert "it would change aws_ssm_parameter.app, too" in done.stderr
    main.write_text(task + local, encoding="utf-8")
    run(main.parent, "--fix", "--unsafe-fixes")
    assert task + local.replace("300", "120") == main.read_text(encoding="utf-8")


def test_a_module_that_is_called_twice_changes_if_both_calls_fail(tmp_path: Path) -> None:
    module = (TASK % '"awsvpc"').replace("300", "var.stop") + 'variable "stop" {}\n'
    literal = TASK % '"host"'
    (tmp_path / "task").mkdir()
    path = tmp_path / "task" / "main.tf"
    calls = "".join(
        f'module "{name}" {{\n  source = "./task"\n  stop   = {stop}\n}}\n'
        for name, stop in (("a", 300), ("b", 30))
    )
    (tmp_path / "main.tf").write_text(calls, encoding="utf-8")
    path.write_text(module, encoding="utf-8")
    run(tmp_path, "--fix", "--unsafe-fixes")
    assert module == path.read_text(encoding="utf-8")
    path.write_text(literal + 'variable "stop" {}\n', encoding="utf-8")
    done = run(tmp_path, "--fix")
    assert "2 fixed, 2 left" in done.stderr
    assert TASK % '"awsvpc"' + 'variable "stop" {}\n' == path.read_text(encoding="utf-8")


def test_a_downloaded_module_stays(tmp_path: Path) -> None:
    place = tmp_path / ".terraform" / "modules" / "task"
    place.mkdir(parents=True)
    text = TASK % '"host"'
    (place / "main.tf").write_text(text, encoding="utf-8")
    (tmp_path / ".terraform" / "modules" / "modules.json").write_text(
        '{"Modules": [{"Key": "", "Source": "", "Dir": "."}, '
        '{"Key": "task", "Source": "registry.example/a/task/aws", '
        '"Version": "1.0.0", "Dir": ".terraform/modules/task"}]}',
        encoding="utf-8",
    )
    call = 'module "task" {\n  source = "registry.example/a/task/aws"\n}\n'
    (tmp_path / "main.tf").write_text(call, encoding="utf-8")
    done = run(tmp_path, "--fix")
    assert "0 fixed, 2 left" in done.stderr
    assert text == (place / "main.tf").read_text(encoding="utf-8")


def test_a_module_that_git_ignores_or_that_lies_in_another_repository_stays(
    tmp_path: Path,
) -> None:
    root, other = tmp_path / "a", tmp_path / "b"
    for place in (root / "ignored", root / "own", other):
        place.mkdir(parents=True)
        (place / "main.tf").write_text(TASK % '"host"', encoding="utf-8")
    for repository in (root, other):
        (repository / ".git").mkdir()
    (root / ".gitignore").write_text("ignored/\n", encoding="utf-8")
    calls = [("ignored", "./ignored"), ("own", "./own"), ("other", "../b")]
    text = "".join(f'module "{name}" {{\n  source = "{source}"\n}}\n' for name, source in calls)
    (root / "main.tf").write_text(text, encoding="utf-8")
    done = run(root, "--fix")
    assert TASK % '"awsvpc"' == (root / "own" / "main.tf").read_text(encoding="utf-8")
    for place in (root / "ignored", other):
        assert TASK % '"host"' == (place / "main.tf").read_text(encoding="utf-8")
    assert "ignored/main.tf is ignored by git" in done.stderr


def test_a_file_in_json_syntax_stays_and_that_is_said(tmp_path: Path) -> None:
    text = '{"resource": {"aws_ecs_task_definition": {"app": {"network_mode": "host", '
    text += '"requires_compatibilities": ["FARGATE"], "container_definitions": "[]"}}}}'
    (tmp_path / "main.tf.json").write_text(text, encoding="utf-8")
    done = run(tmp_path, "--fix")
    assert text == (tmp_path / "main.tf.json").read_text(encoding="utf-8")
    assert "main.tf.json is in JSON syntax" in done.stderr
