rule "task" "invalid-ephemeral-storage" {
  summary    = "Ephemeral storage is 21 to 200 GiB."
  severity   = "high"
  remedy     = "Set size_in_gib to 21 or more, or leave ephemeral_storage out for the 20 GiB that each task has."
  rationale  = <<-EOT
    ECS refuses other amounts, and platform versions before 1.4.0 do not know the
    parameter. On Windows, AWS documents it for no current platform version.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EphemeralStorage.html"]

  when = task.ephemeral_storage != null

  assert {
    condition     = task.ephemeral_storage == null || (task.ephemeral_storage >= 21 && task.ephemeral_storage <= 200)
    error_message = "${task} asks for ${task.ephemeral_storage} GiB of ephemeral storage."
    at            = task.ephemeral_storage

    fix {
      set    = { "ephemeral_storage.size_in_gib" = max(21, min(200, task.ephemeral_storage)) }
      safety = "unsafe"
    }
  }

  assert {
    condition     = !task.on_old_platform
    error_message = "A service runs ${task} on a platform version before 1.4.0, which has no larger ephemeral storage."
    at            = task.ephemeral_storage
    remedy        = "Set platform_version of the service to LATEST."
  }

  assert {
    condition     = !task.windows
    error_message = "AWS documents ephemeral storage for Linux tasks alone."
    at            = task.ephemeral_storage
    severity      = "low"
    remedy        = "Leave ephemeral_storage out."
  }

  pass "forty" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      ephemeral_storage { size_in_gib = 40 }
    }
  }

  fail "what a task has anyway" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      ephemeral_storage {
        size_in_gib = 20 # fails
      }
    }
  }

  fail "too much" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      ephemeral_storage {
        size_in_gib = 500 # fails
      }
    }
  }

  fail "on an old platform version" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      ephemeral_storage {
        size_in_gib = 40 # fails
      }
    }

    resource "aws_ecs_service" "app" {
      name             = "app"
      launch_type      = "FARGATE"
      platform_version = "1.3.0"
      task_definition  = aws_ecs_task_definition.app.arn
    }
  }

  fail "on Windows" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      ephemeral_storage {
        size_in_gib = 40 # fails
      }

      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
      }
    }
  }

  unknown "the amount comes from a variable" {
    source = "fglint:task"

    variable "storage" { type = number }

    resource "aws_ecs_task_definition" "app" {
      ephemeral_storage { size_in_gib = var.storage }
    }
  }

  not_applicable "not set" {
    source = "fglint:task"
  }
}
