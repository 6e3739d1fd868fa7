"""tools/peer_suites.py: other tools' tests are read, put into a service, judged and counted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
sys.path.insert(0, str(TOP / "tools"))

import coverage  # noqa: E402 - found by the line before
import peer_cases  # noqa: E402
import peer_checkov  # noqa: E402
import peer_figures  # noqa: E402
import peer_suites  # noqa: E402
from peer_cases import Case, Declared, declared, isolated  # noqa: E402

from fglint.source import SourceFile  # noqa: E402
from fglint.syntax import parse_expression  # noqa: E402

CHECKS = {check.id: check for check in coverage.checks()}


def outcome(check: str, text: str, target: str, expected: str = "fail") -> str:
    case = Case("it", check, "it", {"main.tf": text}, (target,), expected)
    return peer_suites.compare(case, CHECKS[check]).outcome


def written(directory: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    return directory


# ---- blocks in texts --------------------------------------------------------------------------


def test_blocks_are_found_with_their_lines() -> None:
    text = '\nresource "aws_lb" "a" {\n  x = "}${y}"\n  b {}\n}\n'
    text += 'data "aws_vpc" "v" {}\nmodule "m" {}\n'
    found = [(each.address, each.type, each.first, each.last) for each in declared(text)]
    lines = [("aws_lb.a", "aws_lb", 2, 5), ("data.aws_vpc.v", "aws_vpc", 6, 6)]
    assert [*lines, ("module.m", "module", 7, 7)] == found


def test_blocks_of_json_are_found() -> None:
    text = json.dumps({"resource": {"aws_lb": {"a": {"internal": True}}}})
    assert [Declared("aws_lb.a", "aws_lb", '{"internal": true}')] == list(declared(text))


@pytest.mark.parametrize("text", ['protocol = "TLS"', '{"protocol": "TLS"}'])
def test_written_text_is_read_in_both_syntaxes(text: str) -> None:
    assert "TLS" == Declared("a.b", "a", text).written("protocol")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vpc_id = aws_vpc.main.id", "aws_vpc.main"),
        ('vpc_id = "${data.aws_vpc.main.id}"', "data.aws_vpc.main"),
        ('vpc_id = "vpc-1"', ""),
        ("vpc_id = var.vpc", ""),
    ],
)
def test_reference_of_an_argument(text: str, expected: str) -> None:
    assert expected == Declared("a.b", "a", text).named("vpc_id")


def test_other_examples_are_left_out_and_what_belongs_stays() -> None:
    text = """
resource "aws_lb" "a" { subnets = [aws_subnet.a.id] }
resource "aws_lb" "b" { subnets = [aws_subnet.a.id] }
resource "aws_lb_listener" "a" { load_balancer_arn = aws_lb.a.arn }
resource "aws_subnet" "a" {}
resource "aws_lb" "a-2" {}
locals { a = 1 }
"""
    (left,) = isolated({"main.tf": text}, "aws_lb.a").values()
    expected = {"aws_lb.a", "aws_lb_listener.a", "aws_subnet.a"}
    assert expected == {each.address for each in declared(left)}
    assert "locals" in left


# ---- verdicts ---------------------------------------------------------------------------------

OPEN = 'cidr_blocks = ["0.0.0.0/0"]'


@pytest.mark.parametrize(
    ("check", "text", "target", "fails"),
    [
        ("CKV_AWS_51", 'resource "aws_ecr_repository" "a" {}', "aws_ecr_repository.a", True),
        (
            "CKV_AWS_2",  # it lacks load balancer, target group and certificate
            'resource "aws_lb_listener" "a" { protocol = "HTTPS" }',
            "aws_lb_listener.a",
            False,
        ),
        (
            "CKV_AWS_2",
            'resource "aws_lb_listener" "a" {\n  protocol = "HTTP"\n  port = 80\n}',
            "aws_lb_listener.a",
            True,
        ),
        (
            "CKV_AWS_97",  # the file system is not declared, and that it is not encrypted not asked
            'resource "aws_ecs_task_definition" "a" {\n  volume {\n    name = "a"\n'
            "    efs_volume_configuration {\n      file_system_id = aws_efs_file_system.a.id\n"
            '      transit_encryption = "ENABLED"\n    }\n  }\n}',
            "aws_ecs_task_definition.a",
            False,
        ),
        (
            "CKV_AWS_24",  # another port is open
            f'resource "aws_security_group_rule" "a" {{\n  type = "ingress"\n  {OPEN}\n'
            '  from_port = 222\n  to_port = 222\n  protocol = "tcp"\n}',
            "aws_security_group_rule.a",
            False,
        ),
        (
            "AWS-0104",  # it lacks ports and protocol
            f'resource "aws_security_group" "a" {{\n  egress {{\n    {OPEN}\n  }}\n}}',
            "aws_security_group.a",
            True,
        ),
        (
            "CKV_AWS_63",
            'data "aws_iam_policy_document" "a" {\n  statement {\n    actions = ["*"]\n'
            '    resources = ["*"]\n  }\n}',
            "data.aws_iam_policy_document.a",
            True,
        ),
        (
            "CKV_AWS_283",
            'data "aws_iam_policy_document" "a" {\n  statement {\n    actions = ["sns:Publish"]\n'
            '    principals {\n      type = "AWS"\n      identifiers = ["*"]\n    }\n  }\n}',
            "data.aws_iam_policy_document.a",
            True,
        ),
        (
            "CKV_AWS_274",
            'resource "aws_iam_role_policy_attachment" "a" {\n'
            '  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n}',
            "aws_iam_role_policy_attachment.a",
            True,
        ),
        ("CKV2_AWS_12", 'resource "aws_vpc" "a" {}', "aws_vpc.a", True),
        ("AWS-0101", 'resource "aws_default_vpc" "a" {}', "aws_default_vpc.a", True),
        (
            "CKV2_AWS_35",
            'resource "aws_route" "a" {\n  route_table_id = aws_route_table.a.id\n'
            '  destination_cidr_block = "0.0.0.0/0"\n  transit_gateway_id = "tgw-0123"\n}\n'
            'resource "aws_route_table" "a" {}',
            "aws_route.a",
            False,
        ),
        ("CKV2_AWS_5", 'resource "aws_security_group" "a" {}', "aws_security_group.a", True),
        (
            "CKV_TF_2",
            'module "a" {\n  source = "git::https://example.com/a.git?ref=main"\n}',
            "module.a",
            True,
        ),
        (
            "4728cd65-a20c-49da-8b31-9c08b423e4db",  # it names no rules for its blocks
            'module "a" {\n  source = "terraform-aws-modules/security-group/aws"\n'
            '  version = "4.3.0"\n  vpc_id = "vpc-0123"\n  ingress_cidr_blocks = ["0.0.0.0/0"]\n}',
            "module.a",
            True,
        ),
        (
            "CKV_AWS_338",
            'resource "aws_cloudwatch_log_group" "a" { retention_in_days = 30 }',
            "aws_cloudwatch_log_group.a",
            True,
        ),
    ],
)
def test_example_is_judged_within_a_service(
    check: str, text: str, target: str, fails: bool
) -> None:
    assert "agree" == outcome(check, text, target, "fail" if fails else "pass")
    assert "disagree" == outcome(check, text, target, "pass" if fails else "fail")


@pytest.mark.parametrize(
    ("check", "text", "target", "expected"),
    [
        (
            "CKV_AWS_149",
            'resource "aws_secretsmanager_secret" "a" { kms_key_id = var.key }',
            "aws_secretsmanager_secret.a",
            "unknown",
        ),
        ("CKV_AWS_328", 'resource "aws_elb" "a" {}', "aws_elb.a", "elsewhere"),
        (
            "CKV_AWS_152",
            'resource "aws_lb" "a" { load_balancer_type = "gateway" }',
            "aws_lb.a",
            "not applicable",
        ),
        (
            "CKV_AWS_382",
            'resource "aws_security_group" "a" {\n  egress {\n    protocol = "-1"\n'
            "    from_port = 1\n    to_port = 9\n  }\n}",
            "aws_security_group.a",
            "refused",
        ),
    ],
)
def test_example_that_is_not_judged_says_why(
    check: str, text: str, target: str, expected: str
) -> None:
    assert expected == outcome(check, text, target)


WITH_ASSERTS = [check for check in CHECKS.values() if check.asserts and check.rules]


@pytest.mark.parametrize("check", WITH_ASSERTS, ids=lambda check: check.id)
def test_compared_asserts_are_in_each_rule(check: coverage.Check) -> None:
    for rule in check.rules:
        conditions = [peer_suites.condition_of(each) for each in rule.asserts]
        assert any(re.search(check.asserts, each) for each in conditions), rule.name


@pytest.mark.parametrize("where", sorted({c.where for c in CHECKS.values() if c.where}))
def test_condition_of_a_check_can_be_read(where: str) -> None:
    _, diagnostics = parse_expression(SourceFile("where", where))
    assert not diagnostics


# ---- suites -----------------------------------------------------------------------------------

GROUP = (
    'resource "aws_lb" "good" { drop_invalid_header_fields = true }\nresource "aws_lb" "bad" {}\n'
)


def test_checkov_tests_with_examples_are_read(tmp_path: Path) -> None:
    files = {
        "checkov/terraform/checks/resource/aws/Mine.py": 'super().__init__(id="CKV_AWS_131")',
        "tests/terraform/checks/resource/aws/test_Mine.py": (
            "from checkov.terraform.checks.resource.aws.Mine import check\n"
            'root = "/example_Mine"\n'
            'passing_resources = {"aws_lb.good", "aws_lb.nowhere"}\n'
            'failing_resources = {"aws_lb.bad"}\n'
        ),
        "tests/terraform/checks/resource/aws/example_Mine/main.tf": GROUP,
    }
    found = list(peer_checkov.checkov(written(tmp_path, files)))
    expected = [(("aws_lb.good",), "pass"), (("aws_lb.bad",), "fail")]
    assert expected == [(case.targets, case.expected) for case in found]
    assert {"CKV_AWS_131"} == {case.check for case in found}


def test_checkov_tests_with_texts_are_read(tmp_path: Path) -> None:
    files = {
        "checkov/terraform/checks/resource/aws/Mine.py": (
            'check_id="CKV_AWS_131"; supported = ["aws_lb", "aws_iam_policy"]'
        ),
        "tests/terraform/checks/resource/aws/test_Mine.py": """
def test_success():
    hcl2.loads('resource "aws_lb" "a" {}')
    assert CheckResult.PASSED
def test_failure():
    resource_conf = {"policy": [{"Statement": [{"Action": ["*"]}]}], "name": ["a"]}
    assert CheckResult.FAILED
""",
    }
    one, other = peer_checkov.checkov(written(tmp_path, files))
    assert (("aws_lb.a",), "pass") == (one.targets, one.expected)
    body = {"policy": '{"Statement": [{"Action": ["*"]}]}', "name": "a"}
    assert {"resource": {"aws_iam_policy": {"example": body}}} == json.loads(*other.files.values())


def test_checkov_graph_tests_are_read(tmp_path: Path) -> None:
    files = {
        "checkov/terraform/checks/graph_checks/aws/Mine.yaml": 'metadata:\n  id: "CKV2_AWS_20"\n',
        "tests/terraform/graph/checks/resources/MINE/expected.yaml": "pass:\n- aws_lb.good\n",
        "tests/terraform/graph/checks/resources/MINE/main.tf": GROUP,
    }
    (case,) = peer_checkov.checkov(written(tmp_path, files))
    assert ("CKV2_AWS_20", ("aws_lb.good",), "pass") == (case.check, case.targets, case.expected)


def test_trivy_examples_are_read(tmp_path: Path) -> None:
    files = {
        "checks/cloud/aws/elb/mine.rego": "# id: AVD-AWS-0052",
        "checks/cloud/aws/elb/mine.yaml": json.dumps(
            {"terraform": {"good": [GROUP], "bad": ['resource "aws_vpc" "a" {}']}}
        ),
    }
    (case,) = peer_cases.trivy(written(tmp_path, files), {"AWS-0052": ["aws_lb"]})
    assert (("aws_lb.good", "aws_lb.bad"), "pass") == (case.targets, case.expected)


def test_kics_results_are_read_by_line(tmp_path: Path) -> None:
    results = [{"line": 2, "fileName": "positive1.tf"}, {"line": 1, "filename": "positive2.tf"}]
    files = {
        "assets/queries/terraform/aws/mine/metadata.json": '{"id": "6e3f"}',
        "assets/queries/terraform/aws/mine/test/positive_expected_result.json": json.dumps(results),
        "assets/queries/terraform/aws/mine/test/positive1.tf": GROUP,
        "assets/queries/terraform/aws/mine/test/positive2.tf": GROUP,
        "assets/queries/terraform/aws/mine/test/negative.tf": GROUP,
    }
    found = peer_cases.kics(written(tmp_path, files), ["6e3f"])
    assert [
        ("mine/positive1.tf", ("aws_lb.bad",), "fail"),
        ("mine/positive2.tf", ("aws_lb.good",), "fail"),
        ("mine/negative.tf", ("aws_lb.good", "aws_lb.bad"), "pass"),
    ] == [(case.name, case.targets, case.expected) for case in found]


def commit(repository: Path) -> None:
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "a"]):
        subprocess.run(["git", "-C", str(repository), *command], check=True)


def test_repository_is_compared_and_what_differs_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = GROUP.splitlines(keepends=True)
    page = "### {} Example\n```terraform\n{}```\n"
    name = "docs/checks/aws/elb/drop-invalid-headers/index.md"
    commit(written(tmp_path, {name: page.format("Insecure", bad) + page.format("Secure", good)}))
    assert 0 == peer_suites.main(["--tfsec", str(tmp_path)])
    assert "tfsec: 2 cases, 2 agree, 0 disagree" in capsys.readouterr().out
    commit(written(tmp_path, {name: page.format("Insecure", good)}))
    assert 1 == peer_suites.main(["--tfsec", str(tmp_path)])
    printed = capsys.readouterr().out
    assert "insecure1 aws_lb.good: fail, fglint pass (disagree)" in printed
    assert "aws-elb-drop-invalid-headers (fail, fglint pass): differs" in printed


# ---- what was measured ------------------------------------------------------------------------


def test_each_difference_that_was_measured_is_explained_once() -> None:
    given = [key for reason in peer_figures.reasons() for key in reason.keys]
    assert sorted(each.key for each in peer_figures.recorded()) == sorted(given)


@pytest.mark.parametrize("tool", peer_figures.figures())
def test_figures_add_up_and_most_verdicts_agree(tool: str) -> None:
    figures = peer_figures.figures()[tool]
    assert figures["cases"] == sum(figures[name] for name in peer_figures.OUTCOMES)
    assert figures["agree"] >= 0.95 * (figures["agree"] + figures["disagree"])


def test_reasons_name_who_is_right() -> None:
    assert {"fglint", "both"} == {reason.right for reason in peer_figures.reasons()}
