rule "service" "orphaned-task-revision" {
  summary    = "A service names the revision of its task definition that it runs."
  severity   = "info"
  default    = false
  remedy     = "Set task_definition = aws_ecs_task_definition.NAME.arn."
  rationale  = <<-EOT
    A family without a revision is the newest one at the time when the service is made
    or changed. Terraform then sees no difference when a revision follows: the new one
    is registered and nothing runs it. Where another tool registers revisions, say so
    by lifecycle { ignore_changes = [task_definition] } or by track_latest = true in
    the task definition; skip_destroy = true keeps revisions to go back to.
  EOT
  references = ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_task_definition"]

  when = service.form == "service" && service.names_task_definition

  assert {
    condition = anytrue([
      service.names_task_by == "revision",
      contains(service.ignored_changes, "task_definition"),
      contains(service.ignored_changes, "*"),
    ])
    error_message = "${service} names its task definition by family alone, so a new revision changes nothing."
    at            = service.task_definition
  }

  pass "by its ARN" {
    source = "fglint:private-service"
  }

  pass "by family and revision" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      task_definition = "${aws_ecs_task_definition.app.family}:${aws_ecs_task_definition.app.revision}"
    }
  }

  pass "another tool registers revisions" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      task_definition = aws_ecs_task_definition.app.family
      lifecycle {
        ignore_changes = [task_definition]
      }
    }
  }

  fail "by family" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      task_definition = aws_ecs_task_definition.app.family # fails
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "task_definition" { type = string }

    resource "aws_ecs_service" "app" {
      task_definition = var.task_definition
    }
  }

  not_applicable "task sets name it" {
    resource "aws_ecs_service" "app" {
      name    = "app"
      cluster = "main"
      deployment_controller { type = "EXTERNAL" }
    }
  }
}
