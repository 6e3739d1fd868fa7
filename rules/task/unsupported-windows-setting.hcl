rule "task" "unsupported-windows-setting" {
  summary    = "Windows tasks use nothing that Fargate has for Linux alone."
  severity   = "high"
  remedy     = "Take the setting out, or run the task on Linux."
  rationale  = <<-EOT
    On Windows, Fargate has neither EFS nor EBS volumes, no FireLens, no Spot
    capacity, no ARM64, and none of Linux's parameters of a container.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/windows-considerations.html"]

  locals {
    linux_only = ["linuxParameters.capabilities", "linuxParameters.tmpfs", "linuxParameters.initProcessEnabled", "privileged"]
  }

  when = task.windows

  assert {
    for_each      = task.volumes
    condition     = !contains(["efs", "at-launch"], each.value.type)
    error_message = "Volume ${each.value} of the Windows task ${task} is of a kind that Fargate has for Linux alone."
    at            = each.value.type
  }

  assert {
    condition     = !task.on_spot
    error_message = "A service runs the Windows task ${task} on FARGATE_SPOT, which is Linux alone."
  }

  assert {
    condition     = task.cpu_architecture != "ARM64"
    error_message = "The Windows task ${task} is for ARM64, which Fargate has for Linux alone."
    at            = task.cpu_architecture
    remedy        = "Set cpu_architecture to X86_64, or run the task on Linux."
  }

  assert {
    condition     = task.pid_mode == null
    error_message = "The Windows task ${task} has a PID mode."
    at            = task.pid_mode
  }

  assert {
    condition     = task.proxy_type == null
    error_message = "The Windows task ${task} has a proxy."
    at            = task.proxy_type
  }

  assert {
    for_each      = task.containers
    condition     = !each.value.readonly_root_filesystem
    error_message = "Container ${each.value} has a read-only root file system, which Windows does not know."
    at            = each.value.readonly_root_filesystem
  }

  assert {
    for_each      = task.containers
    condition     = each.value.log_driver != "awsfirelens" && each.value.firelens == null
    error_message = "Container ${each.value} uses FireLens, which is Linux alone."
    at            = each.value.log_driver
  }

  assert {
    for_each      = task.containers
    condition     = each.value.user == null || length(regexall("^[0-9]+(:[0-9]+)?$", coalesce(each.value.user, "none"))) == 0
    error_message = "Container ${each.value} runs as ${each.value.user}, a number of Linux."
    at            = each.value.user
  }

  assert {
    for_each      = flatten([for container in task.containers : [for parameter in container.parameters : parameter]])
    condition     = !contains(local.linux_only, each.value.name)
    error_message = "A container of the Windows task ${task} has ${each.value.name}."
    at            = each.value.name
  }

  pass "a plain Windows task" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      cpu    = 1024
      memory = 2048

      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
      }
    }
  }

  fail "settings of Linux" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      pid_mode = "task" # fails

      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
        cpu_architecture        = "ARM64" # fails
      }

      volume {
        name = "shared"

        efs_volume_configuration { # fails
          file_system_id = "fs-12345678"
        }
      }

      proxy_configuration { # fails
        container_name = "app"
      }

      container_definitions = jsonencode([{
        name                   = "app"
        image                  = "app:1"
        readonlyRootFilesystem = true                          # fails
        user                   = "1000"                        # fails
        logConfiguration       = { logDriver = "awsfirelens" } # fails
        linuxParameters        = { initProcessEnabled = true } # fails
      }])
    }
  }

  fail "on Spot" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "windows" { # fails
      family                   = "windows"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = "app:1" }])

      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
      }
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      task_definition = aws_ecs_task_definition.windows.arn

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }
  }

  unknown "the user comes from a variable" {
    source = "fglint:task"

    variable "user" { type = string }

    resource "aws_ecs_task_definition" "app" {
      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
      }

      container_definitions = jsonencode([{ name = "app", image = "app:1", user = var.user }])
    }
  }

  not_applicable "Linux" {
    source = "fglint:task"
  }
}
