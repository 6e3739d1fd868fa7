rule "container" "cross-region-image" {
  summary    = "Images come from the region in which their tasks run."
  severity   = "info"
  default    = false
  remedy     = "Replicate the repository into the region (aws_ecr_replication_configuration), and name the image there."
  rationale  = <<-EOT
    Each start of a task pulls the whole image. Within a region that is free; between
    regions it is paid for by the gigabyte, and slower.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html"]

  when = container.image != null && container.private_ecr

  assert {
    condition     = container.image_region_fits
    error_message = "Container ${container} pulls its image from ${container.image.region}, and runs elsewhere."
    at            = container.image
  }

  pass "the same region" {
    provider "aws" { region = "eu-west-1" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1.0" }])
    }
  }

  fail "another region" {
    provider "aws" { region = "eu-west-1" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.0" }, # fails
      ])
    }
  }

  unknown "the caller's choice" {
    variable "registry_region" { type = string }

    provider "aws" { region = "eu-west-1" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "123456789012.dkr.ecr.${var.registry_region}.amazonaws.com/app:1.0" },
      ])
    }
  }

  not_applicable "a public image" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }
  }
}
