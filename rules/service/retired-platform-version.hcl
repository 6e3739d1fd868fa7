rule "service" "retired-platform-version" {
  summary    = "The platform version is LATEST or one that Fargate still starts."
  severity   = "high"
  remedy     = "Set platform_version = \"LATEST\", or leave it out."
  rationale  = <<-EOT
    Fargate starts no new tasks on a retired platform version. Versions of Linux
    and Windows are counted apart: 1.0.0 is current for Windows and long retired
    for Linux. Pinning 1.4.0 is no fault: it is the version that LATEST means.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-versions-retired.html"]
  same_as    = ["CKV_AWS_332", "ECS.10", "CT.ECS.PR.1"]

  option "platform-version" {
    type        = string
    default     = "any-supported"
    values      = ["any-supported", "latest"]
    description = "With \"latest\", a pinned version fails, too, at low severity."
  }

  when = service.fargate && !service.managed_edge

  assert {
    condition     = contains(["latest", "supported"], service.platform_state)
    error_message = "${service} asks for platform version ${service.platform_version}, which is ${service.platform_state == "retired" ? "retired" : "for the other operating system"}."
    at            = service.platform_version

    fix {
      set    = { platform_version = "LATEST" }
      safety = "safe"
    }
  }

  assert {
    condition     = option.platform_version != "latest" || service.platform_state != "supported"
    error_message = "${service} pins platform version ${service.platform_version}."
    at            = service.platform_version
    severity      = "low"

    fix {
      set    = { platform_version = "LATEST" }
      safety = "safe"
    }
  }

  pass "none is written" {
    source = "fglint:private-service"
  }

  pass "1.4.0 is pinned" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      platform_version = "1.4.0"
    }
  }

  pass "1.0.0 on Windows" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
      }
    }

    resource "aws_ecs_service" "app" {
      platform_version = "1.0.0"
    }
  }

  fail "1.3.0" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      platform_version = "1.3.0" # fails
    }
  }

  fail "1.4.0 on Windows" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
      }
    }

    resource "aws_ecs_service" "app" {
      platform_version = "1.4.0" # fails
    }
  }

  fail "a schedule pins 1.3.0" {
    resource "aws_cloudwatch_event_target" "report" {
      rule = "nightly"
      arn  = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"

      ecs_target {
        launch_type         = "FARGATE"
        task_definition_arn = aws_ecs_task_definition.report.arn
        platform_version    = "1.3.0" # fails
      }
    }

    resource "aws_ecs_task_definition" "report" {
      family                = "report"
      container_definitions = jsonencode([{ name = "report", image = "report:1.0" }])
    }
  }

  fail "a pinned version where the latest is asked for" {
    source = "fglint:private-service"

    options {
      platform_version = "latest"
    }

    resource "aws_ecs_service" "app" {
      platform_version = "1.4.0" # fails
    }
  }

  unknown "the version is the caller's choice" {
    source = "fglint:private-service"

    variable "platform_version" { type = string }

    resource "aws_ecs_service" "app" {
      platform_version = var.platform_version
    }
  }

  unknown "a version that is not known yet" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      platform_version = "1.9.0"
    }
  }

  not_applicable "instances have no platform version" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "EC2"
      task_definition = "app:1"
    }
  }
}
