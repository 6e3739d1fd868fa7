rule "container" "writable-root-filesystem" {
  summary   = "A container cannot write to its root file system."
  severity  = "medium"
  rationale = <<-EOT
    Whoever gets into a container whose root file system cannot be written can neither replace its
    programs nor leave tools behind. What the application writes goes to volumes: `/tmp` on a tmpfs
    or an empty volume.

    AWS says that ECS Exec does not work with a read-only root file system, because its agent writes
    files. A container of a service with ECS Exec on is left to `unaudited-exec`.
  EOT
  remedy    = "Set readonlyRootFilesystem = true, and mount a volume wherever the application writes."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
  ]
  same_as = ["ECS.5", "CT.ECS.PR.6", "CKV_AWS_336"]

  when = !container.on_windows && !container.open_to_exec

  assert {
    condition     = container.readonly_root_filesystem || container.firelens != null
    error_message = "Container ${container.name} can write to its root file system."
    at            = container.readonly_root_filesystem

    fix {
      set    = { readonlyRootFilesystem = true }
      safety = "unsafe"
    }
  }

  assert {
    condition     = container.readonly_root_filesystem || container.firelens == null
    error_message = "The log router ${container.name} can write to its root file system."
    at            = container.readonly_root_filesystem
    severity      = "low"

    fix {
      set    = { readonlyRootFilesystem = true }
      safety = "unsafe"
    }
  }

  pass "it cannot be written" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name                   = "app"
        image                  = "public.ecr.aws/nginx/nginx:1.27"
        readonlyRootFilesystem = true
      }])
    }
  }

  fail "nothing is set" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ # fails
        name  = "app"
        image = "public.ecr.aws/nginx/nginx:1.27"
      }])
    }
  }

  fail "it is switched off" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name                   = "app"
        image                  = "public.ecr.aws/nginx/nginx:1.27"
        readonlyRootFilesystem = false # fails
      }])
    }
  }

  fail "a log router" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        {
          name                   = "app"
          image                  = "public.ecr.aws/nginx/nginx:1.27"
          readonlyRootFilesystem = true
        },
        { # fails
          name                  = "router"
          image                 = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0"
          firelensConfiguration = { type = "fluentbit" }
        },
      ])
    }
  }

  unknown "the caller says" {
    source = "fglint:task"

    variable "readonly" { type = bool }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name                   = "app"
        image                  = "public.ecr.aws/nginx/nginx:1.27"
        readonlyRootFilesystem = var.readonly
      }])
    }
  }

  not_applicable "Windows" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      cpu    = 1024
      memory = 2048

      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
      }
    }
  }
}
