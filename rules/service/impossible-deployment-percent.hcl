rule "service" "impossible-deployment-percent" {
  summary    = "The percentages of a rolling deployment let it replace a task."
  severity   = "high"
  remedy     = "Set deployment_minimum_healthy_percent = 100 and deployment_maximum_percent = 200."
  rationale  = <<-EOT
    A rolling deployment starts new tasks as long as no more than the maximum
    run, rounded down to whole tasks, and stops old ones as long as no fewer than
    the minimum run, rounded up. Where neither is possible the deployment never
    begins: with one task, 100 % and 150 % are both one task.

    Rebalancing over Availability Zones starts a task before it stops one, so it
    needs more than 100 % as well; ECS refuses it otherwise.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html"]

  locals {
    minimum = coalesce(service.minimum_healthy_percent, 100)
    maximum = coalesce(service.maximum_percent, 200)
    tasks   = coalesce(service.desired_count, 0)
    floats  = service.autoscaled || contains(service.ignored_changes, "desired_count") || contains(service.ignored_changes, "*")
  }

  when = service.rolling

  assert {
    condition     = local.minimum <= 100
    error_message = "${service} keeps at least ${local.minimum} % of its tasks running, which is more than there are."
    at            = service.minimum_healthy_percent
  }

  assert {
    condition     = local.minimum > 100 || local.minimum <= local.maximum
    error_message = "${service} keeps at least ${local.minimum} % and at most ${local.maximum} % of its tasks running."
    at            = service.maximum_percent
  }

  assert {
    condition     = local.maximum > 100 || local.minimum != 100
    error_message = "${service} may neither stop a task (minimum ${local.minimum} %) nor start one (maximum ${local.maximum} %), so no deployment makes progress."
    at            = service.maximum_percent
  }

  assert {
    condition = anytrue([
      local.maximum <= 100 && local.minimum == 100,
      local.maximum >= 200,
      local.minimum == 0 || local.minimum > local.maximum,
      local.tasks == 0,
      local.floats,
      floor(local.tasks * local.maximum / 100) > local.tasks,
      ceil(local.tasks * local.minimum / 100) < local.tasks,
    ])
    error_message = "With ${local.tasks} task(s), ${service} may neither stop one (minimum ${local.minimum} %) nor start one (maximum ${local.maximum} %), so no deployment makes progress."
    at            = service.maximum_percent
  }

  assert {
    condition     = service.zone_rebalancing != "ENABLED" || local.maximum > 100
    error_message = "${service} rebalances its tasks over Availability Zones, but may not start one more than it has (maximum ${local.maximum} %)."
    at            = service.zone_rebalancing
  }

  pass "the defaults" {
    source = "fglint:private-service"
  }

  pass "one task at a time" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      deployment_minimum_healthy_percent = 50
      deployment_maximum_percent         = 100
    }
  }

  pass "the defaults suit any number of tasks" {
    source = "fglint:private-service"

    variable "tasks" { type = number }

    resource "aws_ecs_service" "app" {
      desired_count = var.tasks
    }
  }

  pass "Application Auto Scaling sets the number of tasks" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      desired_count              = 1
      deployment_maximum_percent = 150
    }

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"
      min_capacity       = 4
      max_capacity       = 8
    }
  }

  fail "more than all" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      deployment_minimum_healthy_percent = 150 # fails
    }
  }

  fail "the least is more than the most" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      deployment_minimum_healthy_percent = 75
      deployment_maximum_percent         = 50 # fails
    }
  }

  fail "neither stop nor start" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      deployment_minimum_healthy_percent = 100
      deployment_maximum_percent         = 100 # fails
    }
  }

  fail "half a task is none" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      desired_count              = 1
      deployment_maximum_percent = 150 # fails
    }
  }

  fail "rebalancing needs room" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      availability_zone_rebalancing      = "ENABLED" # fails
      deployment_minimum_healthy_percent = 0
      deployment_maximum_percent         = 100
    }
  }

  fail "one task of which half and no more than one is to run" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      desired_count                      = 1
      deployment_minimum_healthy_percent = 50
      deployment_maximum_percent         = 100 # fails
    }
  }

  unknown "half as many again suits two tasks, but not one" {
    source = "fglint:private-service"

    variable "tasks" { type = number }

    resource "aws_ecs_service" "app" {
      desired_count              = var.tasks
      deployment_maximum_percent = 150
    }
  }

  not_applicable "CodeDeploy replaces all tasks at once" {
    resource "aws_ecs_service" "app" {
      name                       = "app"
      launch_type                = "FARGATE"
      task_definition            = "app:1"
      deployment_maximum_percent = 100
      deployment_controller { type = "CODE_DEPLOY" }
    }
  }
}
