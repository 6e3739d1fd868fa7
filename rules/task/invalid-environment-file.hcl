rule "container" "invalid-environment-file" {
  summary    = "Environment files are .env objects in S3, at most ten."
  severity   = "high"
  remedy     = "Write { type = \"s3\", value = \"arn:aws:s3:::BUCKET/PATH.env\" }."
  rationale  = <<-EOT
    ECS reads the files as the execution role before the container starts, from
    platform version 1.4.0 on and on Linux alone. Who may write the object sets the
    application's variables: a bucket that keeps versions shows what was changed.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html"]

  when = length(container.environment_files) > 0

  assert {
    for_each      = container.environment_files
    condition     = each.value.type == "s3"
    error_message = "An environment file of container ${container} is of type ${each.value.type}; there is s3 alone."
    at            = each.value.type
  }

  assert {
    for_each      = container.environment_files
    condition     = each.value.is_object
    error_message = "An environment file of container ${container} is ${each.value.value}, not the ARN of an object whose name ends in .env."
    at            = each.value.value
  }

  assert {
    condition     = length(container.environment_files) <= 10
    error_message = "Container ${container} has more than ten environment files."
    at            = container.environment_files
    remedy        = "Join some of them."
  }

  assert {
    condition     = !container.on_old_platform
    error_message = "A service runs container ${container} on a platform version before 1.4.0, which reads no environment files."
    at            = container.environment_files
    remedy        = "Set platform_version of the service to LATEST."
  }

  assert {
    condition     = !container.on_windows
    error_message = "Container ${container} runs on Windows, for which Fargate reads no environment files."
    at            = container.environment_files
    remedy        = "Name the variables in environment."
  }

  assert {
    for_each      = [for file in container.environment_files : file if file.versioned != null]
    condition     = each.value.versioned
    error_message = "The bucket of an environment file of container ${container} keeps no versions."
    at            = each.value.value
    severity      = "medium"
    remedy        = "Add aws_s3_bucket_versioning with status = \"Enabled\"."
  }

  pass "a file in a bucket with versions" {
    source = "fglint:task"

    resource "aws_s3_bucket" "configuration" {}

    resource "aws_s3_bucket_versioning" "configuration" {
      bucket = aws_s3_bucket.configuration.id

      versioning_configuration { status = "Enabled" }
    }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        environmentFiles = [{ type = "s3", value = "${aws_s3_bucket.configuration.arn}/app.env" }]
      }])
    }
  }

  fail "another kind, another name" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        environmentFiles = [
          { type = "ssm", value = "arn:aws:s3:::configuration/app.env" }, # fails
          { type = "s3", value = "arn:aws:s3:::configuration/app.conf" }, # fails
          { type = "s3", value = "s3://configuration/app.env" },          # fails
        ]
      }])
    }
  }

  fail "too many" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        environmentFiles = [for n in range(11) : { type = "s3", value = "arn:aws:s3:::configuration/${n}.env" }] # fails
      }])
    }
  }

  fail "a bucket without versions" {
    source = "fglint:task"

    resource "aws_s3_bucket" "configuration" {}

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        environmentFiles = [
          { type = "s3", value = "${aws_s3_bucket.configuration.arn}/app.env" }, # fails
        ]
      }])
    }
  }

  fail "on Windows" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
      }

      container_definitions = jsonencode([{
        name             = "app"
        image            = "app:1"
        environmentFiles = [{ type = "s3", value = "arn:aws:s3:::configuration/app.env" }] # fails
      }])
    }
  }

  fail "on an old platform version" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name             = "app"
        image            = "app:1"
        environmentFiles = [{ type = "s3", value = "arn:aws:s3:::configuration/app.env" }] # fails
      }])
    }

    resource "aws_ecs_service" "app" {
      name             = "app"
      launch_type      = "FARGATE"
      platform_version = "1.3.0"
      task_definition  = aws_ecs_task_definition.app.arn
    }
  }

  unknown "the file comes from a variable" {
    source = "fglint:task"

    variable "file" { type = string }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        environmentFiles = [{ type = "s3", value = var.file }]
      }])
    }
  }

  not_applicable "no environment files" {
    source = "fglint:task"
  }
}
