rule "container" "unresolvable-ecr-image" {
  summary    = "An image in Amazon ECR is named by its repository's URL, in the service's own region."
  severity   = "high"
  remedy     = "Use repository_url: \"$${aws_ecr_repository.app.repository_url}:1.0\"."
  rationale  = <<-EOT
    The name of a repository alone is an image of Docker Hub, and its ARN is no image
    at all. An image in another region is pulled across regions, which costs money and
    time at every start.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html"]

  when = container.image != null && (container.private_ecr || container.image.misnamed_by != null)

  assert {
    condition     = container.image == null || container.image.misnamed_by == null
    error_message = "The image of container ${container} is made of a repository's ${container.image.misnamed_by}: ${container.image}."
    at            = container.image

    fix {
      of     = container.image
      refer  = { (container.image.misnamed_by) = "repository_url" }
      safety = "unsafe"
    }
  }

  assert {
    condition     = container.image_region_fits
    error_message = "Container ${container} pulls its image from ${container.image.region}, another region than the service's."
    at            = container.image
    severity      = "low"
    remedy        = "Replicate the image into the service's region."
  }

  pass "by its URL" {
    source = "fglint:task"

    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "${aws_ecr_repository.app.repository_url}:1.0"
      }])
    }
  }

  fail "by its name" {
    source = "fglint:task"

    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "${aws_ecr_repository.app.name}:1.0" # fails
      }])
    }
  }

  fail "by its ARN" {
    source = "fglint:task"

    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "${aws_ecr_repository.app.arn}:1.0" # fails
      }])
    }
  }

  fail "from another region" {
    source = "fglint:task"

    provider "aws" {
      region = "eu-west-1"
    }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.0" # fails
      }])
    }
  }

  unknown "the region comes from a variable" {
    source = "fglint:task"

    variable "registry_region" { type = string }

    provider "aws" {
      region = "eu-west-1"
    }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "123456789012.dkr.ecr.${var.registry_region}.amazonaws.com/app:1.0"
      }])
    }
  }

  not_applicable "another registry" {
    source = "fglint:task"
  }
}
