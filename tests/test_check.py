"""`fglint check`: paths, statuses, reports, and what is said of bad input."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run, task

Write = Callable[[str, str], Path]

UNKNOWN = task().replace('"web"', "var.container") + 'variable "container" {}\n'


# ---- statuses ---------------------------------------------------------------------------------


def test_nothing_found_is_status_0(fglint: Run, write: Write) -> None:
    write("main.tf", task(container="shop-web"))
    ran = fglint("check", "-f", "json")
    assert 0 == ran.status
    counts = {"pass": 1, "fail": 0, "unknown": 0, "not_applicable": 0}
    assert {"unprefixed-container": counts} == ran.json["roots"][0]["rules"]


def test_finding_is_status_1_at_the_narrowest_place(fglint: Run, write: Write) -> None:
    write("main.tf", task())
    ran = fglint("check", "-f", "json")
    assert 1 == ran.status
    (finding,) = ran.findings
    location = {"path": "main.tf", "line": 5, "column": 14, "end_line": 5, "end_column": 19}
    assert location == finding["location"]
    assert "aws_ecs_task_definition.app" == finding["address"]


@pytest.mark.parametrize(
    ("least", "expected"), [("critical", 0), ("high", 1), ("info", 1), ("never", 0)]
)
def test_fail_on_sets_the_least_severity(
    fglint: Run, write: Write, least: str, expected: int
) -> None:
    write("main.tf", task())
    assert expected == fglint("check", "--fail-on", least).status


def test_syntax_error_is_status_3_and_the_rest_is_checked(fglint: Run, write: Write) -> None:
    write("main.tf", "locals {\n  a = = 1\n}\n\n" + task())
    ran = fglint("check", "-f", "json")
    assert 3 == ran.status
    assert ["unprefixed-container"] == [finding["rule"] for finding in ran.findings]
    (diagnostic,) = ran.json["roots"][0]["diagnostics"]
    assert ("error", 2) == (diagnostic["severity"], diagnostic["location"]["line"])


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("locals {\n  a = local.b\n}\n", "Reference to undeclared local value"),
        ('locals {\n  a = 1 + "x"\n}\n', "Invalid operand"),
        ("locals {\n  a = local.b\n  b = local.a\n}\n", "Cycle"),
        ('locals {\n  a = file("none.txt")\n}\n', "none.txt"),
        ('module "a" {\n  source = "./none"\n}\n', "Unreadable module directory"),
        ('variable "a" {\n  type    = number\n  default = "x"\n}\n', "Invalid default value"),
    ],
)
def test_what_cannot_be_evaluated_is_status_3_with_its_place(
    fglint: Run, write: Write, text: str, summary: str
) -> None:
    write("broken.tf", text)
    write("main.tf", task())
    ran = fglint("check", "-f", "json")
    assert 3 == ran.status
    assert 1 == len(ran.findings)
    errors = [d for d in ran.json["roots"][0]["diagnostics"] if d["severity"] == "error"]
    assert summary in " ".join(d["summary"] + d["detail"] for d in errors)
    assert {"broken.tf"} == {d["location"]["path"] for d in errors}


def test_bytes_that_are_not_utf_8_are_status_3(fglint: Run, project: Path) -> None:
    (project / "main.tf").write_bytes(task().replace("web", "w\xeb").encode("latin-1"))
    ran = fglint("check", "-f", "json")
    assert 3 == ran.status
    assert 1 == len(ran.findings)


def test_module_that_is_not_downloaded_is_no_error(fglint: Run, write: Write) -> None:
    write("main.tf", 'module "a" {\n  source = "a/b/aws"\n}\n' + task(container="shop-web"))
    assert 0 == fglint("check").status


def test_file_that_links_to_itself_is_status_3(fglint: Run, write: Write, project: Path) -> None:
    write("main.tf", task())
    (project / "loop.tf").symlink_to("loop.tf")
    assert 3 == fglint("check").status


def test_deep_nesting_is_no_crash(fglint: Run, write: Write) -> None:
    write("deep.tf", f"locals {{\n  a = {'[' * 5000}1{']' * 5000}\n}}\n")
    write("main.tf", task())
    ran = fglint("check", "-f", "json")
    assert 3 == ran.status
    assert 1 == len(ran.findings)
    assert "bug" not in ran.out


def test_variable_without_a_value_is_no_error(fglint: Run, write: Write) -> None:
    write("main.tf", UNKNOWN)
    ran = fglint("check", "-f", "json")
    assert 0 == ran.status
    (finding,) = ran.findings
    assert "unknown" == finding["verdict"]
    assert "var.container has no value" in finding["because"]


def test_variables_file_beside_the_root_is_named_as_the_way(fglint: Run, write: Write) -> None:
    write("main.tf", UNKNOWN)
    write("dev.tfvars", 'container = "shop-web"\n')
    write("other.tfvars", 'container_port = 80 # not container = "x"\n')
    (finding,) = fglint("check", "-f", "json").findings
    assert finding["because"] == "var.container has no value; give one with --var-file dev.tfvars"


def test_unknown_verdicts_can_fail(fglint: Run, write: Write) -> None:
    write("main.tf", UNKNOWN)
    assert 1 == fglint("check", "--unknown", "fail").status
    assert 0 == fglint("check", "--unknown", "report").status


def test_broken_rule_is_status_2_and_others_run(fglint: Run, write: Write) -> None:
    broken = (
        (Path("policies/names/long-name.hcl"))
        .read_text()
        .replace("container.name)", "container.nam)")
    )
    write("policies/names/long-name.hcl", broken)
    write("main.tf", task())
    ran = fglint("check", "-f", "json", "--extend-select", "names")
    assert 2 == ran.status
    assert ["unprefixed-container"] == [finding["rule"] for finding in ran.findings]
    (diagnostic,) = ran.json["diagnostics"]
    assert 'no attribute "nam"; did you mean "name"?' in diagnostic["detail"]


# ---- paths ------------------------------------------------------------------------------------


def test_path_that_does_not_exist_is_one_line_and_status_2(fglint: Run, project: Path) -> None:
    ran = fglint("check", "nowhere")
    assert (2, "", "fglint: nowhere does not exist\n") == (ran.status, ran.out, ran.err)


def test_plan_is_one_line_and_status_2(fglint: Run, write: Write) -> None:
    plan = {"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {}}
    write("plan.json", json.dumps(plan))
    ran = fglint("check", "plan.json")
    assert 2 == ran.status
    assert 1 == ran.err.count("\n")
    assert "plan.json is a plan" in ran.err


def test_directory_without_terraform_says_that_nothing_was_checked(
    fglint: Run, project: Path
) -> None:
    ran = fglint("check")
    assert 0 == ran.status
    assert "Nothing was checked" in ran.out


def test_roots_are_found_below_and_children_are_none(fglint: Run, write: Write) -> None:
    write("infra/prod/main.tf", 'module "app" {\n  source = "../../modules/app"\n}\n')
    write("infra/stage/main.tf", task())
    write("modules/app/main.tf", task())
    ran = fglint("check", "-f", "json")
    assert ["infra/prod", "infra/stage"] == [root["path"] for root in ran.json["roots"]]
    addresses = ["module.app.aws_ecs_task_definition.app", "aws_ecs_task_definition.app"]
    assert addresses == [finding["address"] for finding in ran.findings]


def test_file_of_a_child_module_stands_for_its_roots(fglint: Run, write: Write) -> None:
    write("prod/main.tf", 'module "app" {\n  source = "../modules/app"\n}\n')
    write("other/main.tf", task())
    child = write("modules/app/main.tf", task())
    ran = fglint("check", "-f", "json", child)
    assert ["prod"] == [root["path"] for root in ran.json["roots"]]


def test_template_stands_for_the_roots_that_read_it(fglint: Run, write: Write) -> None:
    reads = task().replace('"web"', 'trimspace(file("${path.module}/../files/name.tpl"))')
    write("reads/main.tf", reads)
    write("mentions/main.tf", f"# ../files/name.tpl\n{task()}")
    template = write("files/name.tpl", "web\n")
    ran = fglint("check", "-f", "json", template)
    assert ["reads"] == [root["path"] for root in ran.json["roots"]]


def test_many_files_of_one_root_are_one_check(fglint: Run, write: Write) -> None:
    files = [write(f"infra/{name}.tf", task(name)) for name in ("a", "b", "c")]
    files.append(write("infra/prod.tfvars", ""))
    ran = fglint("check", "-f", "json", *files)
    assert ["infra"] == [root["path"] for root in ran.json["roots"]]
    assert 3 == len(ran.findings)


def test_file_of_no_module_is_status_0(fglint: Run, write: Write) -> None:
    assert 0 == fglint("check", write("docs/readme.tpl", "")).status


def test_excluded_directories_are_not_searched(fglint: Run, write: Write) -> None:
    write("infra/main.tf", task())
    write("examples/small/main.tf", task())
    ran = fglint("check", "-f", "json", "--exclude", "examples/**")
    assert ["infra"] == [root["path"] for root in ran.json["roots"]]


def test_text_of_an_editor_replaces_the_file(
    fglint: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("main.tf", task(container="shop-web"))
    write("other.tf", task("other"))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(task().encode())))
    ran = fglint("check", "-f", "json", "-", "--stdin-filename", "main.tf")
    assert ["main.tf", "other.tf"] == [f["location"]["path"] for f in ran.findings]
    assert 2 == fglint("check", "-").status


# ---- variables --------------------------------------------------------------------------------


def test_variables_count_in_the_order_of_the_command_line(fglint: Run, write: Write) -> None:
    write("main.tf", UNKNOWN)
    good = write("good.tfvars", 'container = "shop-web"\n')
    assert 0 == fglint("check", "--var", "container=web", "--var-file", good).status
    assert 1 == fglint("check", "--var-file", good, "--var", "container=web").status
    assert 1 == fglint("check", f"-var-file={good}", "-var=container=web").status


def test_environment_counts_when_asked(
    fglint: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("main.tf", UNKNOWN)
    monkeypatch.setenv("TF_VAR_container", "web")
    assert 0 == fglint("check").status
    assert 1 == fglint("check", "--env-vars").status


def test_variable_that_one_root_declares_is_no_error_in_others(fglint: Run, write: Write) -> None:
    write("a/main.tf", UNKNOWN)
    write("b/main.tf", task(container="shop-b"))
    assert 1 == fglint("check", "--var", "container=web").status
    assert 3 == fglint("check", "--var", "containr=web").status
    assert 3 == fglint("check", "b", "--var", "container=web").status


def test_variables_file_that_does_not_exist_is_status_2(fglint: Run, write: Write) -> None:
    write("main.tf", task())
    ran = fglint("check", "--var-file", "none.tfvars")
    assert (2, "fglint: --var-file none.tfvars does not exist\n") == (ran.status, ran.err)


# ---- reports ----------------------------------------------------------------------------------


def test_reports_go_to_files_beside_the_standard_output(
    fglint: Run, write: Write, project: Path
) -> None:
    write("main.tf", task())
    ran = fglint("check", "--report", "json=out.json", "--report", "sarif=out.sarif", "-qq")
    assert (1, "") == (ran.status, ran.out)
    assert 1 == json.loads((project / "out.json").read_text())["schema_version"]
    assert "2.1.0" == json.loads((project / "out.sarif").read_text())["version"]


def test_report_that_cannot_be_written_is_one_line_and_status_2(fglint: Run, write: Write) -> None:
    write("main.tf", task())
    ran = fglint("check", "-f", "json", "--report", "json=none/out.json")
    assert 2 == ran.status
    assert 1 == ran.err.count("\n")
    assert "none/out.json cannot be written" in ran.err
    assert 1 == len(ran.findings)


def test_foreign_file_is_not_replaced(fglint: Run, write: Write, project: Path) -> None:
    write("main.tf", task())
    write("notes.md", "# Notes\n")
    assert 1 == fglint("check", "--report", "markdown=notes.md", "-q").status
    assert (project / "notes.md").read_text().startswith("# Notes\n")
    write("data.json", '{"mine": true}')
    ran = fglint("check", "--report", "json=data.json", "-q")
    assert 2 == ran.status
    assert '{"mine": true}' == (project / "data.json").read_text()


def test_job_summary_is_appended_to(
    fglint: Run, write: Write, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("main.tf", task())
    summary = write("summary.md", "earlier step\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    fglint("check", "-f", "github")
    once = summary.read_text()
    assert once.startswith("earlier step\n")
    assert "unprefixed-container" in once
    fglint("check", "-q", "--report", f"markdown={summary}")
    assert once + once.removeprefix("earlier step\n") == summary.read_text()


def test_unknown_format_is_one_line(fglint: Run, write: Write) -> None:
    write("main.tf", task())
    ran = fglint("check", "--report", "sarf=x")
    assert 2 == ran.status
    assert 'did you mean "sarif"?' in ran.err


def test_output_is_the_same_twice(fglint: Run, write: Write) -> None:
    write("a/main.tf", task())
    write("b/main.tf", UNKNOWN)
    assert fglint("check", "-f", "json").out == fglint("check", "-f", "json").out


# ---- what is counted --------------------------------------------------------------------------


def test_fewer_services_than_expected_are_status_3(fglint: Run, write: Write) -> None:
    write("main.tf", task(container="shop-web"))
    ran = fglint("check", "-f", "json", "--expect-services", "1")
    assert 3 == ran.status
    assert "Fewer services than expected" == ran.json["diagnostics"][0]["summary"]
    assert 0 == fglint("check", "--expect-services", "0").status


def test_root_without_services_names_the_roots_below(fglint: Run, write: Write) -> None:
    write("main.tf", 'module "called" {\n  source = "./called"\n}\n')
    write("called/main.tf", "locals {}\n")
    write("stage/main.tf", task())
    ran = fglint("check", "-f", "json", ".")
    assert 0 == ran.status
    (said,) = ran.json["diagnostics"]
    assert ("info", "Root modules below") == (said["severity"], said["summary"])
    assert said["detail"].endswith("run: fglint check stage")
    assert [] == fglint("check", "-f", "json", "stage").json["diagnostics"]


def test_statistics_go_to_the_standard_error(fglint: Run, write: Write) -> None:
    write("main.tf", task())
    ran = fglint("check", "-f", "json", "--statistics")
    assert ran.json
    (line,) = [line for line in ran.err.splitlines() if "unprefixed" in line]
    assert ["unprefixed-container", "1", "0", "0", "0"] == line.split()


def test_bug_costs_one_root_only(
    fglint: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a/main.tf", task())
    write("b/main.tf", task())
    from fglint import lint

    load = lint.load

    def failing(directory: Path, *rest: object) -> object:
        if directory.name == "a":
            raise ZeroDivisionError("boom")
        return load(directory, *rest)  # type: ignore[arg-type]  # as the caller gave them

    monkeypatch.setattr(lint, "load", failing)
    ran = fglint("check", "-f", "json", "-v")
    assert 3 == ran.status
    assert 1 == len(ran.findings)
    assert "A bug in fglint" == ran.json["roots"][0]["diagnostics"][0]["summary"]
    assert "Traceback" in ran.err


def test_a_bug_quotes_no_value(fglint: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("main.tf", task())
    from fglint import lint

    def failing(*rest: object) -> object:
        return {}["not-a-real-secret"]

    monkeypatch.setattr(lint, "load", failing)
    ran = fglint("check", "-f", "json", "-v")
    detail = ran.json["roots"][0]["diagnostics"][0]["detail"]
    assert "KeyError at test_check.py:" in detail
    assert "KeyError" in ran.err
    assert "KeyError: " not in detail + ran.err


def test_terminal_is_told_how_far_the_work_is(
    fglint: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fglint.commands import check

    write("a/main.tf", task())
    write("b/main.tf", task())
    assert "checking" not in fglint("check").err
    monkeypatch.setattr(check, "PATIENCE", -1.0)
    assert "checking" not in fglint("check").err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert "checking 2 of 2: b" in fglint("check").err


def test_format_can_come_from_the_environment(
    fglint: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("main.tf", task())
    monkeypatch.setenv("FGLINT_OUTPUT_FORMAT", "json")
    assert 1 == fglint("check").json["schema_version"]


def test_color_follows_flag_and_variables(
    fglint: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("main.tf", task())
    escape = "\x1b["
    assert escape not in fglint("check").out
    assert escape in fglint("check", "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert escape in fglint("check").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert escape not in fglint("check").out


def test_python_hcl2_is_a_second_front_end(fglint: Run, write: Write) -> None:
    pytest.importorskip("fglint.syntax.backends.python_hcl2")
    write("main.tf", task())
    native = fglint("check", "-f", "json", "--parser", "native")
    other = fglint("check", "-f", "json", "--parser", "python-hcl2")
    assert native.json["roots"][0]["rules"] == other.json["roots"][0]["rules"]
    assert 1 == fglint("check", "--cross-check").status


def test_unreadable_directory_is_said(fglint: Run, write: Write, project: Path) -> None:
    write("main.tf", task())
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (project / "main.tf").chmod(0)
    assert 3 == fglint("check").status
