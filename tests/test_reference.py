"""The reference stacks pass, and each piece taken away is noticed; the article's stack fails."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran, Run

TOP = Path(__file__).parent.parent
ARTICLE = TOP / "tests" / "fixtures" / "projects" / "article"
STACKS = sorted(path for path in (TOP / "reference").iterdir() if path.is_dir())
CRITERIA = {"secrets", "load_balancer", "tls", "private_network", "execution_role"}

Check = Callable[..., Ran]


@pytest.fixture
def check(fglint: Run, monkeypatch: pytest.MonkeyPatch) -> Check:
    monkeypatch.chdir(TOP)
    return lambda *arguments: fglint("check", "--isolated", "-f", "json", *arguments)


def failed(ran: Ran) -> set[str]:
    return {finding["rule"] for finding in ran.findings if finding["verdict"] == "fail"}


def scorecard(ran: Ran) -> dict[str, str]:
    (row,) = ran.json["roots"][0]["scorecard"]
    criteria: dict[str, str] = row["criteria"]
    return criteria


@pytest.mark.parametrize("stack", STACKS, ids=lambda path: path.name)
def test_stack_passes_every_rule_and_leaves_nothing_open(check: Check, stack: Path) -> None:
    ran = check(stack)
    assert (0, []) == (ran.status, ran.findings)
    assert [] == ran.json["roots"][0]["diagnostics"]
    service = dict.fromkeys(CRITERIA, "pass")
    worker = service | {"load_balancer": "not_applicable", "tls": "not_applicable"}
    rows = [row["criteria"] for row in ran.json["roots"][0]["scorecard"]]
    assert service in rows
    assert [] == [row for row in rows if row not in (service, worker)]


@pytest.mark.parametrize("stack", STACKS, ids=lambda path: path.name)
@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
def test_stack_is_formatted(stack: Path) -> None:
    ran = subprocess.run(["terraform", "fmt", "-check", "-diff", str(stack)], capture_output=True)
    assert (0, b"") == (ran.returncode, ran.stdout)


# ---- one piece less ---------------------------------------------------------------------------

BLOCK = r'^(?:resource|data) "{type}" "{name}" \{{\n(?:.*\n)*?\}}\n'


def without(text: str, type_: str, name: str) -> str:
    """A file's text without one block."""
    pattern = BLOCK.format(type=type_, name=name)
    changed, count = re.subn(pattern, "", text, flags=re.MULTILINE)
    assert 1 == count
    return changed


def replaced(text: str, old: str, new: str) -> str:
    assert 1 == text.count(old)
    return text.replace(old, new)


def no_certificate(files: dict[str, str]) -> None:
    listener = "  certificate_arn   = aws_acm_certificate_validation.main.certificate_arn\n"
    text = replaced(files["load_balancer.tf"], listener, "")
    text = replaced(text, 'protocol          = "HTTPS"', 'protocol          = "HTTP"')
    files["load_balancer.tf"] = re.sub(r"  ssl_policy .*\n", "", text)


def no_nat_route(files: dict[str, str]) -> None:
    files["network.tf"] = without(files["network.tf"], "aws_route", "nat")
    files["service.tf"] = replaced(files["service.tf"], "    aws_route.nat,\n", "")


def no_attachment(files: dict[str, str]) -> None:
    type_ = "aws_iam_role_policy_attachment"
    files["iam.tf"] = without(files["iam.tf"], type_, "execution")
    files["service.tf"] = replaced(files["service.tf"], f"    {type_}.execution,\n", "")


def no_load_balancer_block(files: dict[str, str]) -> None:
    pattern = r"\n  load_balancer \{\n(?:.*\n)*?  \}\n"
    files["service.tf"], count = re.subn(pattern, "", files["service.tf"])
    assert 1 == count


def password_in_the_environment(files: dict[str, str]) -> None:
    entry = '{ name = "DB_PASSWORD", value = "not-a-real-password-1" },\n    ]\n\n    secrets'
    files["service.tf"] = replaced(files["service.tf"], "]\n\n    secrets", f"  {entry}")


def no_execution_role(files: dict[str, str]) -> None:
    line = "  execution_role_arn       = aws_iam_role.execution.arn\n"
    files["service.tf"] = replaced(files["service.tf"], line, "")


def public_subnets(files: dict[str, str]) -> None:
    old = "[for subnet in aws_subnet.private : subnet.id]"
    new = "[for subnet in aws_subnet.public : subnet.id]"
    files["service.tf"] = replaced(files["service.tf"], old, new)


def no_listener(files: dict[str, str]) -> None:
    files["load_balancer.tf"] = without(files["load_balancer.tf"], "aws_lb_listener", "https")
    files["service.tf"] = replaced(files["service.tf"], "    aws_lb_listener.https,\n", "")


MUTATIONS = [
    (no_certificate, "listener-without-tls", "tls"),
    (no_nat_route, "missing-egress-path", "private_network"),
    (no_attachment, "insufficient-execution-role", "execution_role"),
    (no_load_balancer_block, "missing-load-balancer", "load_balancer"),
    (password_in_the_environment, "plaintext-secret", "secrets"),
    (no_execution_role, "missing-execution-role", "execution_role"),
    (public_subnets, "task-in-public-subnet", "private_network"),
    (no_listener, "broken-load-balancer-chain", "load_balancer"),
]


@pytest.mark.parametrize(
    ("mutate", "rule", "criterion"), MUTATIONS, ids=[mutate.__name__ for mutate, *_ in MUTATIONS]
)
def test_missing_piece_is_noticed(
    check: Check,
    tmp_path: Path,
    mutate: Callable[[dict[str, str]], None],
    rule: str,
    criterion: str,
) -> None:
    files = {path.name: path.read_text() for path in (TOP / "reference" / "nat").iterdir()}
    mutate(files)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    ran = check(tmp_path)
    assert 1 == ran.status
    assert rule in failed(ran)
    assert "fail" == scorecard(ran)[criterion]


# ---- the article's stack ----------------------------------------------------------------------


def places(ran: Ran, rule: str) -> list[tuple[str, str]]:
    """The files and the lines' texts at which a rule's findings stand."""

    def place(finding: dict[str, Any]) -> tuple[str, str]:
        path = TOP / finding["location"]["path"]
        line = path.read_text().splitlines()[finding["location"]["line"] - 1]
        return path.name, line.strip()

    return [place(f) for f in ran.findings if f["rule"] == rule and f["verdict"] == "fail"]


def test_article_shows_its_password(check: Check) -> None:
    ran = check(ARTICLE)
    assert 1 == ran.status
    expected = [("service.tf", 'value = "${var.db_password}"')]
    assert expected == places(ran, "plaintext-secret")
    assert "fail" == scorecard(ran)["secrets"]


def test_article_is_reached_without_tls(check: Check) -> None:
    ran = check(ARTICLE)
    ((file, line),) = places(ran, "listener-without-tls")
    assert "load_balancer.tf" == file
    assert line in ('protocol          = "HTTP"', 'resource "aws_alb_listener" "front_end" {')
    assert "fail" == scorecard(ran)["tls"]


def test_article_is_else_sound(check: Check) -> None:
    ran = check(ARTICLE)
    found = scorecard(ran)
    assert ("pass", "pass") == (found["private_network"], found["execution_role"])
