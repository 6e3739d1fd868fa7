"""What is wrong with the task definition or the service itself."""

from __future__ import annotations

from mutations.edits import drop, mutation, put, within, without

TASK = "aws_ecs_task_definition.app"
SERVICE = "aws_ecs_service.app"
REPOSITORY = "aws_ecr_repository.app"
CLUSTER = "aws_ecs_cluster.main"
URL = "${aws_ecr_repository.app.repository_url}"

TASK_MUTATIONS = (
    mutation(
        "a task for EC2",
        "missing-fargate-compatibility",
        within(TASK, "requires_compatibilities", '["EC2"]'),
    ),
    mutation("bridge networking", "network-mode-not-awsvpc", without(TASK, "network_mode")),
    mutation("a size that there is not", "invalid-task-size", within(TASK, "memory", "700")),
    mutation(
        "a container larger than its task",
        "oversubscribed-task",
        put(TASK, "essential = true", "essential = true\n    memory = 4096"),
    ),
    mutation(
        "a host port of its own",
        "mismatched-host-port",
        put(TASK, 'protocol      = "tcp"', 'protocol = "tcp"\n      hostPort = 80'),
    ),
    mutation(
        "a privileged container",
        "unsupported-container-parameter",
        put(TASK, "essential = true", "essential = true\n    privileged = true"),
    ),
    mutation(
        "a capability that Fargate refuses",
        "unsupported-capability",
        put(TASK, '{ drop = ["ALL"] }', '{ drop = ["ALL"], add = ["NET_ADMIN"] }'),
    ),
    mutation(
        "no essential container",
        "no-essential-container",
        put(TASK, "essential = true", "essential = false"),
    ),
    mutation(
        "a health check too often",
        "invalid-health-check",
        put(TASK, "interval    = 15", "interval = 1"),
    ),
    mutation(
        "a stop that takes too long",
        "invalid-timeout",
        put(TASK, "stopTimeout            = 60", "stopTimeout = 600"),
    ),
    mutation(
        "another log driver",
        "unsupported-log-driver",
        put(TASK, '"awslogs"', '"json-file"'),
    ),
    mutation(
        "no prefix of log streams",
        "incomplete-awslogs-options",
        put(TASK, '        "awslogs-stream-prefix" = "app"\n'),
    ),
    mutation(
        "a log group that nobody makes",
        "missing-log-group",
        put(TASK, "aws_cloudwatch_log_group.app.name", '"/ecs/none"'),
    ),
    mutation(
        "no logs",
        "missing-container-logs",
        put(TASK, "logConfiguration = {", "logConfiguration = true ? null : {"),
    ),
    mutation("root in the container", "root-container", put(TASK, '"1000:1000"', '"root"')),
    mutation(
        "a writable container",
        "writable-root-filesystem",
        put(TASK, "readonlyRootFilesystem = true", "readonlyRootFilesystem = false"),
    ),
    mutation("a tag that moves", "mutable-image", put(TASK, ":${var.app_version}", ":latest")),
    mutation(
        "the ARN of a repository as image",
        "unresolvable-ecr-image",
        put(TASK, "app.repository_url", "app.arn"),
    ),
    mutation(
        "tags that move",
        "mutable-ecr-tags",
        within(REPOSITORY, "image_tag_mutability", '"MUTABLE"'),
    ),
    mutation(
        "images that nobody scans",
        "unscanned-ecr-images",
        without(REPOSITORY, "image_scanning_configuration"),
    ),
    mutation(
        "images that nobody removes", "missing-ecr-lifecycle", drop("aws_ecr_lifecycle_policy.app")
    ),
)

SERVICE_MUTATIONS = (
    mutation(
        "EC2 by default",
        "ambiguous-launch-type not-on-fargate",
        without(SERVICE, "launch_type"),
        without("aws_ecs_cluster_capacity_providers.main", "default_capacity_provider_strategy"),
    ),
    mutation(
        "no network", "missing-network-configuration", without(SERVICE, "network_configuration")
    ),
    mutation(
        "an old platform version",
        "retired-platform-version invalid-secret-reference",
        within(SERVICE, "platform_version", '"1.3.0"'),
    ),
    mutation(
        "a deployment that can neither stop nor start",
        "impossible-deployment-percent deployment-drops-capacity",
        within(SERVICE, "deployment_maximum_percent", "100"),
    ),
    mutation(
        "a daemon",
        "daemon-on-fargate invalid-autoscaling-target",
        within(SERVICE, "scheduling_strategy", '"DAEMON"'),
    ),
    mutation(
        "no circuit breaker",
        "missing-circuit-breaker",
        without(SERVICE, "deployment_circuit_breaker"),
    ),
    mutation(
        "a deployment that halves capacity",
        "deployment-drops-capacity",
        within(SERVICE, "deployment_minimum_healthy_percent", "50"),
    ),
    mutation(
        "no grace period",
        "missing-grace-period",
        without(SERVICE, "health_check_grace_period_seconds"),
    ),
    mutation(
        "a count that autoscaling loses",
        "autoscaled-count-not-ignored",
        without(SERVICE, "lifecycle"),
    ),
    mutation(
        "autoscaling of another service",
        "invalid-autoscaling-target autoscaled-count-not-ignored",
        put("aws_appautoscaling_target.app", "service/", "services/"),
    ),
    mutation("no insights", "container-insights-off", without(CLUSTER, "setting")),
    mutation(
        "logs for ever",
        "unlimited-log-retention",
        without("aws_cloudwatch_log_group.app", "retention_in_days"),
    ),
    mutation(
        "subnets that give public addresses",
        "automatic-public-ip",
        within("aws_subnet.public", "map_public_ip_on_launch", "true"),
    ),
)

MUTATIONS = (*TASK_MUTATIONS, *SERVICE_MUTATIONS)
