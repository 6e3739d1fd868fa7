rule "container" "invalid-timeout" {
  summary    = "Start and stop timeouts are 2 to 120 seconds."
  severity   = "high"
  remedy     = "Choose 2 to 120 seconds."
  rationale  = <<-EOT
    Fargate takes no others. A restart policy asks for 60 to 1800 seconds of running
    before a restart, and ignores at most 50 exit codes.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html"]

  when = anytrue([
    container.start_timeout != null,
    container.stop_timeout != null,
    container.restart_period != null,
    container.ignored_exit_codes > 0,
  ])

  assert {
    condition     = container.start_timeout == null || (container.start_timeout >= 2 && container.start_timeout <= 120)
    error_message = "The start timeout of container ${container} is ${container.start_timeout} seconds."
    at            = container.start_timeout

    fix {
      set    = { startTimeout = max(2, min(120, container.start_timeout)) }
      safety = "unsafe"
    }
  }

  assert {
    condition     = container.stop_timeout == null || (container.stop_timeout >= 2 && container.stop_timeout <= 120)
    error_message = "The stop timeout of container ${container} is ${container.stop_timeout} seconds."
    at            = container.stop_timeout

    fix {
      set    = { stopTimeout = max(2, min(120, container.stop_timeout)) }
      safety = "unsafe"
    }
  }

  assert {
    condition     = container.restart_period == null || (container.restart_period >= 60 && container.restart_period <= 1800)
    error_message = "The restart policy of container ${container} asks for ${container.restart_period} seconds of running; it may ask for 60 to 1800."
    at            = container.restart_period
    remedy        = "Choose 60 to 1800 seconds."
  }

  assert {
    condition     = container.ignored_exit_codes <= 50
    error_message = "The restart policy of container ${container} ignores ${container.ignored_exit_codes} exit codes; it may ignore 50."
    at            = container.ignored_exit_codes
    remedy        = "List at most 50 exit codes."
  }

  pass "a minute to stop" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "nginx:1.27", stopTimeout = 60 }])
    }
  }

  fail "out of range" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "nginx:1.27"
        startTimeout = 600 # fails
        stopTimeout  = 300 # fails
        restartPolicy = {
          enabled              = true
          restartAttemptPeriod = 10        # fails
          ignoredExitCodes     = range(60) # fails
        }
      }])
    }
  }

  unknown "the timeout comes from a variable" {
    source = "fglint:task"

    variable "timeout" { type = number }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "nginx:1.27", stopTimeout = var.timeout }])
    }
  }

  not_applicable "not set" {
    source = "fglint:task"
  }
}
