rule "repository" "missing-ecr-lifecycle" {
  summary    = "A lifecycle policy removes images that nobody needs any more."
  severity   = "low"
  remedy     = "Add an aws_ecr_lifecycle_policy that expires untagged images after 14 days."
  rationale  = <<-EOT
    Each build pushes an image, and each is kept and paid for until somebody deletes
    it. Old images also keep old vulnerabilities within reach.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html"]
  same_as    = ["ECR.3", "CT.ECR.PR.1"]

  when = !repository.in_public_gallery

  assert {
    condition     = repository.expires_images
    error_message = "${repository} has no lifecycle policy, and keeps all images for ever."
  }

  pass "a lifecycle policy" {
    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecr_lifecycle_policy" "app" {
      repository = aws_ecr_repository.app.name
      policy = jsonencode({
        rules = [{
          rulePriority = 1
          selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 14 }
          action       = { type = "expire" }
        }]
      })
    }
  }

  pass "one for each of several" {
    locals { names = toset(["app", "worker"]) }

    resource "aws_ecr_repository" "main" {
      for_each = local.names
      name     = each.value
    }

    resource "aws_ecr_lifecycle_policy" "main" {
      for_each   = local.names
      repository = aws_ecr_repository.main[each.value].name
      policy     = jsonencode({ rules = [] })
    }
  }

  fail "none" {
    resource "aws_ecr_repository" "app" { # fails
      name = "app"
    }
  }

  fail "that of another repository" {
    resource "aws_ecr_repository" "app" { # fails
      name = "app"
    }

    resource "aws_ecr_repository" "other" { name = "other" }

    resource "aws_ecr_lifecycle_policy" "other" {
      repository = aws_ecr_repository.other.name
      policy     = jsonencode({ rules = [] })
    }
  }

  fail "that of a repository outside, by its name" {
    resource "aws_ecr_repository" "app" { # fails
      name = "app"
    }

    resource "aws_ecr_lifecycle_policy" "other" {
      repository = "other"
      policy     = jsonencode({ rules = [] })
    }
  }

  unknown "whose it is, is the caller's choice" {
    variable "repository" { type = string }

    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecr_lifecycle_policy" "app" {
      repository = var.repository
      policy     = jsonencode({ rules = [] })
    }
  }

  not_applicable "the public gallery" {
    resource "aws_ecrpublic_repository" "app" { repository_name = "app" }
  }
}
