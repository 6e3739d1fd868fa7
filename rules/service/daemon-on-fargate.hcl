rule "service" "daemon-on-fargate" {
  summary    = "A service on Fargate schedules replicas."
  severity   = "high"
  remedy     = "Remove scheduling_strategy, and set desired_count."
  rationale  = <<-EOT
    DAEMON puts one task on each container instance. Fargate has no instances
    that one could see, so ECS refuses to make such a service.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html"]

  when = service.fargate && service.form == "service"

  assert {
    condition     = service.scheduling_strategy != "DAEMON"
    error_message = "${service} schedules a DAEMON, which Fargate does not have."
    at            = service.scheduling_strategy

    fix {
      remove = ["scheduling_strategy"]
      safety = "safe"
    }
  }

  pass "replicas by default" {
    source = "fglint:private-service"
  }

  pass "replicas" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      scheduling_strategy = "REPLICA"
    }
  }

  fail "a daemon" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      scheduling_strategy = "DAEMON" # fails
    }
  }

  unknown "the strategy is the caller's choice" {
    source = "fglint:private-service"

    variable "strategy" { type = string }

    resource "aws_ecs_service" "app" {
      scheduling_strategy = var.strategy
    }
  }

  not_applicable "a daemon on instances" {
    resource "aws_ecs_service" "agent" {
      name                = "agent"
      launch_type         = "EC2"
      task_definition     = "agent:1"
      scheduling_strategy = "DAEMON"
    }
  }
}
