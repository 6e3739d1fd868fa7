rule "service" "single-task" {
  summary    = "A service behind a load balancer keeps two tasks or more."
  severity   = "medium"
  remedy     = "Set desired_count = 2, or min_capacity = 2 in the aws_appautoscaling_target."
  rationale  = <<-EOT
    Fargate replaces tasks at any time: to patch the platform, when one fails its
    health check, when a zone fails. With one task nobody answers until the next has
    started. A service made without desired_count has no task at all.

    A service that nobody calls can wait, so that for a worker one task is worth a
    remark, and none may be meant.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-service-availability-best-practices.html"]

  locals {
    tasks = coalesce(service.steady_count, 0)
    made  = coalesce(service.desired_count, 0)
  }

  when = service.form == "service" && service.scheduling_strategy != "DAEMON"

  assert {
    condition     = anytrue([!service.registered, local.tasks > 0, local.made > 0])
    error_message = "${service} is made without a task, so nothing runs behind its load balancer."
    at            = service.steady_count
    severity      = "high"

    fix {
      of     = service.scaler
      set    = { min_capacity = 2 }
      when   = service.scaler != null
      safety = "unsafe"
    }

    fix {
      set    = { desired_count = 2 }
      when   = service.scaler == null
      safety = "unsafe"
    }
  }

  assert {
    condition     = anytrue([!service.registered, local.tasks > 0, local.made == 0])
    error_message = "${service} may go down to no task behind its load balancer; nobody answers until the next has started."
    at            = service.steady_count
    remedy        = "Set min_capacity = 2 in the aws_appautoscaling_target."

    fix {
      of     = service.scaler
      set    = { min_capacity = 2 }
      when   = service.scaler != null
      safety = "unsafe"
    }
  }

  assert {
    condition     = !service.registered || local.tasks != 1
    error_message = "${service} keeps one task behind its load balancer; nobody answers while it is replaced."
    at            = service.steady_count

    fix {
      of     = service.scaler
      set    = { min_capacity = 2 }
      when   = service.scaler != null
      safety = "unsafe"
    }

    fix {
      set    = { desired_count = 2 }
      when   = service.scaler == null
      safety = "unsafe"
    }
  }

  assert {
    condition     = service.registered || local.tasks != 1
    error_message = "${service} keeps one task; its work waits while it is replaced."
    at            = service.steady_count
    severity      = "low"
  }

  pass "two" {
    source = "fglint:private-service"
  }

  pass "autoscaling keeps two" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      desired_count = 1
    }

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"
      min_capacity       = 2
      max_capacity       = 8
    }
  }

  pass "a worker that scales to none" {
    resource "aws_ecs_service" "worker" {
      name            = "worker"
      launch_type     = "FARGATE"
      task_definition = "worker:1"
      desired_count   = 0
    }
  }

  fail "one" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      desired_count = 1 # fails
    }
  }

  fail "none, because nothing says how many" {
    resource "aws_ecs_service" "app" { # fails
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = "app:1"

      load_balancer {
        target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/app/0123456789abcdef"
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "autoscaling goes down to one" {
    source = "fglint:private-service"

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"
      min_capacity       = 1 # fails
      max_capacity       = 8
    }
  }

  fail "autoscaling takes the last task away at night" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      desired_count = 1
    }

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"
      min_capacity       = 0 # fails
      max_capacity       = 1
    }
  }

  fail "a worker's one" {
    resource "aws_ecs_service" "worker" {
      name            = "worker"
      launch_type     = "FARGATE"
      task_definition = "worker:1"
      desired_count   = 1 # fails
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "tasks" { type = number }

    resource "aws_ecs_service" "app" {
      desired_count = var.tasks
    }
  }

  not_applicable "a schedule" {
    resource "aws_cloudwatch_event_target" "report" {
      rule = "nightly"
      arn  = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"

      ecs_target {
        launch_type         = "FARGATE"
        task_definition_arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/report"
      }
    }
  }
}
