rule "container" "disallowed-registry" {
  summary    = "Images come from registries that one trusts."
  severity   = "low"
  default    = false
  remedy     = "Push the image to a repository of your own, or add the host to allowed-registries."
  rationale  = <<-EOT
    Docker Hub limits how often an address may pull, and a NAT gateway is one
    address for all tasks. Whoever owns an image elsewhere decides what runs in the
    task. A copy in Amazon ECR, or a pull-through cache there, avoids both.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html"]

  option "allowed-registries" {
    type        = list(string)
    default     = ["private-ecr", "public.ecr.aws"]
    description = "Hosts from which images may come, * as wildcard; private-ecr is any private ECR registry."
  }

  locals {
    patterns = [
      for host in option.allowed_registries : "^${replace(replace(host, ".", "[.]"), "*", ".*")}$"
    ]
  }

  when = container.image != null

  assert {
    condition = anytrue([
      container.image == null,
      container.private_ecr && contains(option.allowed_registries, "private-ecr"),
      anytrue([for pattern in local.patterns : length(regexall(pattern, coalesce(container.image.host, "-"))) > 0]),
    ])
    error_message = "Container ${container} runs ${container.image}, from the registry ${container.image.host}."
    at            = container.image
  }

  pass "private ECR and the public gallery" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1.0" },
        { name = "router", image = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0" },
      ])
    }
  }

  pass "a host that is allowed" {
    options {
      allowed_registries = ["*.example.com"]
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = "registry.example.com/app:1.0" }])
    }
  }

  fail "Docker Hub, and a host that only looks alike" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "nginx:1.27" },                # fails
        { name = "web", image = "public-ecr-aws.io/web:1.0" }, # fails
      ])
    }
  }

  unknown "the image is the caller's choice" {
    variable "image" { type = string }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = var.image }])
    }
  }

  not_applicable "no image" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app" }])
    }
  }
}
