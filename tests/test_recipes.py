"""The recipes for pipelines and editors: each parses, and each command line is one of fglint's."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from fglint.cli import cli
from fglint.commands.init import HOOK, WORKFLOW
from fglint.settings import load

TOP = Path(__file__).parent.parent
PAGES = {name: (TOP / "docs" / name).read_text(encoding="utf-8") for name in ("ci.md", "editor.md")}
ZIZMOR = Path(sys.executable).with_name("zizmor")
ACTION = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))


def blocks(language: str) -> list[str]:
    pattern = rf"^```{language}\n(.*?)^```$"
    return [
        b for text in PAGES.values() for b in re.findall(pattern, text, re.MULTILINE | re.DOTALL)
    ]


def texts(value: object) -> Iterator[str]:
    """All texts in a document of YAML."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def commands() -> list[str]:
    found = [
        line
        for text in blocks("yaml")
        for each in texts(yaml.safe_load(text))
        for line in each.splitlines()
    ]
    found += [line for text in blocks("sh") for line in text.splitlines()]
    found += [line for each in texts(yaml.safe_load(WORKFLOW)) for line in each.splitlines()]
    found += re.findall(r"sh '\.venv/bin/(.*)'", "".join(blocks("groovy")))
    return [
        line.partition("<")[0].partition('/src:ro" ')[2] or line.partition("<")[0]
        for line in found
        if re.match(r"fglint |docker run ", line)
    ]


# ---- all that recipes run, run ----------------------------------------------------------------

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NOT_HERE = re.compile(r"docker |pipx |pip install |python3? -m (?:venv|pip) |.*\bpip install ")


def steps(value: object) -> Iterator[str]:
    """The lines of shell in a pipeline, in their order."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key in ("run", "script"):
                yield from ([each] if isinstance(each, str) else each)
            else:
                yield from steps(each)
    elif isinstance(value, list):
        for each in value:
            yield from steps(each)


def scripts() -> Iterator[tuple[str, str]]:
    """The shell of each snippet, without what installs something."""
    texts = {**PAGES, "README.md": (TOP / "README.md").read_text(encoding="utf-8")}
    texts["the workflow of fglint init"] = f"```yaml\n{WORKFLOW}```\n"
    for page, text in texts.items():
        for number, (language, block) in enumerate(_FENCE.findall(text), 1):
            lines: list[str] = []
            if language == "yaml":
                lines = [
                    line for step in steps(yaml.safe_load(block)) for line in step.splitlines()
                ]
            elif language == "sh":
                lines = block.splitlines()
            elif language == "groovy":
                lines = re.findall(r"sh '(.*)'", block)
            lines = [line.replace(".venv/bin/", "") for line in lines if not _NOT_HERE.match(line)]
            script = "\n".join(line for line in lines if not line.startswith("python -m pytest"))
            if script:
                yield f"{page}, block {number}", script


SCRIPTS = dict(scripts())


def test_recipes_of_all_pages_have_scripts() -> None:
    assert {"ci.md", "editor.md", "README.md", "the workflow of fglint init"} == {
        name.partition(",")[0] for name in SCRIPTS
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_run(tmp_path: Path, name: str) -> None:
    programs, project = tmp_path / "bin", tmp_path / "project"
    programs.mkdir()
    fglint = programs / "fglint"
    fglint.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m fglint "$@"\n')
    fglint.chmod(0o755)
    shutil.copytree(TOP / "reference" / "nat", project / "infra")
    (project / "infra" / "main.tf").write_text("locals {}\n")
    (project / ".git").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(TOP), "GITHUB_STEP_SUMMARY": ""}
    environment["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["sh", "-euc", SCRIPTS[name]], cwd=project, env=environment, capture_output=True, text=True
    )
    assert (0, "") == (ran.returncode, ran.stderr)
    for report in re.findall(r"--report \w+=(\S+)", SCRIPTS[name]):
        assert (project / report).stat().st_size


def test_facts_of_the_page_are_settings(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", (TOP / "docs" / "facts.md").read_text(), re.DOTALL)
    (tmp_path / "fglint.toml").write_text(block)
    assert ["subnets", "roles"] == [fact.kind for fact in load(tmp_path / "fglint.toml").facts]


def test_there_are_command_lines() -> None:
    assert 8 <= len(commands())


@pytest.mark.parametrize("line", commands())
def test_command_lines_are_accepted(line: str) -> None:
    name, *arguments = shlex.split(line)[1:]
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    command.make_context(name, arguments)  # raises click.UsageError for what is none


@pytest.mark.parametrize("block", blocks("toml"))
def test_settings_of_editors_parse(block: str) -> None:
    assert "fglint" in tomllib.loads(block)["language-server"]


def test_inputs_of_the_action_are_documented() -> None:
    rows = re.findall(r"^\| (`.*?) \|", PAGES["ci.md"], re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}
    assert set(ACTION["inputs"]) == documented


@pytest.mark.parametrize("text", [(TOP / "README.md").read_text(), PAGES["ci.md"], WORKFLOW])
def test_actions_of_others_are_pinned(text: str) -> None:
    used = re.findall(r"uses: (\S+)( # v[\d.]+)?$", text, re.MULTILINE)
    assert used
    assert [] == [name for name, note in used if not (note and re.search(r"@[0-9a-f]{40}$", name))]


@pytest.mark.skipif(not ZIZMOR.exists(), reason="zizmor is not installed")
def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "fglint.yml").write_text(WORKFLOW)
    shutil.copy(TOP / "action.yml", tmp_path)
    ran = subprocess.run([ZIZMOR, "--offline", tmp_path], capture_output=True, text=True)
    assert 0 == ran.returncode, ran.stdout
    assert "No findings to report" in ran.stdout


def test_the_action_interpolates_nothing_into_scripts() -> None:
    assert [] == [s["name"] for s in ACTION["runs"]["steps"] if "${{" in s.get("run", "")]


@pytest.mark.parametrize("status", [0, 1, 3])
def test_the_action_passes_arguments_and_status(tmp_path: Path, status: int) -> None:
    program = tmp_path / "fglint" / "bin" / "fglint"
    program.parent.mkdir(parents=True)
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > "$RUNNER_TEMP/arguments"\nexit {status}\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (step,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == "check"]
    environment = {
        **os.environ,
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "PATHS": "infra\nwith space\n$(touch injected)\n",
        "CONFIG": "",
        "FAIL_ON": "high",
        "UNKNOWN": "",
        "EXPECT_SERVICES": "2",
        "SARIF_FILE": "out dir/fglint.sarif",
        "ARGUMENTS": "--var\nname=a b\n",
    }
    ran = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env=environment,
        cwd=tmp_path,
    )
    expected = ["check", "--output-format", "github", "--report", "sarif=out dir/fglint.sarif"]
    expected += ["--fail-on", "high", "--expect-services", "2", "--var", "name=a b"]
    expected += ["--", "infra", "with space", "$(touch injected)"]
    assert status == ran.returncode
    assert expected == (tmp_path / "arguments").read_text().splitlines()
    assert not (tmp_path / "injected").exists()
    written = (tmp_path / "output").read_text()
    assert written.startswith(f"status={status}\nsarif-file<<")
    assert "\nout dir/fglint.sarif\n" in written


def copied() -> dict[str, str]:
    """What the image's first stage copies, each with where to."""
    found: dict[str, str] = {}
    for line in (TOP / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            *names, target = line.split()[1:]
            found.update((name, f"{target}{name}" if target == "./" else target) for name in names)
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("main.tf", True),
        ("a/b.tofu", True),
        ("a.tf.json", True),
        ("prod.auto.tfvars", True),
        ("prod.tfvars.json", True),
        ("task.json.tpl", True),
        ("user.tftpl", True),
        ("fglint.toml", True),
        ("infra/.fglint.toml", True),
        ("notfglint.toml", False),
        ("main.tfx", False),
        ("README.md", False),
    ],
)
def test_hooks_take_what_a_check_reads(name: str, expected: bool) -> None:
    hooks = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text())
    (local,) = yaml.safe_load(HOOK)["repos"]
    patterns = {hook["files"] for hook in (*hooks, *local["hooks"]) if "files" in hook}
    (pattern,) = patterns
    assert expected is bool(re.search(pattern, name))


def test_the_image_gets_what_it_copies() -> None:
    text = (TOP / "Dockerfile").read_text()
    assert {"fglint", "rules", "reference"} < copied().keys()
    ignored = (TOP / ".dockerignore").read_text().splitlines()
    assert [] == [name for name in copied() if f"!{name}" not in ignored]
    assert re.search(r"^USER \d+$", text, re.MULTILINE)


@pytest.mark.slow
def test_the_image_copies_what_the_package_needs(tmp_path: Path) -> None:
    for name, target in copied().items():
        source, goal = TOP / name, tmp_path / "build" / target
        goal.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, goal, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, goal)
    command = [sys.executable, "-m", "build", "--wheel", "-o", tmp_path / "out", tmp_path / "build"]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert 0 == ran.returncode, ran.stdout + ran.stderr
    assert 1 == len(list((tmp_path / "out").glob("fglint-*.whl")))
