rule "task" "missing-execution-role" {
  summary    = "A task needs an execution role for what ECS does before its containers start."
  severity   = "high"
  remedy     = "Set execution_role_arn to a role that ecs-tasks.amazonaws.com may assume and that has the policy AmazonECSTaskExecutionRolePolicy."
  rationale  = <<-EOT
    ECS pulls private images, creates log streams, reads secrets and fetches
    environment files itself, before any container runs, and does so as the
    execution role. Without one, Fargate refuses to register or start the task:
    "Fargate requires task definition to have execution role ARN to support ECR
    images." The task role does not stand in for it; that one is the
    application's.

    A task that pulls a public image and has neither awslogs nor secrets needs no
    execution role.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html"]

  when = task.needs_execution_role || task.names_execution_role

  assert {
    judgement     = true # a required variable names a role
    condition     = !task.needs_execution_role || task.names_execution_role
    error_message = "${task} has no execution role, but ${join(", ", task.execution_role_reasons)}."
    at            = task.names_execution_role
  }

  pass "the task names its role" {
    resource "aws_iam_role" "execution" {
      assume_role_policy = "{}"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name    = "app"
        image   = "nginx:1.27"
        secrets = [{ name = "KEY", valueFrom = "/app/key" }]
      }])
    }
  }

  pass "the role comes from a variable that must be given" {
    variable "execution_role_arn" { type = string }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = var.execution_role_arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
      }])
    }
  }

  pass "a role that the task does not need" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole"
      container_definitions    = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }
  }

  pass "the role lies outside" {
    data "aws_iam_role" "execution" { name = "ecsTaskExecutionRole" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = data.aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
      }])
    }
  }

  fail "the image lies in a private ECR repository" {
    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecs_task_definition" "app" { # fails
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "${aws_ecr_repository.app.repository_url}:1"
      }])
    }
  }

  fail "awslogs, in a heredoc" {
    resource "aws_ecs_task_definition" "app" { # fails
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = <<-JSON
        [{
          "Name": "app",
          "Image": "nginx:1.27",
          "LogConfiguration": {
            "LogDriver": "awslogs",
            "Options": { "awslogs-group": "/ecs/app", "awslogs-region": "eu-west-1" }
          }
        }]
      JSON
    }
  }

  fail "secrets, and null in place of the role" {
    variable "execution_role_arn" {
      type    = string
      default = null
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = var.execution_role_arn # fails
      container_definitions = jsonencode([{
        name    = "app"
        image   = "nginx:1.27"
        secrets = [{ name = "KEY", valueFrom = "/app/key" }]
      }])
    }
  }

  fail "the task role does not stand in for it" {
    resource "aws_iam_role" "task" {
      assume_role_policy = "{}"
    }

    resource "aws_ecs_task_definition" "app" { # fails
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      task_role_arn            = aws_iam_role.task.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "registry.example.com/app:1"
        repositoryCredentials = {
          credentialsParameter = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry-AbCdEf"
        }
      }])
    }
  }

  fail "an environment file, and a service that runs the task on Fargate" {
    resource "aws_ecs_task_definition" "app" { # fails
      family = "app"
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        environmentFiles = [{ type = "s3", value = "arn:aws:s3:::configuration/app.env" }]
      }])
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn
    }
  }

  unknown "nobody knows where the image comes from" {
    variable "image" { type = string }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = var.image }])
    }
  }

  unknown "a condition decides whether there is a role" {
    variable "private" { type = bool }

    resource "aws_iam_role" "execution" {
      assume_role_policy = "{}"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = var.private ? aws_iam_role.execution.arn : null
      container_definitions = jsonencode([{
        name    = "app"
        image   = "nginx:1.27"
        secrets = [{ name = "KEY", valueFrom = "/app/key" }]
      }])
    }
  }

  unknown "the containers come from outside" {
    variable "containers" { type = string }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = var.containers
    }
  }

  not_applicable "a public image that logs through FireLens" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        {
          name             = "app"
          image            = "nginx:1.27"
          logConfiguration = { logDriver = "awsfirelens" }
        },
        {
          name                  = "router"
          image                 = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0"
          firelensConfiguration = { type = "fluentbit" }
        },
      ])
    }
  }

  not_applicable "the task runs on instances" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["EC2"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
      }])
    }
  }
}
