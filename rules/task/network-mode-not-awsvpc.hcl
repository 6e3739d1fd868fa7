rule "task" "network-mode-not-awsvpc" {
  summary    = "Tasks on Fargate have network interfaces of their own: network_mode is awsvpc."
  severity   = "high"
  remedy     = "Set network_mode = \"awsvpc\"."
  rationale  = <<-EOT
    Fargate knows no other network mode, and the default is `bridge`:
    "When networkMode is not awsvpc, launch type FARGATE is not supported".
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"]
  same_as = [
    "CT.ECS.PR.4", "CT.ECS.PR.8", "ECS.17", "ECS.1", "9f4a9409-9c60-4671-be96-9716dbf63db1",
    "AC_AWS_0088", "HIPAA.Security-ECSTaskDefinitionUserForHostMode",
  ]

  assert {
    condition     = task.network_mode == "awsvpc"
    error_message = "The network mode of ${task} is ${task.network_mode}."
    at            = task.network_mode

    fix {
      set    = { network_mode = "awsvpc" }
      safety = "safe"
    }
  }

  pass "awsvpc" {
    source = "fglint:task"
  }

  fail "bridge" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      network_mode = "bridge" # fails
    }
  }

  fail "not set, which means bridge" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      network_mode = null # fails
    }
  }

  unknown "the mode comes from a variable" {
    source = "fglint:task"

    variable "network_mode" { type = string }

    resource "aws_ecs_task_definition" "app" {
      network_mode = var.network_mode
    }
  }

  not_applicable "the task runs on instances" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      requires_compatibilities = ["EC2"]
      network_mode             = "bridge"
    }
  }
}
