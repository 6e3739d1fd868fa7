rule "service" "service-races-role-policy" {
  summary    = "Terraform attaches the policies of a service's roles before it makes the service."
  severity   = "medium"
  remedy     = "Add the policies to depends_on of the service, or of its module call."
  rationale  = <<-EOT
    A task definition refers to a role, and nothing refers to the resources that
    give the role its policies. Terraform may therefore start the service first:
    its first tasks cannot pull their image or write their logs until the policy
    is there. On destroy the policy may go first, and the service then stays in
    DRAINING.

    It is about the execution role, the task role where ECS Exec is on, and the
    roles by which ECS changes listeners, volumes and Service Connect. Policies
    that stand in the role itself come with it.
  EOT
  references = ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service"]

  locals {
    late      = [for policy in service.startup_policies : policy if !depends(service, policy)]
    late_exec = [for policy in service.exec_policies : policy if !depends(service, policy)]
  }

  when = service.form == "service" && service.fargate

  assert {
    condition     = alltrue([for policy in concat(service.startup_policies, service.exec_policies) : depends(service, policy)])
    error_message = "${service} does not wait for %{if length(local.late) > 0}${join(", ", local.late[*].address)}, without which its tasks may not start%{if length(local.late_exec) > 0}, nor for %{endif}%{endif}%{if length(local.late_exec) > 0}${join(", ", local.late_exec[*].address)}, without which ECS Exec opens no session%{endif}."
    remedy        = "${to_wait(service, concat(local.late, local.late_exec))}"

    fix {
      append = { depends_on = concat(local.late, local.late_exec) }
      safety = "safe"
    }

    fix {
      await  = concat(local.late, local.late_exec)
      safety = "unsafe" # data sources in the module wait, too
    }
  }

  pass "the service depends on the policy" {
    source = "fglint:private-service"
  }

  pass "the task definition does" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      depends_on = [aws_iam_role_policy_attachment.execution]
    }

    resource "aws_ecs_service" "app" {
      depends_on = [aws_lb_listener.https]
    }
  }

  pass "the policy stands in the role" {
    source = "fglint:private-service"

    removed { from = aws_iam_role_policy_attachment.execution }

    resource "aws_iam_role" "execution" {
      managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"]
    }

    resource "aws_ecs_service" "app" {
      depends_on = [aws_lb_listener.https]
    }
  }

  pass "the role lists what the attachment attaches once more" {
    source = "fglint:private-service"

    resource "aws_iam_role" "execution" {
      managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"]
    }

    resource "aws_ecs_service" "app" {
      depends_on = [aws_lb_listener.https]
    }
  }

  pass "the role lies outside" {
    source = "fglint:private-service"

    data "aws_iam_role" "execution" { name = "ecsTaskExecutionRole" }

    resource "aws_ecs_task_definition" "app" {
      execution_role_arn = data.aws_iam_role.execution.arn
    }

    resource "aws_ecs_service" "app" {
      depends_on = [aws_lb_listener.https]
    }
  }

  pass "the application needs its policy later" {
    source = "fglint:private-service"

    resource "aws_iam_role" "task" {
      assume_role_policy = data.aws_iam_policy_document.tasks.json
    }

    resource "aws_iam_role_policy" "task" {
      role   = aws_iam_role.task.id
      policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }] })
    }

    resource "aws_ecs_task_definition" "app" {
      task_role_arn = aws_iam_role.task.arn
    }
  }

  fail "nothing leads to the policy" {
    source = "fglint:private-service"

    removed { from = aws_ecs_service.app }

    resource "aws_ecs_service" "app" { # fails
      name            = "shop"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"
      depends_on      = [aws_lb_listener.https]
    }
  }

  fail "ECS Exec needs the task role's policy at once" {
    source = "fglint:private-service"

    resource "aws_iam_role" "task" {
      assume_role_policy = data.aws_iam_policy_document.tasks.json
    }

    resource "aws_iam_role_policy" "exec" {
      role   = aws_iam_role.task.id
      policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "ssmmessages:*", Resource = "*" }] })
    }

    resource "aws_ecs_task_definition" "app" {
      task_role_arn = aws_iam_role.task.arn
    }

    removed { from = aws_ecs_service.app }

    resource "aws_ecs_service" "app" { # fails
      name            = "shop"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"
      depends_on      = [aws_iam_role_policy_attachment.execution]

      enable_execute_command = true
    }
  }

  unknown "whose policy it is, is the caller's choice" {
    source = "fglint:private-service"

    variable "role" { type = string }

    resource "aws_iam_role_policy" "more" {
      role   = var.role
      policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "ssm:GetParameters", Resource = "*" }] })
    }
  }

  not_applicable "a service on instances" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "EC2"
      task_definition = "app:1"
    }
  }
}
