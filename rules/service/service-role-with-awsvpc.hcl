rule "service" "service-role-with-awsvpc" {
  summary    = "A service whose tasks have network interfaces of their own names no iam_role."
  severity   = "high"
  remedy     = "Remove iam_role; ECS uses its service-linked role, AWSServiceRoleForECS."
  rationale  = <<-EOT
    With the network mode awsvpc, which all tasks on Fargate use, ECS makes
    network interfaces and registers tasks by its service-linked role. A role
    given beside it is refused.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html#ECS-CreateService-request-role"]
  same_as    = ["3206240f-2e87-4e58-8d24-3e19e7c83d7c", "AC_AWS_0087"]

  when = service.fargate && service.form == "service"

  assert {
    condition     = !service.names_service_role
    error_message = "${service} names the role ${service.service_role} to register its tasks, which ECS refuses on Fargate."
    at            = service.service_role

    fix {
      remove = ["iam_role"]
      safety = "safe"
    }
  }

  pass "no role" {
    source = "fglint:private-service"
  }

  fail "a role" {
    source = "fglint:private-service"

    resource "aws_iam_role" "service" {
      assume_role_policy = data.aws_iam_policy_document.tasks.json
    }

    resource "aws_ecs_service" "app" {
      iam_role = aws_iam_role.service.arn # fails
    }
  }

  unknown "whether there is one is the caller's choice" {
    source = "fglint:private-service"

    variable "service_role" { type = string }

    resource "aws_ecs_service" "app" {
      iam_role = var.service_role
    }
  }

  not_applicable "a service on instances" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "EC2"
      task_definition = "app:1"
      iam_role        = "arn:aws:iam::123456789012:role/ecs"
    }
  }
}
