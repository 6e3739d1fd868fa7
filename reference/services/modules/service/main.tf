locals {
  exposed = var.exposure != null
  port    = local.exposed ? var.exposure.port : null

  environment = merge(local.exposed ? { PORT = tostring(local.port) } : {}, var.environment)
}

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

resource "aws_ecs_task_definition" "main" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }

  container_definitions = jsonencode([{
    name         = "app"
    image        = "${aws_ecr_repository.main.repository_url}:${var.app_version}"
    essential    = true
    portMappings = local.exposed ? [{ name = "http", containerPort = local.port, protocol = "tcp", appProtocol = "http" }] : []
    environment  = [for name, value in local.environment : { name = name, value = value }]
    secrets      = [for name, secret in aws_secretsmanager_secret.main : { name = name, valueFrom = secret.arn }]

    user                   = "1000:1000"
    readonlyRootFilesystem = true
    stopTimeout            = 60

    linuxParameters = {
      initProcessEnabled = true
      capabilities       = { drop = ["ALL"] }
      tmpfs              = [{ containerPath = "/tmp", size = 64 }]
    }

    healthCheck = {
      command     = ["CMD-SHELL", local.exposed ? "wget -qO- http://localhost:${local.port}/healthz || exit 1" : "test -e /tmp/alive"]
      interval    = 15
      timeout     = 5
      retries     = 3
      startPeriod = 30
    }

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        "awslogs-group"         = aws_cloudwatch_log_group.main.name
        "awslogs-region"        = var.region
        "awslogs-stream-prefix" = "app"
        "mode"                  = "non-blocking"
        "max-buffer-size"       = "25m"
      }
    }
  }])
}

resource "aws_ecs_service" "main" {
  name                               = var.name
  cluster                            = var.cluster.arn
  task_definition                    = aws_ecs_task_definition.main.arn
  launch_type                        = "FARGATE"
  desired_count                      = var.desired_count
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = local.exposed ? 60 : null
  propagate_tags                     = "SERVICE"
  enable_ecs_managed_tags            = true

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.task.id]
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = aws_lb_target_group.main

    content {
      target_group_arn = load_balancer.value.arn
      container_name   = "app"
      container_port   = local.port
    }
  }

  # ECS checks these when the service is created, not when the first task starts.
  depends_on = [
    aws_lb_listener_rule.main,
    aws_iam_role_policy_attachment.execution,
    aws_iam_role_policy.secrets,
  ]

  lifecycle {
    ignore_changes = [desired_count]
  }
}

resource "aws_cloudwatch_log_group" "main" {
  name              = "/ecs/${var.name}"
  retention_in_days = 90
  kms_key_id        = var.key_arn
}

resource "aws_ecr_repository" "main" {
  name                 = var.name
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = var.key_arn
  }
}

resource "aws_ecr_lifecycle_policy" "main" {
  repository = aws_ecr_repository.main.name

  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep the last thirty images"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 30 }
      action       = { type = "expire" }
    }]
  })
}
