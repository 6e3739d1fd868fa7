"""The command line: errors are one line, statuses are right, commands print what they promise."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import networkx
import pytest
from conftest import Run, task

import fglint as package
from fglint.cli import COMMANDS

Write = Callable[[str, str], Path]
FGLINT = (sys.executable, "-m", "fglint")
REFERENCE = Path(__file__).parent.parent / "reference"


# ---- errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], 'there is no command "chek"; did you mean "check"?'),
        (["policies"], "policies is a path, not a command; did you mean `fglint check policies`?"),
        (["check", "--fial-on", "high"], "no option --fial-on; did you mean --fail-on?"),
        (["check", "--xyzzy"], "see `fglint check --help`"),
        (["check", "--fail-on", "hihg"], "is not critical, high, medium, low, info or never; did"),
        (["check", "-f", "sarf"], '--output-format: "sarf" is not text, full,'),
        (["check", "--expect-services", "few"], "is no whole number of 0 or more"),
        (["check", "--config", "none.toml"], "--config none.toml does not exist"),
        (["check", "--config", "policies"], "--config policies is a directory, not a file"),
        (["check", "--var-file", "policies"], "--var-file policies is a directory, not a file"),
        (["check", ""], 'PATHS: the path is empty; "." is this directory'),
        (["check", "--report", "json=a", "--report", "sarif=./a"], "names a twice"),
        (["check", "--stdin-filename", "main.tf"], "--stdin-filename goes with the path -"),
        (["eval"], "EXPRESSION is missing; see `fglint eval --help`"),
        (["config", ".", "b"], "got unexpected extra argument (b); see `fglint config --help`"),
        (["check", "--rules", "none"], "--rules: there is no directory none"),
        (["check", "--select", "long-nam"], 'did you mean "long-name"?'),
        (["explain", "long-name"], "there is no rule"),
        (["explain", "--rules", "policies", "long-nam"], 'did you mean "long-name"?'),
        (["reference", "nta"], 'there is no reference stack "nta"; did you mean "nat"?'),
        (["graph", "none"], "none does not exist"),
        (["config", "none"], "none does not exist"),
        (["eval", "1 +"], "column "),
        (["eval", "1", "--module", "module.x"], "there is no module module.x"),
        (["test", "none"], "there is no directory none"),
        (["init", "none"], "there is no directory none"),
    ],
)
def test_misuse_is_one_line_and_status_2(
    fglint: Run, write: Write, arguments: list[str], words: str
) -> None:
    write("main.tf", task())
    ran = fglint(*arguments)
    assert 2 == ran.status
    assert "" == ran.out
    assert words in ran.err
    assert ran.err.startswith("fglint: ")
    assert 1 == ran.err.count("\n")


def test_no_command_prints_help_and_is_status_2(fglint: Run) -> None:
    ran = fglint()
    assert (2, "") == (ran.status, ran.out)
    assert all(name in ran.err for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(fglint: Run, name: str) -> None:
    ran = fglint(name, "--help")
    assert 0 == ran.status
    assert ran.out.startswith(f"Usage: fglint {name}")


def test_version(fglint: Run) -> None:
    assert f"fglint {package.__version__}\n" == fglint("--version").out


@pytest.mark.slow
def test_closed_pipe_ends_quietly(write: Write, project: Path) -> None:
    write("main.tf", "\n".join(task(f"app{number}") for number in range(400)))
    command = [*FGLINT, "check", "-f", "full"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert b"" == process.stderr.read()
    assert 1 == process.returncode


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no full device")
def test_full_disk_is_one_line_and_status_2(write: Write, project: Path) -> None:
    write("main.tf", task())
    with open("/dev/full", "w") as full:
        ran = subprocess.run([*FGLINT, "check"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert 2 == ran.returncode
    assert "fglint: the standard output cannot be written: no space left on device\n" == ran.stderr


@pytest.mark.slow
def test_interrupt_is_one_line_and_leaves_no_file(write: Write, project: Path) -> None:
    for number in range(400):
        write(f"roots/{number}/main.tf", "\n".join(task(f"app{n}") for n in range(20)))
    command = [*FGLINT, "check", "--report", "json=out.json", "-v"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        process.stderr.readline()  # the first root is being checked
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read().decode()
    assert 130 == process.returncode
    assert rest.endswith("fglint: interrupted\n")
    assert "Traceback" not in rest
    assert [] == list(project.glob("*out.json*"))


# ---- what is imported -------------------------------------------------------------------------


def imported(*arguments: object) -> set[str]:
    """The top-level packages that a command line imports."""
    code = (
        "import sys; from fglint import cli; "
        f"cli.run({[str(each) for each in arguments]!r}); "
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    found = json.loads(ran.stderr.splitlines()[-1].replace("'", '"'))
    return set(found)


HEAVY = {"networkx", "sarif_om", "attr", "hcl2", "lark"}


@pytest.mark.slow
def test_plain_check_imports_nothing_heavy(write: Write, project: Path) -> None:
    write("infra/main.tf", task())
    found = imported("check", "infra", "--isolated")
    assert set() == found & (HEAVY | {"pydantic", "tomllib"})
    assert set() == imported("check", "infra") & HEAVY


@pytest.mark.slow
def test_version_imports_no_command(project: Path) -> None:
    assert set() == imported("--version") & (HEAVY | {"pydantic", "json", "dataclasses"})


# ---- commands ---------------------------------------------------------------------------------


def test_rules_are_listed(fglint: Run, project: Path) -> None:
    ran = fglint("rules", "names", "--rules", "policies")
    assert (
        "  long-name             low       Names of containers are short. (when selected)"
        in ran.out
    )
    document = fglint("rules", "names", "--rules", "policies", "-f", "json").json
    names = [rule["name"] for rule in document["rules"]]
    assert ["long-name", "unprefixed-container"] == names


def test_rule_is_explained(fglint: Run, project: Path) -> None:
    out = fglint("explain", "--rules", "policies", "unprefixed-container").out
    assert out.startswith("# unprefixed-container\n")
    assert "`prefix`" in out


def test_graph_as_json_is_the_graph(fglint: Run, write: Write) -> None:
    write("main.tf", 'variable "a" {}\n\nlocals {\n  b = var.a\n}\n')
    document = fglint("graph").json
    assert [{"from": "local.b", "to": "var.a"}] == document["edges"]
    assert {"path": "main.tf", "line": 4, "column": 7} == document["nodes"][0]["location"]


def test_graph_as_dot_is_read_by_others(fglint: Run, write: Write) -> None:
    write("main.tf", 'resource "aws_eip" "a" {\n  for_each = toset(["x\\"y"])\n}\n')
    lines = fglint("graph", "-f", "dot").out.splitlines()
    assert r'  "aws_eip.a[\"x\\\"y\"]"' in lines
    assert isinstance(networkx.DiGraph(), networkx.Graph)


EVALUATED = """\
variable "unset" {}

variable "password" {
  default = "not-a-real-password"
}

locals {
  list   = [1, "two", { three = 3 }]
  text   = "price: $${x}"
  secret = { a = var.password }
  far    = local.text
}

resource "aws_lb" "main" {}
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 1", "2\n"),
        ("local.text", '"price: $${x}"\n# local.text is "price: $${x}", at main.tf:9:12\n'),
        ("[]", "[]\n"),
        (
            "local.list",
            '[\n  1,\n  "two",\n  {\n    three = 3\n  },\n]\n'
            '# local.list is [1, "two", { three = 3 }], at main.tf:8:12\n',
        ),
        (
            "local.far",
            '"price: $${x}"\n# local.far is local.text, at main.tf:11:12\n'
            '#   local.text is "price: $${x}", at main.tf:9:12\n',
        ),
        (
            "var.unset",
            "var.unset\n# var.unset has no value; give one with --var or --var-file\n"
            "# var.unset has no value, at main.tf:1:1\n",
        ),
        (
            "aws_lb.main.arn",
            "aws_lb.main.arn\n# aws_lb.main.arn is known only after apply\n",
        ),
        (
            "local.secret",
            "{\n  a = var.password\n}\n# local.secret is { a = var.password }, at main.tf:10:12\n"
            "#   var.password is secret, its default, at main.tf:4:13\n",
        ),
        ('upper("a")', '"A"\n'),
        (
            '"${upper(var.unset)}-${var.unset}"',
            "${…(var.unset)}-${var.unset}\n"
            "# var.unset has no value; give one with --var or --var-file\n"
            "# var.unset has no value, at main.tf:1:1\n",
        ),
    ],
)
def test_expressions_are_evaluated(
    fglint: Run, write: Write, expression: str, expected: str
) -> None:
    write("main.tf", EVALUATED)
    ran = fglint("eval", expression)
    assert (0, expected) == (ran.status, ran.out)


def test_error_of_an_expression_is_status_1(fglint: Run, write: Write) -> None:
    write("main.tf", EVALUATED)
    ran = fglint("eval", "local.lsit")
    assert (1, "") == (ran.status, ran.out)
    assert "Did you mean local.list?" in ran.err


def test_expressions_are_evaluated_in_modules(fglint: Run, write: Write) -> None:
    write("app/main.tf", 'variable "name" {}\n')
    write("main.tf", 'module "app" {\n  source = "./app"\n  name   = "web"\n}\n')
    out = fglint("eval", "var.name", "--module", "module.app").out
    assert '"web"\n# module.app.var.name is "web", at main.tf:3:12\n' == out
    ran = fglint("eval", "var.name", "--module", "module.ap")
    assert "did you mean module.app?" in ran.err


def test_examples_of_rules_are_run(fglint: Run, write: Write, project: Path) -> None:
    example = '\n  fail "no prefix" {\n' + task().replace('"web"', '"web" # fails') + "  }\n}\n"
    file = project / "policies" / "names" / "unprefixed-container.hcl"
    rule = file.read_text().rstrip().removesuffix("}")
    file.write_text(rule + example.replace('"web" # fails,', '"web", # fails\n     '))
    ran = fglint("test", "policies")
    assert (0, "2 rules, 1 example, 0 failed\n") == (ran.status, ran.out)
    file.write_text(rule + example.replace(" # fails", ""))
    ran = fglint("test", "policies")
    assert 1 == ran.status
    assert "expected findings at lines []" in ran.out


def test_malformed_example_is_one_line_and_status_2(fglint: Run, project: Path) -> None:
    file = project / "policies" / "names" / "long-name.hcl"
    file.write_text(file.read_text().rstrip().removesuffix("}") + '  pass "a" "b" {\n  }\n}\n')
    for command in (["explain", "long-name"], ["docs", "pages"]):
        ran = fglint(*command, "--rules", "policies")
        assert (2, 1) == (ran.status, ran.err.count("\n"))
        assert "long-name.hcl:12:3: an example has one label" in ran.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(fglint: Run, shell: str) -> None:
    assert "_FGLINT_COMPLETE" in fglint("completion", shell).out


def test_completion_knows_the_commands(project: Path) -> None:
    environment = {
        **os.environ,
        "_FGLINT_COMPLETE": "bash_complete",
        "COMP_WORDS": "fglint ch",
        "COMP_CWORD": "1",
    }
    code = "from fglint.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert "plain,check\n" == ran.stdout


def test_init_writes_what_is_not_there(fglint: Run, project: Path) -> None:
    before = (project / "fglint.toml").read_text()
    (project / ".github").mkdir()
    out = fglint("init").out
    assert before == (project / "fglint.toml").read_text()
    assert "fglint.toml exists and stays as it is" in out
    assert "fglint check" in (project / ".pre-commit-config.yaml").read_text()
    workflow = (project / ".github/workflows/fglint.yml").read_text()
    assert f"pip install fglint=={package.__version__}" in workflow
    again = fglint("init")
    assert "add what you want" not in again.out  # they name fglint already
    assert "next: fglint check\n" == again.err
    (project / ".pre-commit-config.yaml").write_text("repos: []\n")
    assert "add what you want of this" in fglint("init").out


def test_init_says_what_it_cannot_make(fglint: Run, write: Write, project: Path) -> None:
    write(".github/workflows", "")
    ran = fglint("init")
    assert 2 == ran.status
    assert "fglint: .github/workflows cannot be made: file exists\n" == ran.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("fglint ch", "check"),
        ("fglint check --select plaintext-s", "plaintext-secret"),
        ("fglint check --ignore iam,plaintext-s", "iam,plaintext-secret"),
        ("fglint explain listener-without-t", "listener-without-tls"),
        ("fglint check --report mark", "markdown="),
        ("fglint check --output-format gitl", "gitlab"),
        ("fglint reference na", "nat"),
    ],
)
def test_shells_complete(words: str, expected: str) -> None:
    environment = {**os.environ, "_FGLINT_COMPLETE": "bash_complete"}
    environment |= {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    code = "from fglint.cli import cli; cli.main(prog_name='fglint')"
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert [f"plain,{expected}"] == ran.stdout.split()
    assert "" == ran.stderr


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_takes_the_completion_script(fglint: Run, tmp_path: Path) -> None:
    script = fglint("completion", "bash").out
    command = ["bash", "--norc", "-c", f"{script}\ncomplete -p fglint"]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (0, "") == (ran.returncode, ran.stderr)
    assert "complete -o nosort -F _fglint_completion fglint\n" == ran.stdout


def test_docs_are_written_and_checked(fglint: Run, project: Path) -> None:
    assert 0 == fglint("docs", "pages", "--rules", "policies").status
    assert (project / "pages/rules/unprefixed-container.md").exists()
    assert 0 == fglint("docs", "pages", "--rules", "policies", "--check").status
    ran = fglint("docs", "pages", "--check")
    assert 1 == ran.status
    assert "pages/rules/unprefixed-container.md is out of date" in ran.err
    fglint("docs", "pages")
    assert not (project / "pages/rules/unprefixed-container.md").exists()


# ---- reference stacks -------------------------------------------------------------------------


def test_reference_stacks_are_listed(fglint: Run) -> None:
    names = [line.split()[0] for line in fglint("reference").out.splitlines()]
    assert sorted(path.name for path in REFERENCE.iterdir() if path.is_dir()) == names


def test_reference_stack_is_copied(fglint: Run, project: Path) -> None:
    assert 0 == fglint("reference", "nat", "infra/mine").status
    copied = {path.name: path.read_text() for path in (project / "infra/mine").iterdir()}
    assert {path.name: path.read_text() for path in (REFERENCE / "nat").iterdir()} == copied


def test_reference_stack_replaces_nothing(fglint: Run, write: Write, project: Path) -> None:
    write("mine/iam.tf", "# mine\n")
    ran = fglint("reference", "nat", "mine")
    assert (2, 1) == (ran.status, ran.err.count("\n"))
    assert ["iam.tf"] == [path.name for path in (project / "mine").iterdir()]


# ---- from Python ------------------------------------------------------------------------------


def test_check_from_python(write: Write, project: Path) -> None:
    write("main.tf", task())
    report = package.check()
    (finding,) = report.roots[0].findings
    assert isinstance(finding, package.Finding)
    assert package.Verdict.FAIL is finding.verdict
    assert [] == [f for root in package.check("policies").roots for f in root.findings]


def test_new_rule_loads_and_its_examples_run(fglint: Run, tmp_path: Path) -> None:
    made = fglint("rules", "new", "task", "odd-task", "--rules", tmp_path)
    assert made.status == 0
    tried = fglint("test", tmp_path)
    assert tried.status == 1  # its condition is a stand-in that is always true
    assert "odd-task" in tried.out
    again = fglint("rules", "new", "task", "odd-task", "--rules", tmp_path)
    assert (again.status, again.out) == (2, "")
    assert "is there already" in again.err


def test_rule_is_explained_by_the_id_of_another_tool(fglint: Run) -> None:
    found = fglint("explain", "ckv_aws_103")
    assert "# outdated-tls-policy\n" in found.out


SUBJECT_KINDS = ("service", "container", "subnet", "variable", "vpc_endpoint", "scaling_target")


@pytest.mark.parametrize("kind", SUBJECT_KINDS)
def test_new_rule_of_each_kind_has_something_to_judge(
    fglint: Run, tmp_path: Path, kind: str
) -> None:
    name = f"odd-{kind.replace('_', '-')}"
    fglint("rules", "new", kind, name, "--rules", tmp_path)
    file = tmp_path / f"{name}.hcl"
    assert '"why it is right"' not in fglint("test", tmp_path).out
    file.write_text(file.read_text().replace('address != "none"', 'address == "none"'))
    assert '"why it is wrong"' not in fglint("test", tmp_path).out


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("tasc", "odd-task", 'there is no kind "tasc"; did you mean "task"?'),
        ("mount", "odd-mount", "rules do not judge a mount by itself"),
        ("task", "plaintext-secret", "plaintext-secret is the name of a bundled rule"),
    ],
)
def test_new_rule_that_cannot_be(
    fglint: Run, tmp_path: Path, kind: str, name: str, message: str
) -> None:
    ran = fglint("rules", "new", kind, name, "--rules", tmp_path)
    assert (2, True) == (ran.status, message in ran.err)


def test_examples_report_in_junit(fglint: Run, project: Path) -> None:
    file = project / "policies" / "names" / "long-name.hcl"
    file.write_text(
        file.read_text().rstrip().removesuffix("}")
        + '  pass "a" {\n    sorce = "x"\n  }\n  pass "b" {\n    source = "fglint:tasc"\n  }\n}\n'
    )
    ran = fglint("test", "policies", "-f", "junit")
    root = ElementTree.fromstring(ran.out)
    messages = [each.get("message", "") for each in root.iter("error")]
    assert (2, "2") == (ran.status, root.get("errors"))
    assert 'an example has no argument "sorce"; did you mean "source"?' in messages[0]
    assert 'there is no stack "fglint:tasc"; did you mean "fglint:task"?' in messages[1]


def test_rule_without_examples_is_named(fglint: Run, project: Path) -> None:
    ran = fglint("test", "policies")
    assert "long-name has no example of pass and of fail" in ran.err
