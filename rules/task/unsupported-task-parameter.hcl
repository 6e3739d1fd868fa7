rule "task" "unsupported-task-parameter" {
  summary    = "Task definitions have no parameters that only container instances know."
  severity   = "high"
  remedy     = "Take the parameter out."
  rationale  = <<-EOT
    ECS refuses a definition for Fargate with an IPC mode, placement constraints or
    inference accelerators. `pid_mode = "task"` shares one process space among the
    containers of a Linux task from platform version 1.4.0 on; `host` does not exist.
    A proxy is one of the task's containers.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"]
  same_as    = ["ECS.3", "CT.ECS.PR.10", "CKV_AWS_335"]

  assert {
    condition     = task.ipc_mode == null
    error_message = "${task} has the IPC mode ${task.ipc_mode}, which Fargate does not take."
    at            = task.ipc_mode

    fix {
      remove = ["ipc_mode"]
      safety = "safe"
    }
  }

  assert {
    condition     = task.pid_mode == null || task.pid_mode == "task"
    error_message = "${task} has the PID mode ${task.pid_mode}, which Fargate does not take."
    at            = task.pid_mode
  }

  assert {
    condition     = task.pid_mode == null || !task.on_old_platform
    error_message = "A service runs ${task} on a platform version before 1.4.0, which has no PID mode."
    at            = task.pid_mode
    remedy        = "Set platform_version of the service to LATEST."
  }

  assert {
    for_each      = task.unsupported_blocks
    condition     = false
    error_message = "${task} has ${each.value}, which Fargate does not take."
    at            = task.unsupported_blocks

    fix {
      remove = ["placement_constraints"]
      when   = each.value == "placement_constraints"
      safety = "safe"
    }
  }

  assert {
    condition     = task.proxy_type == null || task.proxy_type == "APPMESH"
    error_message = "The proxy of ${task} is of type ${task.proxy_type}; there is APPMESH alone."
    at            = task.proxy_type
    remedy        = "Use Service Connect in place of a proxy."
  }

  assert {
    condition     = task.proxy_container == null || contains(task.container_names, task.proxy_container)
    error_message = "The proxy of ${task} is container ${task.proxy_container}, which it does not have."
    at            = task.proxy_container
    remedy        = "Name one of the task's containers."
  }

  pass "none of them" {
    source = "fglint:task"
  }

  pass "one process space for the task" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      pid_mode = "task"
    }
  }

  pass "blocks that a list without elements makes" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      dynamic "placement_constraints" {
        for_each = []

        content {
          type = placement_constraints.value
        }
      }
    }
  }

  fail "an inference accelerator, which newer providers do not know" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      inference_accelerator { # fails
        device_name = "device_1"
        device_type = "eia1.medium"
      }
    }
  }

  fail "the host's processes and memory" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      pid_mode = "host" # fails
      ipc_mode = "task" # fails
    }
  }

  fail "the task's processes on an old platform version" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      pid_mode = "task" # fails
    }

    resource "aws_ecs_service" "app" {
      name             = "app"
      launch_type      = "FARGATE"
      platform_version = "1.3.0"
      task_definition  = aws_ecs_task_definition.app.arn
    }
  }

  fail "placement on instances" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      placement_constraints { # fails
        type       = "memberOf"
        expression = "attribute:ecs.availability-zone == eu-west-1a"
      }
    }
  }

  fail "a proxy that is no container of the task" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      proxy_configuration {
        type           = "ENVOY" # fails
        container_name = "envoy" # fails
      }
    }
  }

  unknown "the mode comes from a variable" {
    source = "fglint:task"

    variable "pid_mode" { type = string }

    resource "aws_ecs_task_definition" "app" {
      pid_mode = var.pid_mode
    }
  }
}
