"""`fglint trace`: each hop with its verdict, as the rules give it.

`FGLINT_REWRITE=1 pytest tests/test_trace.py` writes the golden files anew; read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran, Run

from fglint import __version__
from fglint.finding import Verdict
from fglint.policy.bundle import rules_directory
from fglint.policy.check import judge
from fglint.policy.examples import deploy
from fglint.policy.loader import load_rules, read_examples
from fglint.policy.rule import Rule
from fglint.policy.trace import RULES, traces
from fglint.source import Files

TOP = Path(__file__).parent.parent
ARTICLE = "tests/fixtures/projects/article"
GOLDEN = TOP / "tests" / "fixtures" / "traces"

Write = Callable[[str, str], Path]

WORKER = """\
variable "subnet_ids" { type = list(string) }

resource "aws_ecs_task_definition" "worker" {
  family                   = "worker"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([{
    name  = "worker"
    image = "public.ecr.aws/docker/library/busybox:1.37"
  }])
}

resource "aws_ecs_service" "worker" {
  for_each        = toset(["a", "b"])
  name            = each.key
  launch_type     = "FARGATE"
  task_definition = aws_ecs_task_definition.worker.arn
  network_configuration {
    subnets         = var.subnet_ids
    security_groups = ["sg-0123456789abcdef0"]
  }
}
"""


@pytest.fixture
def trace(fglint: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    monkeypatch.chdir(TOP)
    monkeypatch.setenv("NO_COLOR", "1")
    return lambda *arguments: fglint("trace", "--isolated", *arguments)


def hops(ran: Ran, service: int = 0) -> list[dict[str, Any]]:
    found = ran.json["services"][service]
    return [*found["traffic"], *found["start"]]


def steps(ran: Ran, service: int = 0) -> list[tuple[str, str]]:
    return [(hop["step"], hop["verdict"]) for hop in hops(ran, service)]


# ---- golden files -----------------------------------------------------------------------------


@pytest.mark.parametrize("stack", ["reference/nat", ARTICLE])
@pytest.mark.parametrize(("format_", "suffix"), [("text", "txt"), ("json", "json")])
def test_trace_is_as_the_golden_file(
    trace: Callable[..., Ran], stack: str, format_: str, suffix: str
) -> None:
    ran = trace("-f", format_, stack)
    assert (0, "") == (ran.status, ran.err)
    text = ran.out.replace(f'"{__version__}"', '"VERSION"')
    path = GOLDEN / f"{Path(stack).name}.{suffix}"
    if os.environ.get("FGLINT_REWRITE"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    assert path.read_bytes().decode() == text


@pytest.mark.parametrize("stack", ["nat", "endpoints", "services"])
def test_nothing_fails_in_a_reference_stack(trace: Callable[..., Ran], stack: str) -> None:
    ran = trace("-f", "json", f"reference/{stack}")
    wrong = [
        hop
        for service in ran.json["services"]
        for hop in (*service["traffic"], *service["start"])
        if hop["verdict"] in ("fail", "unknown")
    ]
    assert [] == wrong
    assert {"pass"} == {service["verdict"] for service in ran.json["services"]}


def test_article_fails_where_it_speaks_http(trace: Callable[..., Ran]) -> None:
    ran = trace("-f", "json", ARTICLE)
    failed = {hop["step"] for hop in hops(ran) if hop["verdict"] == "fail"}
    assert "listener" in failed
    (listener,) = [hop for hop in hops(ran) if hop["step"] == "listener"]
    assert "listener-without-tls" in {finding["rule"] for finding in listener["findings"]}
    assert f"{ARTICLE}/load_balancer.tf" == listener["location"]["path"]


def test_secret_is_never_shown(fglint: Run, write: Write) -> None:
    shown = """
        image   = "https://user:not-a-real-password@registry.example.com/worker:1"
        environment = [{ name = "PASSWORD", value = "not-a-real-password" }]
    """
    image = '    image = "public.ecr.aws/docker/library/busybox:1.37"\n'
    write("main.tf", WORKER.replace(image, shown))
    for format_ in ("text", "json"):
        ran = fglint("trace", "--isolated", "-f", format_)
        assert "container worker" in ran.out
        assert "not-a-real-password" not in ran.out


# ---- paths ------------------------------------------------------------------------------------


def test_start_of_a_task_in_order(trace: Callable[..., Ran]) -> None:
    start = trace("-f", "json", "reference/nat").json["services"][0]["start"]
    expected = [
        "network",
        *("subnet", "route") * 2,
        *("registry", "role", "image", "log_group"),
        *("secret", "key") * 2,
    ]
    assert expected == [hop["step"] for hop in start]


def test_way_through_modules_is_told(trace: Callable[..., Ran]) -> None:
    service = 'module.service["api"].aws_ecs_service.main'
    ran = trace(service, "reference/services", "-f", "json")
    (subnet, _) = [hop for hop in hops(ran) if hop["step"] == "subnet"]
    expected = ['module.service["api"].var.subnet_ids', "module.network.output.private_subnet_ids"]
    assert expected == subnet["via"]


def test_names_that_the_rule_is_not_for_are_left_out(trace: Callable[..., Ran]) -> None:
    ran = trace('module.service["web"].aws_ecs_service.main', "reference/services", "-f", "json")
    names = [hop["text"].partition(" ")[0] for hop in hops(ran) if hop["step"] == "dns"]
    assert ["shop.example.com"] == names


def test_worker_has_no_traffic(trace: Callable[..., Ran]) -> None:
    ran = trace('module.service["worker"].aws_ecs_service.main', "reference/services", "-f", "json")
    (hop,) = ran.json["services"][0]["traffic"]
    assert ("internet", "not_applicable") == (hop["step"], hop["verdict"])
    assert "no load balancer leads to it, and no container declares a port" == hop["text"]


def test_unknown_hop_says_what_would_settle_it(fglint: Run, write: Write) -> None:
    write("main.tf", WORKER)
    ran = fglint("trace", 'aws_ecs_service.worker["a"]', "--isolated", "-f", "json")
    assert ("subnet", "unknown") in steps(ran)
    (subnet,) = [hop for hop in hops(ran) if hop["step"] == "subnet"]
    assert "var.subnet_ids has no value" in subnet["because"]
    assert "unknown" == ran.json["services"][0]["verdict"]


def test_all_instances_of_a_service_are_traced(fglint: Run, write: Write) -> None:
    write("main.tf", WORKER)
    ran = fglint("trace", "aws_ecs_service.worker", "--isolated", "-f", "json")
    expected = ['aws_ecs_service.worker["a"]', 'aws_ecs_service.worker["b"]']
    assert expected == [service["service"] for service in ran.json["services"]]


def test_run_target_starts_and_has_no_traffic(fglint: Run, write: Write) -> None:
    target = """
        resource "aws_cloudwatch_event_target" "nightly" {
          arn = "arn:aws:ecs:eu-west-1:111122223333:cluster/main"
          ecs_target {
            launch_type         = "FARGATE"
            task_definition_arn = aws_ecs_task_definition.worker.arn
          }
        }
    """
    write("main.tf", WORKER.partition('resource "aws_ecs_service"')[0] + target)
    ran = fglint("trace", "--isolated", "-f", "json")
    (service,) = ran.json["services"]
    assert ("aws_cloudwatch_event_target.nightly", []) == (service["service"], service["traffic"])


# ---- command ----------------------------------------------------------------------------------


def test_file_stands_for_its_directory(trace: Callable[..., Ran]) -> None:
    assert trace("reference/nat").out == trace("reference/nat/service.tf").out


def test_wrong_service_names_what_is_meant(fglint: Run, write: Write) -> None:
    write("main.tf", WORKER)
    ran = fglint("trace", "aws_ecs_service.wroker", "--isolated")
    assert (2, "") == (ran.status, ran.out)
    assert "did you mean aws_ecs_service.worker?" in ran.err


def test_root_without_services_says_so(fglint: Run, write: Write) -> None:
    write("main.tf", 'resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }\n')
    ran = fglint("trace", "--isolated")
    assert (0, "") == (ran.status, ran.out)
    assert "no service or run target" in ran.err


def test_incomplete_configuration_is_status_3(fglint: Run, write: Write) -> None:
    write("main.tf", WORKER + "\nlocals { broken = }\n")
    assert 3 == fglint("trace", "--isolated").status


@pytest.mark.parametrize(
    ("variables", "colored"),
    [({"NO_COLOR": "1"}, False), ({"FORCE_COLOR": "1"}, True), ({}, False)],
)
def test_usual_variables_decide_about_colours(
    fglint: Run,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    colored: bool,
) -> None:
    write("main.tf", WORKER)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert colored == ("\x1b[" in fglint("trace", "--isolated").out)


def test_options_of_rules_in_the_settings_count(fglint: Run, write: Write) -> None:
    write("main.tf", WORKER)
    write("fglint.toml", 'ignore = ["network"]\nunknown = "report"\n')
    assert ("route", "unknown") in steps(fglint("trace", "aws_ecs_service.worker", "-f", "json"))


# ---- agreement with check ---------------------------------------------------------------------

BUNDLED = load_rules((rules_directory(),)).rules
STEPS = [BUNDLED[name] for name in RULES if name in BUNDLED]


@pytest.mark.parametrize("rule", STEPS, ids=lambda rule: rule.name)
def test_trace_says_what_rules_say(rule: Rule) -> None:
    files = Files()
    for example in read_examples(rule, files):
        deployment, _ = deploy(rule, example, files)
        assert deployment is not None
        outcome = judge(deployment, STEPS, {})
        found = traces(deployment, STEPS, {}).traces
        run = {trace.service for trace in found} | {
            s.task.address for s in deployment.services if s.task
        }
        expected = {
            (finding.rule, finding.address, finding.message)
            for finding in outcome.findings
            if finding.rule == rule.name and finding.verdict is Verdict.FAIL
        }
        shown = {
            (finding.rule, finding.address, finding.message)
            for trace in found
            for hop in trace.hops
            for finding in hop.findings
            if finding.rule == rule.name and finding.verdict is Verdict.FAIL
        }
        assert shown <= expected, example.title
        assert {each for each in expected - shown if each[1] in run} == set(), example.title
