rule "container" "abrupt-stop" {
  summary   = "An application that serves requests hears that it is to stop, and has time to do so."
  severity  = "low"
  default   = false
  remedy    = "Start the application with exec, or set initProcessEnabled = true, and give it stopTimeout of 30 seconds or more."
  rationale = <<-EOT
    ECS sends SIGTERM to the first process of a container and kills it after
    stopTimeout. A shell that runs the application by `sh -c` is that first process,
    and does not pass the signal on: the application is killed in the middle of its
    requests.

    FARGATE_SPOT takes a task back two minutes after it says so; a container uses them
    only where its stopTimeout is as long.
  EOT
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#container_definition_timeout",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
  ]

  when = container.behind_load_balancer

  assert {
    condition     = coalesce(container.stop_timeout, 30) >= 30
    error_message = "Container ${container} is killed ${container.stop_timeout} s after it is asked to stop."
    at            = container.stop_timeout
  }

  assert {
    condition     = !container.wrapped_in_shell || container.has_init_process
    error_message = "Container ${container} runs its command in a shell, which does not pass SIGTERM on."
    at            = container.wrapped_in_shell
  }

  assert {
    condition     = !container.on_spot || coalesce(container.stop_timeout, 30) >= 120
    error_message = "Container ${container} runs on FARGATE_SPOT and uses ${coalesce(container.stop_timeout, 30)} of the 120 s that it has to stop."
    remedy        = "Set stopTimeout = 120."
    at            = container.stop_timeout
  }

  pass "the defaults" {
    source = "fglint:private-service"
  }

  pass "a shell that makes way" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "app:1.0"
        portMappings = [{ containerPort = 8080 }]
        stopTimeout  = 60
        command      = ["sh", "-c", "exec node server.js"]
      }])
    }
  }

  pass "an init process" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name            = "app"
        image           = "app:1.0"
        portMappings    = [{ containerPort = 8080 }]
        entryPoint      = ["/bin/sh", "-c"]
        command         = ["node server.js"]
        linuxParameters = { initProcessEnabled = true }
      }])
    }
  }

  fail "a shell in between, and little time" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "app:1.0"
        portMappings = [{ containerPort = 8080 }]
        stopTimeout  = 5                              # fails
        command      = ["sh", "-c", "node server.js"] # fails
      }])
    }
  }

  fail "Spot takes tasks back" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "app:1.0"
        portMappings = [{ containerPort = 8080 }]
        stopTimeout  = 60 # fails
      }])
    }

    resource "aws_ecs_service" "app" {
      launch_type = null

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "stop_timeout" { type = number }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "app:1.0"
        portMappings = [{ containerPort = 8080 }]
        stopTimeout  = var.stop_timeout
      }])
    }
  }

  not_applicable "no load balancer reaches it" {
    resource "aws_ecs_task_definition" "worker" {
      family                   = "worker"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "worker", image = "worker:1.0", stopTimeout = 2 }])
    }
  }
}
