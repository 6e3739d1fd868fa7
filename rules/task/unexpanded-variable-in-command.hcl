rule "container" "unexpanded-variable-in-command" {
  summary    = "A command that names variables runs in a shell."
  severity   = "low"
  default    = false
  remedy     = "Run it in a shell: [\"sh\", \"-c\", \"exec app --port $PORT\"]."
  rationale  = <<-EOT
    A command in words is run as it is: `$PORT` is five characters, unless a shell
    expands it. Terraform's own `$${…}` writes a dollar sign and braces, too.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html"]

  locals {
    words = concat(container.entry_point, container.command)
    shell = anytrue([
      for word in local.words : length(regexall("^(.*/)?(ba|da|z|a)?sh( .*)?$", word)) > 0
    ])
  }

  when = length(local.words) > 0

  assert {
    for_each      = local.words
    condition     = local.shell || length(regexall("[$][{]?[A-Za-z_]", each.value)) == 0
    error_message = "Container ${container} runs \"${each.value}\" without a shell that would expand it."
    at            = container.command
  }

  pass "in a shell" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "app:1", command = ["sh", "-c", "app --port $PORT"] }])
    }
  }

  pass "no variables" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "app:1", command = ["app", "--port", "8080"] }])
    }
  }

  fail "a variable in words" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name    = "app"
        image   = "app:1"
        command = ["app", "--token", "$${TOKEN}"] # fails
      }])
    }
  }

  unknown "the command comes from a variable" {
    source = "fglint:task"

    variable "command" { type = list(string) }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "app:1", command = var.command }])
    }
  }

  not_applicable "the image's own command" {
    source = "fglint:task"
  }
}
