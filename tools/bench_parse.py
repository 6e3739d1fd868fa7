#!/usr/bin/env python3
"""Measures how fast native syntax is parsed.

    bench_parse.py [--lines 100000] [--limit SECONDS] [FILE…]

Without files, it writes a configuration of that many lines itself. The least of three runs counts;
with --limit, slower is exit status 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fglint.source import SourceFile
from fglint.syntax import parse

STACK = """\
# Service %(n)d and what it needs.
resource "aws_ecs_service" "app_%(n)d" {
  name            = "${var.name}-app-%(n)d"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.app_%(n)d.arn
  desired_count   = var.environment == "production" ? 3 : 1
  launch_type     = "FARGATE"

  network_configuration {
    subnets          = [for s in aws_subnet.private : s.id if s.map_public_ip_on_launch == false]
    security_groups  = concat([aws_security_group.app.id], var.extra_security_groups)
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = toset(var.target_groups)
    content {
      target_group_arn = load_balancer.value
      container_name   = "app"
      container_port   = 8080
    }
  }

  tags = merge(local.tags, { Name = "app-%(n)d", "team:owner" = "platform" })
}

resource "aws_ecs_task_definition" "app_%(n)d" {
  family                   = "app-%(n)d"
  cpu                      = 256 * 2
  memory                   = 1024
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([
    {
      name      = "app"
      image     = "${aws_ecr_repository.app.repository_url}:${var.image_tag}"
      essential = true
      portMappings = [
        { containerPort = 8080, protocol = "tcp" },
      ]
      environment = [for k, v in var.environment_variables : { name = k, value = v }]
      command     = ["sh", "-c", "echo \\"starting $$HOME\\" && exec app"]
    }
  ])
}

resource "aws_iam_role_policy" "app_%(n)d" {
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [{
        "Effect": "Allow", /* a heredoc has no comments */
        "Action": ["s3:GetObject"],
        "Resource": "${aws_s3_bucket.data.arn}/*"
      }]
    }
  EOT
}

"""


def synthesised(lines: int) -> SourceFile:
    """A configuration of about that many lines."""
    count = lines // STACK.count("\n") + 1
    return SourceFile("main.tf", "".join(STACK % {"n": n} for n in range(count)))


def measured(sources: list[SourceFile]) -> float:
    """The seconds that parsing takes, the least of three runs."""
    runs: list[float] = []
    for _ in range(3):
        start = time.perf_counter()
        for source in sources:
            if parse(source).diagnostics:
                print(f"{source.path} has syntax errors", file=sys.stderr)
        runs.append(time.perf_counter() - start)
    return min(runs)


def main() -> int:
    """Prints one line with the result."""
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("--lines", type=int, default=100_000)
    options.add_argument("--limit", type=float)
    options.add_argument("files", nargs="*", type=Path)
    given = options.parse_args()
    sources = [SourceFile(str(path), path.read_text()) for path in given.files]
    sources = sources or [synthesised(given.lines)]
    lines = sum(source.text.count("\n") for source in sources)
    seconds = measured(sources)
    print(f"{lines} lines in {seconds:.2f} s: {lines / seconds:,.0f} lines/s")
    return int(given.limit is not None and seconds > given.limit)


if __name__ == "__main__":
    sys.exit(main())
