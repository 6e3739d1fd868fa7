rule "repository" "mutable-ecr-tags" {
  summary    = "A repository lets no tag move to another image."
  severity   = "medium"
  remedy     = "Set image_tag_mutability = \"IMMUTABLE\", or \"IMMUTABLE_WITH_EXCLUSION\" where one tag has to move."
  rationale  = <<-EOT
    In a repository with mutable tags, whoever may push can put another image under
    a tag that services run. The next task that starts, for any reason, runs it.
    Immutable tags refuse the push of a tag that exists, also that of latest: push
    versions, or exclude the tags that have to move.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html"]
  same_as = [
    "CKV_AWS_51", "AWS-0031", "ECR.2", "CT.ECR.PR.3", "d1846b12-20c5-4d45-8798-fc35b79268eb",
    "aws-ecr-enforce-immutable-repository",
  ]

  when = !repository.in_public_gallery

  assert {
    condition     = repository.image_tag_mutability != "MUTABLE" || !repository.serves_container
    error_message = "Tags in ${repository}, whose images run in containers, can move to other images."
    at            = repository.image_tag_mutability

    fix {
      set    = { image_tag_mutability = "IMMUTABLE" }
      safety = "unsafe"
    }
  }

  assert {
    condition     = repository.image_tag_mutability != "MUTABLE" || repository.serves_container
    error_message = "Tags in ${repository} can move to other images."
    at            = repository.image_tag_mutability
    severity      = "low"

    fix {
      set    = { image_tag_mutability = "IMMUTABLE" }
      safety = "unsafe"
    }
  }

  assert {
    condition     = repository.image_tag_mutability != "MUTABLE_WITH_EXCLUSION"
    error_message = "All tags in ${repository} but those excluded can move to other images."
    at            = repository.image_tag_mutability
    severity      = "low"

    fix {
      set    = { image_tag_mutability = "IMMUTABLE" }
      safety = "unsafe"
    }
  }

  pass "immutable" {
    source = "fglint:private-service"
  }

  pass "immutable but for some" {
    resource "aws_ecr_repository" "app" {
      name                 = "app"
      image_tag_mutability = "IMMUTABLE_WITH_EXCLUSION"

      image_tag_mutability_exclusion_filter {
        filter      = "latest*"
        filter_type = "WILDCARD"
      }
    }
  }

  fail "mutable by default, and in use" {
    resource "aws_ecr_repository" "app" { # fails
      name = "app"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = "${aws_ecr_repository.app.repository_url}:1.0" }])
    }
  }

  fail "mutable, and nothing here runs its images" {
    resource "aws_ecr_repository" "tools" {
      name                 = "tools"
      image_tag_mutability = "MUTABLE" # fails
    }
  }

  fail "mutable but for some" {
    resource "aws_ecr_repository" "app" {
      name                 = "app"
      image_tag_mutability = "MUTABLE_WITH_EXCLUSION" # fails
    }
  }

  unknown "the caller's choice" {
    variable "mutability" { type = string }

    resource "aws_ecr_repository" "app" {
      name                 = "app"
      image_tag_mutability = var.mutability
    }
  }

  not_applicable "the public gallery has no such setting" {
    resource "aws_ecrpublic_repository" "app" { repository_name = "app" }
  }
}
