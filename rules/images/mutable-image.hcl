rule "container" "mutable-image" {
  summary   = "An image is named by a digest, or by a tag that stays with it."
  severity  = "medium"
  remedy    = "Name a version, a commit or a digest: \"$${aws_ecr_repository.app.repository_url}:1.4.2\"."
  rationale = <<-EOT
    A tag such as latest names another image tomorrow. What was tested is then not
    what runs after the next deployment, and going back is impossible, because
    nobody knows which image it was. ECS resolves a tag once for each deployment
    (versionConsistency), so that all tasks of one run the same image; the next
    deployment, a restart of the service or a new revision resolves it again.

    A tag that the caller gives is taken to be one that stays. Tags in registries
    of others, which their owner can move at any time, are better named by digest
    unless they are versions.
  EOT
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/bestpracticesguide/security-tasks-containers.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html",
  ]

  option "allowed-tags" {
    type        = list(string)
    default     = []
    description = "Tags that count as immutable; * stands for any text."
  }

  locals {
    moving = ["stable", "main", "master", "dev", "develop", "prod", "edge", "nightly"]
    fixed  = "^v?[0-9]+[.][0-9]|(^|[-_.])[0-9a-f]{7,40}($|[-_.])|[0-9]{4}-?[0-9]{2}-?[0-9]{2}"
    images = container.image == null ? [] : [container.image]
    tagged = [for image in local.images : image if !image.pinned && image.tag != null]
    allowed = [
      for pattern in option.allowed_tags : "^${replace(replace(pattern, ".", "[.]"), "*", ".*")}$"
    ]
    judged = [
      for image in local.tagged : image
      if alltrue([for pattern in local.allowed : length(regexall(pattern, image.tag)) == 0])
    ]
    written = [for image in local.judged : image if !image.tag_supplied]
  }

  when = container.image != null

  assert {
    for_each      = container.sidecar ? [] : local.images
    condition     = each.value.tag_supplied || length([for image in local.judged : image if image.tag == "latest"]) == 0
    error_message = "Container ${container} runs ${each.value}, %{if each.value.states_tag}whose tag latest%{else}which has no tag, and latest%{endif} names another image tomorrow."
    at            = container.image
    judgement     = true
  }

  assert {
    for_each      = container.sidecar ? local.written : []
    condition     = each.value.tag != "latest"
    error_message = "Container ${container} runs ${each.value}, %{if each.value.states_tag}whose tag latest%{else}which has no tag, and latest%{endif} names another image tomorrow."
    at            = container.image
    severity      = "low"
  }

  assert {
    for_each      = local.written
    condition     = !contains(local.moving, lower(each.value.tag))
    error_message = "Container ${container} runs ${each.value}, whose tag ${each.value.tag} moves from image to image."
    at            = container.image
    severity      = "low"
  }

  assert {
    for_each = [for image in local.written : image if image.registry != "private-ecr"]
    condition = anytrue([
      each.value.tag == "latest" || contains(local.moving, lower(each.value.tag)),
      length(regexall(local.fixed, each.value.tag)) > 0,
    ])
    error_message = "Container ${container} runs ${each.value}, whose tag the owner of the registry can move."
    remedy        = "Add the digest: IMAGE@sha256:…."
    at            = container.image
    severity      = "info"
  }

  pass "a version" {
    source = "fglint:private-service"
  }

  pass "a digest, also beside latest" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "nginx@sha256:0000000000000000000000000000000000000000000000000000000000000000" },
        { name = "web", image = "nginx:latest@sha256:0000000000000000000000000000000000000000000000000000000000000000" },
      ])
    }
  }

  pass "the digest that a data source reads" {
    data "aws_ecr_repository" "app" { name = "app" }

    data "aws_ecr_image" "app" {
      repository_name = "app"
      most_recent     = true
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "${data.aws_ecr_repository.app.repository_url}@${data.aws_ecr_image.app.image_digest}" },
        { name = "web", image = data.aws_ecr_image.app.image_uri },
      ])
    }
  }

  pass "the caller gives the tag" {
    variable "image_tag" { type = string }

    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "${aws_ecr_repository.app.repository_url}:${var.image_tag}" },
      ])
    }
  }

  pass "a commit, a date, a version with more to it" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "ghcr.io/shop/app:5f2c1ab" },
        { name = "job", image = "ghcr.io/shop/job:2026-03-01" },
        { name = "web", image = "nginx:1.27-alpine" },
        { name = "own", image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:release-candidate" },
      ])
    }
  }

  pass "a tag that is allowed" {
    options {
      allowed_tags = ["prod", "latest-*"]
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "ghcr.io/shop/app:prod" },
        { name = "web", image = "ghcr.io/shop/web:latest-arm" },
      ])
    }
  }

  fail "latest, and no tag, which means latest" {
    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "${aws_ecr_repository.app.repository_url}:latest" }, # fails
        { name = "web", image = aws_ecr_repository.app.repository_url },             # fails
      ])
    }
  }

  fail "latest is the default of the variable" {
    variable "image_tag" {
      type    = string
      default = "latest"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:${var.image_tag}" }, # fails
      ])
    }
  }

  fail "a sidecar's latest, a branch, an owner who can move it" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "xray-daemon", image = "public.ecr.aws/xray/aws-xray-daemon:latest" },    # fails
        { name = "app", image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:main" }, # fails
        { name = "web", image = "nginx:alpine" },                                          # fails
      ])
    }
  }

  unknown "the whole image is the caller's choice" {
    variable "image" { type = string }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = var.image }])
    }
  }

  unknown "the tag is read from outside" {
    data "aws_ssm_parameter" "tag" { name = "/app/tag" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([
        { name = "app", image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:${nonsensitive(data.aws_ssm_parameter.tag.value)}" },
      ])
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
