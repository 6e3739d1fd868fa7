rule "task" "missing-fargate-compatibility" {
  summary    = "A task definition that runs on Fargate says so in requires_compatibilities."
  severity   = "high"
  remedy     = "Set requires_compatibilities = [\"FARGATE\"]."
  rationale  = <<-EOT
    ECS refuses a service on Fargate whose task definition names other launch
    types: "TaskDefinition does not support launch_type FARGATE". Without the
    argument the service may start, but AWS does not check the definition against
    what Fargate takes when it is registered.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html"]

  assert {
    condition     = task.requires_compatibilities == null || contains(coalesce(task.requires_compatibilities, []), "FARGATE")
    error_message = "${task} runs on Fargate but requires ${join(", ", coalesce(task.requires_compatibilities, []))}."
    at            = task.requires_compatibilities

    fix {
      append = { requires_compatibilities = ["FARGATE"] }
      safety = "safe"
    }
  }

  assert {
    for_each      = coalesce(task.requires_compatibilities, [])
    condition     = contains(["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"], each.value)
    error_message = "There is no launch type ${each.value}."
    at            = task.requires_compatibilities
  }

  assert {
    condition     = task.requires_compatibilities != null
    error_message = "AWS does not check ${task} for Fargate, because requires_compatibilities is not set."
    at            = task.requires_compatibilities
    severity      = "low"

    fix {
      set    = { requires_compatibilities = ["FARGATE"] }
      safety = "safe"
    }
  }

  pass "for Fargate" {
    source = "fglint:task"
  }

  pass "for both" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      requires_compatibilities = ["EC2", "FARGATE"]
    }
  }

  fail "for instances, but a service runs it on Fargate" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      requires_compatibilities = ["EC2"] # fails
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn
    }
  }

  fail "a launch type that does not exist" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      requires_compatibilities = ["FARGATE", "FARGATE_SPOT"] # fails
    }
  }

  fail "not set" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      requires_compatibilities = null # fails
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn
    }
  }

  unknown "the launch types come from a variable" {
    source = "fglint:task"

    variable "launch_types" { type = list(string) }

    resource "aws_ecs_task_definition" "app" {
      requires_compatibilities = var.launch_types
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn
    }
  }

  not_applicable "the task runs on instances" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      requires_compatibilities = ["EC2"]
    }
  }
}
