rule "container" "unsupported-capability" {
  summary    = "A container on Fargate may add the capability SYS_PTRACE, and no other."
  severity   = "high"
  remedy     = "Take the capability out; drop all with capabilities = { drop = [\"ALL\"] }."
  rationale  = <<-EOT
    ECS refuses every other capability, and names with the prefix `CAP_`. To drop
    capabilities is always allowed, by their names.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html"]

  locals {
    # Source: KernelCapabilities in the API reference of Amazon ECS; read 2026-11.
    capabilities = [
      "ALL", "AUDIT_CONTROL", "AUDIT_WRITE", "BLOCK_SUSPEND", "CHOWN", "DAC_OVERRIDE",
      "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE",
      "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE",
      "NET_BROADCAST", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_ADMIN", "SYS_BOOT",
      "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO",
      "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "SYSLOG", "WAKE_ALARM",
    ]
  }

  when = length(container.added_capabilities) > 0 || length(container.dropped_capabilities) > 0

  assert {
    for_each      = container.added_capabilities
    condition     = each.value == "SYS_PTRACE"
    error_message = "Container ${container} adds the capability ${each.value}, which Fargate does not give."
    at            = container.added_capabilities
  }

  assert {
    for_each      = container.dropped_capabilities
    condition     = contains(local.capabilities, each.value)
    error_message = "Container ${container} drops ${each.value}, and there is no capability of that name."
    at            = container.dropped_capabilities
    remedy        = "Write the name without the prefix CAP_."
  }

  pass "all are dropped but one is added" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name            = "app"
        image           = "nginx:1.27"
        linuxParameters = { capabilities = { add = ["SYS_PTRACE"], drop = ["ALL"] } }
      }])
    }
  }

  fail "a capability for the network, and a prefix" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        linuxParameters = {
          capabilities = {
            add  = ["NET_ADMIN"]   # fails
            drop = ["CAP_NET_RAW"] # fails
          }
        }
      }])
    }
  }

  unknown "the capabilities come from a variable" {
    source = "fglint:task"

    variable "capabilities" { type = list(string) }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name            = "app"
        image           = "nginx:1.27"
        linuxParameters = { capabilities = { add = var.capabilities } }
      }])
    }
  }

  not_applicable "none" {
    source = "fglint:task"
  }
}
