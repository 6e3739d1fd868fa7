rule "task" "unwired-firelens" {
  summary    = "A task that logs through FireLens has one log router."
  severity   = "high"
  remedy     = "Add one container with firelensConfiguration, for example the image aws-for-fluent-bit."
  rationale  = <<-EOT
    `awsfirelens` hands the logs to a container of the task that has
    `firelensConfiguration`. ECS refuses a task without one, or with two. On Fargate the
    router's own configuration is a file of its image, not an object in S3. The
    permissions for the destination belong into the task role.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html"]

  when = task.logs_through_firelens || length(task.log_routers) > 0

  assert {
    condition     = !task.logs_through_firelens || length(task.log_routers) > 0
    error_message = "${task} logs through FireLens, and none of its containers routes the logs."
    at            = task.log_routers
  }

  assert {
    condition     = length(task.log_routers) <= 1
    error_message = "${task} has more than one log router."
    at            = task.log_routers
    remedy        = "Keep one container with firelensConfiguration."
  }

  assert {
    for_each      = task.log_routers
    condition     = each.value.firelens == null || (each.value.firelens.type != null && contains(["fluentbit", "fluentd"], each.value.firelens.type))
    error_message = "The log router ${each.value} is of type ${each.value.firelens.type}; it is fluentbit or fluentd."
    at            = each.value.firelens.type
    remedy        = "Write fluentbit or fluentd."
  }

  assert {
    for_each      = task.log_routers
    condition     = each.value.firelens == null || each.value.firelens.config_file_type == null || each.value.firelens.config_file_type == "file"
    error_message = "The log router ${each.value} has its configuration in ${each.value.firelens.config_file_type}; on Fargate it is a file of the image."
    at            = each.value.firelens.config_file_type
    remedy        = "Put the file into the image and set config-file-type to file."
  }

  assert {
    for_each      = task.log_routers
    condition     = each.value.firelens == null || length(each.value.firelens.untyped_options) == 0
    error_message = "Options of the log router ${each.value} are numbers, true or false: ${join(", ", each.value.firelens.untyped_options)}."
    at            = each.value.firelens.untyped_options
    remedy        = "Write them in quotes."
  }

  assert {
    for_each      = task.log_routers
    condition     = each.value.log_driver == null || each.value.log_driver != "awsfirelens"
    error_message = "The log router ${each.value} logs through itself."
    at            = each.value.log_driver
    remedy        = "Give it awslogs."
  }

  assert {
    for_each      = task.log_routers
    condition     = each.value.essential
    error_message = "The task goes on without its log router ${each.value}, and loses its logs."
    at            = each.value.essential
    severity      = "low"
    remedy        = "Set essential to true."
  }

  assert {
    for_each      = task.log_routers
    condition     = each.value.log_driver != null
    error_message = "What the log router ${each.value} itself says is kept nowhere."
    severity      = "low"
    remedy        = "Give it awslogs."
  }

  pass "one router with a log of its own" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        { name = "app", image = "app:1", logConfiguration = { logDriver = "awsfirelens" } },
        {
          name                  = "router"
          image                 = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0"
          firelensConfiguration = { type = "fluentbit" }
          logConfiguration      = { logDriver = "awslogs" }
        },
      ])
    }
  }

  fail "an option that is no text" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        { name = "app", image = "app:1", logConfiguration = { logDriver = "awsfirelens" } },
        {
          name             = "router"
          image            = "fluent/fluent-bit:3.1"
          logConfiguration = { logDriver = "awslogs" }
          firelensConfiguration = {
            type    = "fluentbit"
            options = { enable-ecs-log-metadata = true } # fails
          }
        },
      ])
    }
  }

  fail "no router" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ # fails
        name             = "app"
        image            = "app:1"
        logConfiguration = { logDriver = "awsfirelens" }
      }])
    }
  }

  fail "two routers" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([ # fails
        { name = "one", image = "one:1", firelensConfiguration = { type = "fluentbit" }, logConfiguration = { logDriver = "awslogs" } },
        { name = "two", image = "two:1", firelensConfiguration = { type = "fluentd" }, logConfiguration = { logDriver = "awslogs" } },
      ])
    }
  }

  fail "a router of no kind, not essential, that logs through itself" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name      = "router"
        image     = "vector:1"
        essential = false # fails
        firelensConfiguration = {
          type    = "vector"                      # fails
          options = { "config-file-type" = "s3" } # fails
        }
        logConfiguration = { logDriver = "awsfirelens" } # fails
      }])
    }
  }

  fail "a router without a log" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "router" { # fails
      family                   = "router"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name                  = "router"
        image                 = "fluent-bit:3"
        firelensConfiguration = { type = "fluentbit" }
      }])
    }
  }

  unknown "the driver comes from a variable" {
    source = "fglint:task"

    variable "log_driver" { type = string }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name             = "app"
        image            = "app:1"
        logConfiguration = { logDriver = var.log_driver }
      }])
    }
  }

  not_applicable "no FireLens" {
    source = "fglint:task"
  }
}
