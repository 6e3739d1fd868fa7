rule "task" "x86-only" {
  summary    = "Tasks run on ARM64 where their images allow it."
  severity   = "info"
  default    = false
  remedy     = "Build the images for ARM64, and set runtime_platform { cpu_architecture = \"ARM64\" }."
  rationale  = <<-EOT
    Fargate sells ARM64 for about a fifth less than X86_64, also on Spot, and most
    languages run on it without a change. An image that is made for amd64 alone does
    not start there.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-arm64.html"]

  when = !task.windows && !anytrue([for container in task.containers : container.image != null && container.image.for_amd64])

  assert {
    condition     = task.cpu_architecture == "ARM64"
    error_message = "${task} runs on ${task.cpu_architecture}; ARM64 costs about a fifth less."
    at            = task.cpu_architecture
  }

  pass "ARM64" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      runtime_platform { cpu_architecture = "ARM64" }
    }
  }

  fail "X86_64" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      runtime_platform {
        cpu_architecture = "X86_64" # fails
      }
    }
  }

  unknown "the caller's choice" {
    source = "fglint:private-service"

    variable "architecture" { type = string }

    resource "aws_ecs_task_definition" "app" {
      runtime_platform { cpu_architecture = var.architecture }
    }
  }

  not_applicable "Windows" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      runtime_platform { operating_system_family = "WINDOWS_SERVER_2022_CORE" }
    }
  }

  not_applicable "an image for amd64" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "shop/app:1.0-amd64" }])
    }
  }
}
