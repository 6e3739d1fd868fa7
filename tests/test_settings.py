"""Settings: where they are found, what they may say, and what is said of what they may not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from conftest import Run, task

from fglint.commands.init import SETTINGS
from fglint.finding import Severity
from fglint.settings import Settings, SettingsError, find, load
from fglint.settings.schema import FileTable, json_schema

Write = Callable[[str, str], Path]
DOCS = Path(__file__).parent.parent / "docs"


def settings(text: str, tmp_path: Path, name: str = "fglint.toml") -> Settings:
    path = tmp_path / name
    path.write_text(text)
    return load(path)


def errors(text: str, tmp_path: Path, name: str = "fglint.toml") -> list[str]:
    with pytest.raises(SettingsError) as raised:
        settings(text, tmp_path, name)
    return [line.rpartition("/")[2] for line in str(raised.value).splitlines()]


def test_values_and_their_places(tmp_path: Path) -> None:
    text = """\
select = ["iam"]
ignore = [
  "mutable-image",
]
fail-on = "high"

[rules.mutable-image]
severity = "low"
allowed-tags = ["prod-*"]

[[ignore]]
rules = ["iam"]
"""
    (line,) = errors(text, tmp_path)
    assert line.endswith("; ignore is a list or [[ignore]] tables, not both")
    found = settings(text.replace('[[ignore]]\nrules = ["iam"]\n', ""), tmp_path)
    assert (("iam",), ("mutable-image",)) == (found.select, found.ignore)
    assert Severity.HIGH is found.fail_on
    assert Severity.LOW is found.rules["mutable-image"].severity
    assert {"allowed-tags": ["prod-*"]} == dict(found.rules["mutable-image"].options)
    assert found.place("fail-on").endswith("fglint.toml:5")
    assert found.place("rules", "mutable-image", "allowed-tags").endswith("fglint.toml:9")
    assert "default" == found.place("unknown")


def test_names_and_tables_can_share_the_list(tmp_path: Path) -> None:
    found = settings('ignore = ["a", { rules = ["b"], until = 2030-01-31 }]', tmp_path)
    assert ("a",) == found.ignore
    assert [("b",)] == [each.rules for each in found.ignored_findings]


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    found = settings('rule-directories = ["policies"]\nbaseline = "b.json"', tmp_path)
    assert ((tmp_path / "policies",), tmp_path / "b.json") == (
        found.rule_directories,
        found.baseline,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('slect = ["a"]', "fglint.toml:1: unknown setting slect; did you mean select?"),
        (
            '\nfail-on = "hihg"',
            'fglint.toml:2: fail-on is "hihg", not one of "critical", "high", "medium", "low", '
            '"info" or "never"; did you mean "high"?',
        ),
        ("select = 3", "fglint.toml:1: select must be a list"),
        ("select = [3]", "fglint.toml:1: select[0] must be a string"),
        ('inline-ignores = "no"', "fglint.toml:1: inline-ignores must be true or false"),
        ("unknown = 3", 'fglint.toml:1: unknown is 3, not one of "summary", "report" or "fail"'),
        (
            '[[ignore]]\npaths = ["a"]\n[[ignore]]\nruls = ["a"]',
            "fglint.toml:4: unknown setting ignore[1].ruls; did you mean rules?",
        ),
        (
            '[[ignore]]\nuntil = "2030-13-01"',
            "fglint.toml:2: ignore[0].until must be a date, YYYY-MM-DD",
        ),
        (
            '[[ignore]]\nreason = "x"',
            "fglint.toml:1: ignore[0] must name rules, an address or paths",
        ),
        (
            "rules = 1",
            "fglint.toml:1: rules is a list of directories, or holds the settings of single rules, "
            "as in [rules.mutable-image]",
        ),
        ("= 3", "fglint.toml:1:1: invalid statement"),
        (
            "[[ignore]]\nuntil = 2030-13-01",
            "fglint.toml:2:13: 2030-13-01 is no date of the calendar, YYYY-MM-DD",
        ),
    ],
)
def test_error_is_one_line_with_its_place(tmp_path: Path, text: str, expected: str) -> None:
    assert [expected] == errors(text, tmp_path)


def test_all_errors_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "unknown = 1\nslect = []\nselect = 3\n"
    assert ["1", "2", "3"] == [line.split(":")[1] for line in errors(text, tmp_path)]


def test_table_of_pyproject_counts(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n\n[tool.fglint]\nfail-on = "%s"\n'
    found = settings(text % "low", tmp_path, "pyproject.toml")
    assert Severity.LOW is found.fail_on
    assert found.place("fail-on").endswith("pyproject.toml:5")
    (line,) = errors(text % "lo", tmp_path, "pyproject.toml")
    assert line.startswith("pyproject.toml:5: fail-on")


# ---- where ------------------------------------------------------------------------------------


def test_nearest_file_counts_up_to_the_repository_root(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    inner = repository / "infra" / "prod"
    inner.mkdir(parents=True)
    (repository / ".git").mkdir()
    (tmp_path / "fglint.toml").write_text("")
    assert find(inner) is None
    (repository / "fglint.toml").write_text("")
    assert repository / "fglint.toml" == find(inner)
    (repository / "infra" / "pyproject.toml").write_text("[tool.other]\n")
    assert repository / "fglint.toml" == find(inner)
    (repository / "infra" / "pyproject.toml").write_text("[tool.fglint]\n")
    assert repository / "infra" / "pyproject.toml" == find(inner)
    (inner / ".fglint.toml").write_text("")
    assert inner / ".fglint.toml" == find(inner)


def test_home_directory_has_no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "fglint.toml").write_text("")
    (tmp_path / "infra").mkdir()
    assert find(tmp_path / "infra") is None


# ---- what they do -----------------------------------------------------------------------------


def test_each_root_has_its_own_settings(fglint: Run, write: Write, project: Path) -> None:
    write("strict/main.tf", task())
    write("loose/main.tf", task())
    write("loose/fglint.toml", 'fail-on = "never"\n')
    assert 1 == fglint("check").status
    assert 0 == fglint("check", "loose").status


def test_severity_and_options_of_a_rule(fglint: Run, write: Write, project: Path) -> None:
    write("main.tf", task())
    file = project / "fglint.toml"
    base = file.read_text()
    file.write_text(f'{base}[rules.unprefixed-container]\nseverity = "low"\n')
    ran = fglint("check", "-f", "json")
    assert (0, ["low"]) == (ran.status, [finding["severity"] for finding in ran.findings])
    file.write_text(f'{base}[rules.unprefixed-container]\nprefix = "w"\n')
    assert [] == fglint("check", "-f", "json").findings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "severty = 1",
            '4: unprefixed-container has no option "severty"; did you mean "severity"?',
        ),
        ('prefx = "w"', '4: unprefixed-container has no option "prefx"; did you mean "prefix"?'),
        ("prefix = [1]", "4: prefix must be of type string"),
    ],
)
def test_option_that_a_rule_does_not_have(
    fglint: Run, write: Write, project: Path, text: str, expected: str
) -> None:
    write("main.tf", task())
    file = project / "fglint.toml"
    file.write_text(f"{file.read_text()}[rules.unprefixed-container]\n{text}\n")
    ran = fglint("check")
    assert (2, f"fglint: fglint.toml:{expected}\n") == (ran.status, ran.err)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {"unprefixed-container"}),
        (["--extend-select", "long-name"], {"unprefixed-container", "long-name"}),
        (["--select", "long-name"], {"long-name"}),
        (["--select", "names"], {"unprefixed-container", "long-name"}),
        (["--select", "names", "--ignore", "long-name"], {"unprefixed-container"}),
        (["--select", "long-name", "--ignore", "names"], {"long-name"}),
        (["--ignore", "unprefixed-container"], set()),
    ],
)
def test_rules_are_selected_by_name_and_folder(
    fglint: Run, write: Write, arguments: list[str], expected: set[str]
) -> None:
    write("main.tf", task())
    assert expected == set(fglint("check", "-f", "json", *arguments).json["roots"][0]["rules"])


def test_config_shows_values_and_places(fglint: Run, project: Path) -> None:
    lines = fglint("config", "--fail-on", "low").out.splitlines()
    rows = {line.split("=")[0].strip(): line for line in lines if "=" in line}
    assert rows["select"].endswith('= ["unprefixed-container"]  # fglint.toml:1')
    assert rows["fail-on"].split("=")[1].split() == ['"low"', "#", "--fail-on"]
    assert rows["unknown"].endswith("# default")


def test_schema_accepts_and_refuses_what_the_settings_do(tmp_path: Path) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"fail-on": "never", "ignore": ["a", {"rules": ["b"]}]}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"fial-on": "never"}, schema)
    published = json.loads((DOCS / "fglint.schema.json").read_text())
    assert schema["properties"].keys() == published["properties"].keys()


def test_file_that_init_writes_holds_the_defaults(tmp_path: Path) -> None:
    found = settings(SETTINGS, tmp_path)
    assert FileTable() == FileTable.model_validate(
        {"select": list(found.select), "fail-on": found.fail_on and found.fail_on.value}
    )
    uncommented = re.sub(r"^# (?=\[|[a-z]+ = )", "", SETTINGS, flags=re.MULTILINE)
    uncommented = uncommented.replace('ignore = ["cost"]\n', "")
    assert "2030-01-31" == str(settings(uncommented, tmp_path).ignored_findings[0].until)


def test_list_of_rules_is_short_for_their_directories(tmp_path: Path) -> None:
    found = settings('rules = ["policies"]', tmp_path)
    assert (tmp_path / "policies",) == found.rule_directories
