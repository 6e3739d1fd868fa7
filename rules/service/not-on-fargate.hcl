rule "root" "not-on-fargate" {
  summary    = "What the root deploys on ECS runs on Fargate."
  severity   = "high"
  remedy     = "Set launch_type = \"FARGATE\", or a capacity_provider_strategy of FARGATE and FARGATE_SPOT, on the service or target that runs the task definition."
  rationale  = <<-EOT
    A service without launch_type and capacity_provider_strategy, in a cluster
    without a default strategy, is an EC2 service: it waits for container
    instances that nobody made. A task definition that no service, schedule or
    state machine runs deploys nothing at all.

    Where an output gives the task definition out, another root may run it: that
    is not known here.

    A root that has a cluster alone, or whose services are all made for none, is
    worth a remark: what runs there may stand in another root.

    Services that are meant for instances of one's own are left out with the
    option allow-ec2.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/launch-type-comparison.html"]

  option "allow-ec2" {
    type        = bool
    default     = false
    description = "Services on EC2, EXTERNAL or MANAGED_INSTANCES are intended."
  }

  locals {
    judged = [for service in root.services : service if !option.allow_ec2 || service.fargate]

    # A service that is on instances is the finding, and the root has no other.
    told = anytrue([for service in local.judged : !service.fargate])
  }

  when = root.uses_ecs && (!option.allow_ec2 || length(root.services) == 0 || length(local.judged) > 0)

  assert {
    condition     = anytrue([root.deploys_fargate, local.told, !root.has_tasks])
    error_message = "No service and no run target in this root module runs a container on Fargate."
  }

  assert {
    condition     = root.has_tasks
    error_message = "This root module has ECS resources and nothing that runs on them: no service, no run target and no task definition, as its variables stand."
    severity      = "low"
    remedy        = "Deploy a service here, or leave this root out where its cluster serves others."
  }

  assert {
    for_each      = local.judged
    condition     = each.value.fargate
    error_message = "${each.value} does not run on Fargate (%{if each.value.has_strategy}its capacity provider strategy names ${join(", ", [for item in each.value.capacity_provider_strategy : item.provider])}%{else}launch type ${each.value.launch_type == null ? "EC2 by default" : each.value.launch_type}%{endif})."
    at            = each.value.fargate
  }

  pass "the launch type is FARGATE" {
    source = "fglint:private-service"
  }

  pass "the cluster's default strategy decides" {
    resource "aws_ecs_cluster" "main" { name = "main" }

    resource "aws_ecs_cluster_capacity_providers" "main" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = ["FARGATE"]

      default_capacity_provider_strategy {
        capacity_provider = "FARGATE"
        weight            = 1
      }
    }

    resource "aws_ecs_task_definition" "app" {
      family                = "app"
      container_definitions = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = aws_ecs_cluster.main.id
      task_definition = "${aws_ecs_task_definition.app.family}:${aws_ecs_task_definition.app.revision}"
    }
  }

  pass "a schedule runs the task" {
    resource "aws_ecs_task_definition" "report" {
      family                = "report"
      container_definitions = jsonencode([{ name = "report", image = "report:1.0" }])
    }

    resource "aws_cloudwatch_event_target" "report" {
      rule     = "nightly"
      arn      = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"
      role_arn = "arn:aws:iam::123456789012:role/events"

      ecs_target {
        launch_type         = "FARGATE"
        task_definition_arn = aws_ecs_task_definition.report.arn
      }
    }
  }

  pass "the service on instances is intended" {
    source = "fglint:private-service"

    options {
      allow_ec2 = true
    }

    resource "aws_ecs_service" "agent" {
      name            = "agent"
      cluster         = aws_ecs_cluster.main.id
      task_definition = "agent:7"
      launch_type     = "EC2"
    }
  }

  fail "no launch type means EC2" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
    }

    resource "aws_ecs_task_definition" "app" {
      family                = "app"
      container_definitions = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }

    resource "aws_ecs_service" "app" { # fails
      name            = "app"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
    }
  }

  fail "the strategy is for instances" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      task_definition = "app:1"

      capacity_provider_strategy { # fails
        capacity_provider = "instances"
        weight            = 1
      }
    }
  }

  fail "one service of two" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "agent" {
      name            = "agent"
      cluster         = aws_ecs_cluster.main.id
      task_definition = "agent:7"
      launch_type     = "EC2" # fails
    }
  }

  fail "nothing runs the task definition" {
    resource "aws_ecs_task_definition" "app" { # fails
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }
  }

  fail "a cluster for the services of other roots is worth a remark" {
    resource "aws_ecs_cluster" "main" { # fails
      name = "main"
    }
  }

  fail "so are services that are made for none" {
    variable "services" {
      type    = map(object({ cpu = number }))
      default = {}
    }

    resource "aws_ecs_cluster" "main" { # fails
      name = "main"
    }

    resource "aws_ecs_service" "app" {
      for_each    = var.services
      name        = each.key
      cluster     = aws_ecs_cluster.main.id
      launch_type = "FARGATE"
    }
  }

  unknown "the launch type is the caller's choice" {
    variable "launch_type" { type = string }

    resource "aws_ecs_task_definition" "app" {
      family                = "app"
      container_definitions = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = var.launch_type
    }
  }

  unknown "an output gives the task definition to another root" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }

    output "task" {
      value = { arn = aws_ecs_task_definition.app.arn }
    }
  }

  fail "an output of something else" {
    resource "aws_ecs_task_definition" "app" { # fails
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }

    resource "aws_cloudwatch_log_group" "app" { name = "app" }

    output "log_group" { value = aws_cloudwatch_log_group.app.arn }
  }

  unknown "the task definition lies outside" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      task_definition = "arn:aws:ecs:eu-west-1:123456789012:task-definition/app:3"
      launch_type     = "FARGATE"
    }
  }

  not_applicable "a root of network alone" {
    resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
  }

  not_applicable "all services are meant for instances" {
    options {
      allow_ec2 = true
    }

    resource "aws_ecs_service" "agent" {
      name            = "agent"
      task_definition = "agent:7"
      launch_type     = "EC2"
    }
  }
}
