rule "container" "duplicate-environment-name" {
  summary    = "Each variable of a container has a name of its own."
  severity   = "high"
  remedy     = "Keep one of the two."
  rationale  = <<-EOT
    ECS refuses a name that stands twice in `environment` and `secrets` together. A
    name that AWS sets itself, such as `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`,
    takes the task role away from the application's SDK.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/taskdef-envfiles.html"]

  locals {
    reserved = [
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_EXECUTION_ENV", "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "ECS_CONTAINER_METADATA_URI",
      "ECS_CONTAINER_METADATA_URI_V4", "ECS_AGENT_URI",
    ]
    named = [for variable in container.variables : variable if variable.name != null]
  }

  when = length(container.variables) > 0

  assert {
    for_each      = local.named
    condition     = !each.value.repeated
    error_message = "Container ${container} has the variable ${each.value.name} twice."
    at            = each.value.name
  }

  assert {
    for_each      = local.named
    condition     = each.value.name != ""
    error_message = "A variable of container ${container} has an empty name."
    at            = each.value.name
    remedy        = "Name it, or take it out."
  }

  assert {
    for_each      = local.named
    condition     = length(regexall("[=[:space:]]", each.value.name)) == 0
    error_message = "The name of variable \"${each.value.name}\" of container ${container} has white space or an equals sign in it."
    at            = each.value.name
    severity      = "medium"
    remedy        = "Rename it."
  }

  assert {
    for_each      = local.named
    condition     = !contains(local.reserved, each.value.name)
    error_message = "Container ${container} sets ${each.value.name}, which AWS sets, and so takes the task role away from its application."
    at            = each.value.name
    severity      = "medium"
    remedy        = "Take it out, and give the permissions to the task role."
  }

  pass "two names" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name        = "app"
        image       = "nginx:1.27"
        environment = [{ name = "PORT", value = "8080" }]
        secrets     = [{ name = "KEY", valueFrom = "/app/key" }]
      }])
    }
  }

  fail "one name in both" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name        = "app"
        image       = "nginx:1.27"
        environment = [{ name = "KEY", value = "none" }]
        secrets = [
          { name = "KEY", valueFrom = "/app/key" }, # fails
        ]
      }])
    }
  }

  fail "names that are none, and one of AWS's own" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        environment = [
          { name = "", value = "a" },                                # fails
          { name = "MY PORT", value = "8080" },                      # fails
          { name = "AWS_EXECUTION_ENV", value = "AWS_ECS_FARGATE" }, # fails
        ]
      }])
    }
  }

  unknown "a name from a variable" {
    source = "fglint:task"

    variable "name" { type = string }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        environment = [
          { name = "PORT", value = "8080" },
          { name = var.name, value = "1" },
        ]
      }])
    }
  }

  not_applicable "no variables" {
    source = "fglint:task"
  }
}
