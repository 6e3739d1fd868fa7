"""One report with all that reports must show, made by hand."""

from __future__ import annotations

from pathlib import Path

from fglint.diagnostic import Diagnostic
from fglint.finding import (
    Edit,
    Finding,
    Fix,
    Related,
    Report,
    RootReport,
    RuleInfo,
    ServiceScore,
    Severity,
    Suppression,
    Verdict,
)
from fglint.source import Range, SourceFile

FIXTURES = Path(__file__).parents[1] / "fixtures" / "reports"

PASSWORD = "not-a-real-password"
TOKEN = "also-not-a-real-token"

FAIL, UNKNOWN, PASS, NOT = Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS, Verdict.NOT_APPLICABLE


def source(path: str) -> SourceFile:
    return SourceFile(path, (FIXTURES / path).read_bytes().decode())


MAIN = source("infra/main.tf")
VARIABLES = source("infra/variables.tf")
WIDE = source("größe/main.tf")
BROKEN = source("größe/broken file.tf")


def place(file: SourceFile, text: str) -> Range:
    start = file.text.index(text)
    return file.range(start, start + len(text))


def counts(passed: int = 0, failed: int = 0, unknown: int = 0, not_applicable: int = 0):
    return {PASS: passed, FAIL: failed, UNKNOWN: unknown, NOT: not_applicable}


RULES = (
    RuleInfo(
        "plaintext-secret",
        "environment",
        "secrets",
        "No secret value reaches a task definition in clear text.",
        Severity.CRITICAL,
        rationale="Whoever may call `ecs:DescribeTaskDefinition` reads the *whole* environment.",
        remedy="Keep the value in Secrets Manager and name it under `secrets`.",
        references=("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets.html",),
        same_as=("ECS.8", "AWS-0036"),
        severities=(Severity.HIGH, Severity.LOW),
    ),
    RuleInfo(
        "listener-without-tls",
        "service_listener",
        "tls",
        "Every listener that forwards to a service speaks TLS.",
        Severity.HIGH,
        remedy="Listen on 443 with a certificate and redirect port 80.",
    ),
    RuleInfo(
        "invalid-task-size",
        "task",
        "task",
        "Fargate sells CPU and memory only in fixed pairs.",
        Severity.HIGH,
        remedy="Take a pair that is on sale.",
    ),
    RuleInfo(
        "mutable-image",
        "container",
        "images",
        "A tag such as latest can name another image tomorrow.",
        Severity.MEDIUM,
        remedy="Pin a version tag or a digest.",
    ),
    RuleInfo(
        "task-in-public-subnet",
        "service",
        "network",
        "Tasks run in private subnets.",
        Severity.HIGH,
        remedy="Use private subnets and no public address.",
    ),
    RuleInfo("costly-logs", "log_group", "cost", "Logs are kept for a reason.", Severity.INFO),
)

APP = "aws_ecs_task_definition.app"
EDGE = 'module.edge["eu \\"west\\""].aws_lb.this[0]'

PASSWORD_LITERAL = place(MAIN, f'"{PASSWORD}"')
AFTER_TRUE = MAIN.range(place(MAIN, "true").end, place(MAIN, "true").end)

FINDINGS = (
    Finding(
        "plaintext-secret",
        FAIL,
        Severity.CRITICAL,
        "Container app shows DB_PASSWORD, a literal of 19 characters, in clear text",
        "Keep the value in Secrets Manager and name it under secrets.",
        APP,
        "container app, environment DB_PASSWORD",
        PASSWORD_LITERAL,
        secret=(PASSWORD_LITERAL,),
        fix=Fix("unsafe", (Edit(PASSWORD_LITERAL, f'["{PASSWORD}"]'),)),
    ),
    Finding(
        "plaintext-secret",
        FAIL,
        Severity.HIGH,
        "Container app shows API_TOKEN, the value of var.token, in clear text",
        "Keep the value in Secrets Manager and name it under secrets.",
        APP,
        "container app, environment API_TOKEN",
        place(MAIN, "var.token"),
        related=(Related("its default is written here", place(VARIABLES, f'"{TOKEN}"')),),
        secret=(place(MAIN, "var.token"), place(VARIABLES, f'"{TOKEN}"')),
    ),
    Finding(
        "mutable-image",
        FAIL,
        Severity.MEDIUM,
        "Container app runs registry.example/app:latest",
        "Pin a version tag or a digest.",
        APP,
        "container app",
        place(MAIN, '"registry.example/app:latest"'),
        values=(("container.image.tag", '"latest"'), ("container.image.digest", "null")),
        suppressed=Suppression("comment", "images are rebuilt | weekly", "2027-03-31"),
    ),
    Finding(
        "invalid-task-size",
        UNKNOWN,
        Severity.HIGH,
        "Fargate may not offer var.memory MiB with 256 CPU units",
        "Take a pair that is on sale.",
        APP,
        "",
        place(MAIN, "var.memory"),
        because="var.memory has no value; give one with --var or --var-file",
        values=(("task.cpu", "256"), ("task.memory", "var.memory")),
    ),
    Finding(
        "task-in-public-subnet",
        FAIL,
        Severity.HIGH,
        "The service runs in aws_subnet.public, whose default route leads to the internet",
        "Use private subnets and no public address.",
        "aws_ecs_service.app",
        "subnet aws_subnet.public",
        place(MAIN, "aws_subnet.public.id"),
        values=(("service.assign_public_ip", "true"),),
        related=(Related("the public address is asked for here", place(MAIN, "true")),),
        flow=(
            Related("the internet reaches the listener", place(MAIN, '"HTTP"')),
            Related("the service takes a public address", place(MAIN, "true")),
        ),
        fix=Fix("safe", (Edit(place(MAIN, "true"), "false"), Edit(AFTER_TRUE, "\n    # private"))),
    ),
    Finding(
        "listener-without-tls",
        FAIL,
        Severity.HIGH,
        "Listener 80 forwards without TLS, 100% of the time: see <script>, `code`, @team | #1",
        "Listen on 443 with a certificate and redirect port 80.",
        "aws_lb_listener.http",
        "",
        place(MAIN, '"HTTP"'),
        related=(Related("the load balancer", place(MAIN, 'module.edge["eu \\"west\\""].arn')),),
    ),
    Finding(
        "listener-without-tls",
        UNKNOWN,
        Severity.HIGH,
        "Listeners of the module cannot be seen",
        "",
        EDGE,
        "",
        place(MAIN, "aws_lb_listener"),
        because="module.edge is not downloaded; run terraform init",
    ),
)

WIDE_FINDINGS = (
    Finding(
        "costly-logs",
        FAIL,
        Severity.INFO,
        "Log group 数据 keeps\nits logs for ever \x1b[31m\u202etxt",
        "",
        'module.größe["a\\"b"].aws_cloudwatch_log_group.this["容器"]',
        "",
        place(WIDE, '"数据 café ✓"'),
    ),
    Finding(
        "plaintext-secret",
        FAIL,
        Severity.LOW,
        "A placeholder stands in the environment",
        "Remove it.",
        "aws_ecs_task_definition.worker",
        "container worker, environment LICENSE_KEY",
        place(WIDE, "jabcdefghij"[1:]),
    ),
)

REPORT = Report(
    roots=(
        RootReport(
            path="infra",
            scorecard=(
                ServiceScore(
                    "aws_ecs_service.app",
                    {
                        "secrets": FAIL,
                        "load_balancer": PASS,
                        "tls": FAIL,
                        "private_network": UNKNOWN,
                        "execution_role": NOT,
                    },
                    criteria_suppressed=("tls",),
                ),
                ServiceScore(
                    'module.api["eu \\"west\\""].aws_ecs_service.this[0]',
                    dict.fromkeys(
                        ("secrets", "load_balancer", "tls", "private_network", "execution_role"),
                        PASS,
                    ),
                ),
            ),
            rules={
                "plaintext-secret": counts(1, 2),
                "listener-without-tls": counts(0, 1, 1),
                "invalid-task-size": counts(unknown=1),
                "mutable-image": counts(failed=1),
                "task-in-public-subnet": counts(failed=1),
                "costly-logs": counts(not_applicable=1),
            },
            findings=FINDINGS,
            diagnostics=(
                Diagnostic(
                    "warning",
                    "Unused suppression",
                    'No finding of "tls" is here; remove the comment.',
                    place(MAIN, "port "),
                ),
            ),
            files=2,
            resources=4,
            services=2,
            not_here=('module.edge["eu \\"west\\""]',),
            unset_variables=("var.memory",),
        ),
        RootReport(
            path="größe",
            scorecard=(),
            rules={"plaintext-secret": counts(failed=1), "costly-logs": counts(failed=1)},
            findings=WIDE_FINDINGS,
            diagnostics=(
                Diagnostic(
                    "error",
                    "Missing expression",
                    "An argument needs a value after the equals sign.",
                    BROKEN.range(BROKEN.text.index("= ") + 2, BROKEN.text.index("= ") + 3),
                ),
            ),
            files=2,
            resources=1,
            services=0,
            broken_rules=("single-log-stream",),
        ),
    ),
    diagnostics=(Diagnostic("info", "No settings file", "All settings have their defaults."),),
    rules=RULES,
)

EMPTY = Report(
    roots=(
        RootReport(
            path="empty",
            scorecard=(),
            rules={"plaintext-secret": counts()},
            findings=(),
            diagnostics=(),
            files=1,
            resources=3,
            services=0,
        ),
    ),
    rules=RULES[:1],
)
