"""Suppression: comments, settings, and what is said of those that do nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import Ran, Run, task

from fglint.suppression import address_matches, path_matches

Write = Callable[[str, str], Path]
NAME = "unprefixed-container"
PAST = date.today() - timedelta(days=1)
FUTURE = date.today() + timedelta(days=1)


def check(fglint: Run, *arguments: object) -> Ran:
    return fglint("check", "-f", "json", "--show-suppressed", *arguments)


def kinds(ran: Ran) -> list[str | None]:
    found = [finding["suppressed"] for finding in ran.findings]
    return [None if each is None else each["kind"] for each in found]


def warnings(ran: Ran) -> list[str]:
    return [diagnostic["summary"] for diagnostic in ran.json["diagnostics"]]


ON_THE_LINE = task().replace("},\n", f"}}, # fglint: ignore[{NAME}] -- known\n")
ABOVE = task().replace("    { name", f"    # fglint: ignore[{NAME}] -- known\n    {{ name")
ABOVE_AS_SLASHES = ABOVE.replace("# fglint", "// fglint")
ABOVE_AS_BLOCK = ABOVE.replace("# fglint", "/* fglint").replace("-- known", "-- known */")
TWO_ABOVE = ABOVE.replace("    # fglint", "    # another remark\n    # fglint", 1).replace(
    "-- known\n", "-- known\n    # and a last remark\n"
)
ABOVE_THE_ARGUMENT = task().replace(
    "  container_definitions", f"  # fglint: ignore[{NAME}] -- known\n  container_definitions"
)
ABOVE_THE_BLOCK = f"# fglint: ignore[{NAME}] -- known\n{task()}"
ON_THE_HEADER = task().replace('"app" {', f'"app" {{ # fglint: ignore[{NAME}] -- known')
BY_FOLDER = f"# fglint: ignore[names] -- known\n{task()}"
OF_THE_FILE = f"# fglint: ignore-file[{NAME}] -- known\n\n{task()}"
IN_A_LIST = f"# fglint: ignore[long-name, {NAME}] until={FUTURE} -- known\n{task()}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ON_THE_LINE, id="on the line"),
        pytest.param(ABOVE, id="above"),
        pytest.param(ABOVE_AS_SLASHES, id="slashes"),
        pytest.param(ABOVE_AS_BLOCK, id="block comment"),
        pytest.param(TWO_ABOVE, id="among other comments"),
        pytest.param(ABOVE_THE_ARGUMENT, id="above the argument"),
        pytest.param(ABOVE_THE_BLOCK, id="above the block"),
        pytest.param(ON_THE_HEADER, id="on the header"),
        pytest.param(BY_FOLDER, id="by folder"),
        pytest.param(OF_THE_FILE, id="of the file"),
        pytest.param(IN_A_LIST, id="in a list"),
    ],
)
def test_comment_suppresses(fglint: Run, write: Write, text: str) -> None:
    write("main.tf", text)
    ran = check(fglint)
    assert (0, ["comment"], []) == (ran.status, kinds(ran), warnings(ran))
    assert "known" == ran.findings[0]["suppressed"]["reason"]


def test_suppressed_findings_are_left_out_but_stay_in_the_counts(fglint: Run, write: Write) -> None:
    write("main.tf", ABOVE)
    ran = fglint("check", "-f", "json")
    assert [] == ran.findings
    assert 1 == ran.json["roots"][0]["rules"][NAME]["fail"]
    assert (0, 1) == (ran.json["summary"]["fail"], ran.json["summary"]["suppressed"])


def test_comment_covers_its_own_block_only(fglint: Run, write: Write) -> None:
    write("main.tf", f"{ABOVE_THE_BLOCK}\n{task('other')}")
    assert ["comment", None] == kinds(check(fglint))


def test_comment_does_not_reach_over_an_empty_line(fglint: Run, write: Write) -> None:
    write("main.tf", f"# fglint: ignore[{NAME}] -- known\n\n{task()}")
    ran = check(fglint)
    assert ([None], ["Unused ignore comment"]) == (kinds(ran), warnings(ran))


def test_comment_at_the_block_covers_a_place_in_another_file(fglint: Run, write: Write) -> None:
    write("name.txt", "web")
    write("locals.tf", 'locals {\n  name = "web"\n}\n')
    write("main.tf", ABOVE_THE_BLOCK.replace('"web"', "local.name"))
    ran = check(fglint)
    assert ["locals.tf"] == [finding["location"]["path"] for finding in ran.findings]
    assert ["comment"] == kinds(ran)


def test_comment_at_a_module_call_covers_all_inside(fglint: Run, write: Write) -> None:
    write("modules/app/main.tf", task())
    call = 'module "%s" {\n  source = "./modules/app"\n}\n'
    write("main.tf", f"# fglint: ignore[{NAME}] -- known\n{call % 'a'}\n{call % 'b'}")
    ran = check(fglint)
    assert {"module.a": "comment", "module.b": None} == {
        finding["address"][:8]: kind for finding, kind in zip(ran.findings, kinds(ran), strict=True)
    }


def test_comment_in_a_shared_module_is_unused_only_when_no_root_uses_it(
    fglint: Run, write: Write
) -> None:
    module = ABOVE_THE_BLOCK.replace('"web"', "var.name") + 'variable "name" {}\n'
    write("modules/app/main.tf", module)
    for root, name in (("a", "web"), ("b", "shop-web")):
        write(
            f"{root}/main.tf",
            f'module "app" {{\n  source = "../modules/app"\n  name   = "{name}"\n}}\n',
        )
    ran = check(fglint)
    assert (["comment"], []) == (kinds(ran), warnings(ran))
    assert ["Unused ignore comment"] == warnings(check(fglint, "b"))


def test_member_of_json_suppresses_in_its_block(fglint: Run, write: Write) -> None:
    body = (
        '{"resource": {"aws_ecs_task_definition": {"app": {%s'
        '"family": "app", "requires_compatibilities": ["FARGATE"],'
        '"container_definitions": "[{\\"name\\": \\"web\\", \\"image\\": \\"a:1\\"}]"}}}}'
    )
    write("main.tf.json", body % f'"//": "fglint: ignore[{NAME}] -- known",')
    assert ["comment"] == kinds(check(fglint))
    write("main.tf.json", body % "")
    assert [None] == kinds(check(fglint))


@pytest.mark.parametrize(
    ("comment", "summary", "words"),
    [
        ("ignore", "Ignore comment without effect", "must say which rules"),
        ("ignore[]", "Ignore comment without effect", "names no rule"),
        (f"ignore[{NAME}] until=soon", "Ignore comment without effect", '"soon" is no date'),
        (f"ignore[{NAME}] untill=x", "Ignore comment without effect", "no option"),
        (f"ignroe[{NAME}]", "Ignore comment without effect", '"ignroe" is not known'),
        ("ignore[unprefixed-containr]", "Ignore comment for an unknown rule", "did you mean"),
        (f"ignore[{NAME}] until={PAST} -- x", "Expired ignore comment", str(PAST)),
    ],
)
def test_comment_that_does_nothing_is_reported(
    fglint: Run, write: Write, comment: str, summary: str, words: str
) -> None:
    write("main.tf", f"# fglint: {comment}\n{task()}")
    ran = check(fglint)
    assert (1, [None]) == (ran.status, kinds(ran))
    (diagnostic,) = ran.json["diagnostics"]
    assert ("warning", summary) == (diagnostic["severity"], diagnostic["summary"])
    assert words in diagnostic["detail"]
    assert 1 == diagnostic["location"]["line"]


def test_unused_comment_is_reported_unless_its_rule_did_not_run(fglint: Run, write: Write) -> None:
    write("main.tf", f"# fglint: ignore[{NAME}, long-name] -- x\n{task(container='shop-web')}")
    ran = check(fglint)
    assert ["Unused ignore comment"] == warnings(ran)
    assert NAME in ran.json["diagnostics"][0]["detail"]
    assert "long-name" not in ran.json["diagnostics"][0]["detail"]


def test_reason_can_be_required(fglint: Run, write: Write) -> None:
    write("main.tf", f"# fglint: ignore[{NAME}]\n{task()}")
    assert ["comment"] == kinds(check(fglint))
    ran = check(fglint, "--require-reason")
    assert ([None], ["Ignore comment without a reason"]) == (kinds(ran), warnings(ran))


def test_comments_can_be_forbidden(fglint: Run, write: Write) -> None:
    write("main.tf", ABOVE)
    ran = check(fglint, "--no-inline-ignores")
    assert (1, [None], []) == (ran.status, kinds(ran), warnings(ran))


@pytest.mark.parametrize(
    "comment",
    [
        f"# fglint ignore[{NAME}]",
        f"# FGLINT: IGNORE[{NAME}]",
        f"// Fglint: ignore[{NAME}]",
        f"/* fglint :ignore[{NAME}] */",
        f"# fglint: Ignore[{NAME}]",
    ],
)
def test_a_comment_that_is_almost_one_is_told(fglint: Run, write: Write, comment: str) -> None:
    write("main.tf", f"{comment}\n{task()}")
    ran = check(fglint)
    assert (1, [None]) == (ran.status, kinds(ran))
    assert ["Ignore comment without effect"] == warnings(ran)


@pytest.mark.parametrize(
    "comment", [f"# see fglint: ignore[{NAME}]", "# fglint looks at this", "# not fglint-ignored"]
)
def test_a_comment_about_fglint_is_none(fglint: Run, write: Write, comment: str) -> None:
    write("main.tf", f"{comment}\n{task()}")
    assert [] == warnings(check(fglint))


@pytest.mark.parametrize("name", [NAME, "names"])
def test_rules_can_be_protected_from_comments(
    fglint: Run, write: Write, project: Path, name: str
) -> None:
    write("main.tf", ABOVE)
    settings = project / "fglint.toml"
    settings.write_text(f'{settings.read_text()}non-ignorable = ["{name}"]\n')
    ran = check(fglint)
    assert (1, [None]) == (ran.status, kinds(ran))
    assert ["Ignore comment without effect"] == warnings(ran)


# ---- settings ---------------------------------------------------------------------------------


def ignoring(project: Path, entry: str) -> None:
    settings = project / "fglint.toml"
    settings.write_text(f"{settings.read_text()}\n[[ignore]]\n{entry}\n")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (f'rules = ["{NAME}"]', ["config", "config"]),
        ('rules = ["names"]', ["config", "config"]),
        ('rules = ["long-name"]', [None, None]),
        ('address = "module.a"', ["config", None]),
        ('address = "aws_ecs_task_definition.app"', [None, "config"]),
        ('address = "*.app"', ["config", "config"]),
        ('paths = ["infra/modules"]', ["config", None]),
        ('paths = ["infra/*.tf"]', [None, "config"]),
        ('paths = ["**/app/*.tf"]\naddress = "module.b"', [None, None]),
        (f'rules = ["{NAME}"]\nuntil = {FUTURE}', ["config", "config"]),
        (f'rules = ["{NAME}"]\nuntil = {PAST}', [None, None]),
    ],
)
def test_settings_ignore_by_rule_address_and_path(
    fglint: Run, write: Write, project: Path, entry: str, expected: list[str | None]
) -> None:
    write("infra/modules/app/main.tf", task())
    write("infra/main.tf", f'module "a" {{\n  source = "./modules/app"\n}}\n{task()}')
    ignoring(project, entry)
    ran = check(fglint, "infra")
    order = ["module.a.aws_ecs_task_definition.app", "aws_ecs_task_definition.app"]
    found = dict(zip([f["address"] for f in ran.findings], kinds(ran), strict=True))
    assert expected == [found[address] for address in order]


def test_unused_entry_of_the_settings_is_reported_by_a_whole_check_only(
    fglint: Run, write: Write, project: Path
) -> None:
    path = write("infra/main.tf", task())
    ignoring(project, 'address = "aws_ecs_task_definition.gone"')
    assert ["Unused [[ignore]]"] == warnings(check(fglint))
    assert [] == warnings(check(fglint, path))


def test_entry_for_an_unknown_rule_is_status_2(fglint: Run, write: Write, project: Path) -> None:
    write("main.tf", task())
    ignoring(project, 'rules = ["unprefixed-containr"]')
    ran = fglint("check")
    assert 2 == ran.status
    wrong = 'there is no rule and no folder of rules named "unprefixed-containr"'
    assert f'fglint: fglint.toml:4: {wrong}; did you mean "{NAME}"?\n' == ran.err


# ---- patterns ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "address", "expected"),
    [
        ("aws_lb.a", "aws_lb.a", True),
        ("aws_lb.a", 'aws_lb.a["x.y"]', True),
        ("aws_lb.a", "aws_lb.a[*]", True),
        ("aws_lb.a", "aws_lb.ab", False),
        ("aws_lb.a", "module.m.aws_lb.a", False),
        ('aws_lb.a["x"]', 'aws_lb.a["y"]', False),
        ("module.m", "module.m.aws_lb.a", True),
        ("module.m", 'module.m["k"].module.n[0].aws_lb.a', True),
        ("module.m[0]", "module.m[1].aws_lb.a", False),
        ("module.m", "module.mm.aws_lb.a", False),
        ("*.aws_lb.a", "module.m.aws_lb.a", True),
        ("aws_lb.*", "aws_lb.a", True),
    ],
)
def test_addresses(pattern: str, address: str, expected: bool) -> None:
    assert expected is address_matches(pattern, address)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("infra", "infra/a/main.tf", True),
        ("infra/", "infra/main.tf", True),
        ("./infra/*.tf", "infra/main.tf", True),
        ("infra/*.tf", "infra/a/main.tf", False),
        ("infra/**/*.tf", "infra/main.tf", True),
        ("**/modules/**", "a/b/modules/c/main.tf", True),
        ("main.tf", "infra/main.tf", False),
        ("infr?", "infra/main.tf", True),
        ("in", "infra/main.tf", False),
    ],
)
def test_paths(pattern: str, path: str, expected: bool) -> None:
    assert expected is path_matches(pattern, path)
