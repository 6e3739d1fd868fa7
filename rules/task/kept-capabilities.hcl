rule "container" "kept-capabilities" {
  summary   = "A container drops the capabilities of the kernel that it starts with."
  severity  = "low"
  default   = false
  remedy    = "Set linuxParameters = { capabilities = { drop = [\"ALL\"] } }, and listen on a port above 1023."
  rationale = <<-EOT
    A container starts with fourteen capabilities of the kernel, among them NET_RAW, by which it sends
    forged packets, and DAC_OVERRIDE, by which root reads every file. A service that listens on a port above
    1023 and runs as a user of its own needs none. Fargate gives none of them back but adds SYS_PTRACE on
    request, so what an image needs at its start (CHOWN, SETUID) has to be left out of the list: name the
    others instead of ALL then, and suppress the finding.

    With ECS Exec on, the agent and each command run as processes of the container. Without an init process
    nobody waits for those that end, and they stay as zombies.
  EOT
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
  ]

  when = !container.on_windows

  assert {
    condition = contains(container.dropped_capabilities, "ALL") || alltrue([
      # What Docker leaves a container that drops nothing.
      for name in [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
        "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
      ] : contains(container.dropped_capabilities, name)
    ])
    error_message = "Container ${container} keeps capabilities of the kernel."
    at            = container.dropped_capabilities

    fix {
      append = { "linuxParameters.capabilities.drop" = ["ALL"] }
      safety = "unsafe"
    }
  }

  assert {
    condition     = container.has_init_process || !container.open_to_exec
    error_message = "Container ${container} takes commands of ECS Exec, and no init process ends what they leave behind."
    remedy        = "Set linuxParameters = { initProcessEnabled = true }."
    at            = container.has_init_process
    severity      = "info"
  }

  pass "all are dropped" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name            = "app"
        image           = "public.ecr.aws/nginx/nginx:1.27"
        linuxParameters = { capabilities = { drop = ["ALL"] } }
      }])
    }
  }

  pass "each is dropped by its name" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "public.ecr.aws/nginx/nginx:1.27"
        linuxParameters = {
          capabilities = {
            drop = [
              "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
              "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
            ]
          }
        }
      }])
    }
  }

  pass "an init process for ECS Exec" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      enable_execute_command = true
    }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name            = "app"
        image           = "public.ecr.aws/nginx/nginx:1.27"
        portMappings    = [{ containerPort = 8080 }]
        linuxParameters = { capabilities = { drop = ["ALL"] }, initProcessEnabled = true }
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

  fail "some are kept" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name            = "app"
        image           = "public.ecr.aws/nginx/nginx:1.27"
        linuxParameters = { capabilities = { drop = ["NET_RAW", "MKNOD"] } } # fails
      }])
    }
  }

  fail "to add one drops none" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ # fails
        name            = "app"
        image           = "public.ecr.aws/nginx/nginx:1.27"
        linuxParameters = { capabilities = { add = ["SYS_PTRACE"] } }
      }])
    }
  }

  fail "ECS Exec without an init process" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      enable_execute_command = true
    }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name            = "app"
        image           = "public.ecr.aws/nginx/nginx:1.27"
        portMappings    = [{ containerPort = 8080 }]
        linuxParameters = { capabilities = { drop = ["ALL"] } } # fails
      }])
    }
  }

  unknown "the caller says what is dropped" {
    source = "fglint:task"

    variable "dropped" { type = list(string) }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name            = "app"
        image           = "public.ecr.aws/nginx/nginx:1.27"
        linuxParameters = { capabilities = { drop = var.dropped } }
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
