rule "task" "invalid-runtime-platform" {
  summary    = "Fargate runs Linux on X86_64 and ARM64, and Windows Server 2019, 2022 and 2025 on X86_64."
  severity   = "high"
  remedy     = "Choose LINUX with X86_64 or ARM64, or a WINDOWS_SERVER_… family of 2019, 2022 or 2025 with X86_64."
  rationale  = <<-EOT
    ECS refuses other values on Fargate. Whether the image was built for the
    architecture cannot be seen in Terraform: "exec format error" in the logs says
    that it was not.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html"]

  locals {
    systems = concat(["LINUX"], flatten([
      for year in [2019, 2022, 2025] : ["WINDOWS_SERVER_${year}_FULL", "WINDOWS_SERVER_${year}_CORE"]
    ]))
  }

  assert {
    condition     = contains(local.systems, task.operating_system)
    error_message = "Fargate has no operating system family ${task.operating_system}."
    at            = task.operating_system
  }

  assert {
    condition     = contains(["X86_64", "ARM64"], task.cpu_architecture)
    error_message = "Fargate has no CPU architecture ${task.cpu_architecture}."
    at            = task.cpu_architecture
  }

  assert {
    condition     = !task.windows || task.cpu_architecture != "ARM64"
    error_message = "Fargate runs Windows on X86_64 alone."
    at            = task.cpu_architecture
  }

  pass "not set" {
    source = "fglint:task"
  }

  pass "Linux on ARM" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      runtime_platform {
        operating_system_family = "LINUX"
        cpu_architecture        = "ARM64"
      }
    }
  }

  fail "Windows that only instances run" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2016_FULL" # fails
      }
    }
  }

  fail "an architecture by its usual name" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      runtime_platform {
        cpu_architecture = "amd64" # fails
      }
    }
  }

  fail "Windows on ARM" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
        cpu_architecture        = "ARM64" # fails
      }
    }
  }

  unknown "the architecture comes from a variable" {
    source = "fglint:task"

    variable "architecture" { type = string }

    resource "aws_ecs_task_definition" "app" {
      runtime_platform {
        cpu_architecture = var.architecture
      }
    }
  }
}
