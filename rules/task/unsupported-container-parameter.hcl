rule "container" "unsupported-container-parameter" {
  summary    = "Containers have no parameters that only container instances know."
  severity   = "high"
  remedy     = "Take the parameter out. In place of shared memory, use linuxParameters.tmpfs."
  rationale  = <<-EOT
    ECS refuses a definition with them: on Fargate there is no host whose devices,
    names, GPUs or privileges a container could have. `tmpfs` is not among them: Fargate
    takes it on Linux since 2026. A parameter that is false, zero, empty or null says
    nothing.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"]
  same_as    = ["ECS.4", "CT.ECS.PR.11", "CKV_AWS_334"]

  locals {
    unsupported = [
      "privileged", "disableNetworking", "dnsServers", "dnsSearchDomains", "dockerSecurityOptions",
      "extraHosts", "links", "hostname", "linuxParameters.devices",
      "linuxParameters.sharedMemorySize", "linuxParameters.maxSwap", "linuxParameters.swappiness",
    ]
  }

  assert {
    for_each      = container.parameters
    condition     = !contains(local.unsupported, each.value.name)
    error_message = "Container ${container} has ${each.value.name}, which Fargate does not take."
    at            = each.value.name

    fix {
      remove = [each.value.name]
      safety = "unsafe"
    }
  }

  assert {
    for_each      = container.resource_types
    condition     = !contains(["GPU", "InferenceAccelerator", "NeuronDevice"], each.value)
    error_message = "Container ${container} requires a ${each.value}, which Fargate does not have."
    at            = container.resource_types
    remedy        = "Run the task on container instances."
  }

  assert {
    for_each      = container.credential_specifications
    condition     = !startswith(each.value, "credentialspec:")
    error_message = "Container ${container} joins a domain by ${each.value}, which needs a host in the domain."
    at            = container.credential_specifications
    remedy        = "Use a gMSA without a domain: credentialspecdomainless:…"
  }

  assert {
    for_each      = container.ulimits
    condition     = each.value == "nofile"
    error_message = "Container ${container} sets the limit ${each.value}; on Fargate nofile alone can be set."
    at            = container.ulimits
    severity      = "low"
    remedy        = "Take the limit out."
  }

  pass "nothing of the kind" {
    source = "fglint:task"
  }

  pass "tmpfs, and parameters that say nothing" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name            = "app"
        image           = "nginx:1.27"
        privileged      = false
        links           = []
        dnsServers      = null
        linuxParameters = { tmpfs = [{ containerPath = "/tmp", size = 64 }], sharedMemorySize = 0 }
        ulimits         = [{ name = "nofile", softLimit = 65536, hardLimit = 65536 }]
      }])
    }
  }

  fail "privileged, with links and shared memory" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name       = "app"
        image      = "nginx:1.27"
        privileged = true      # fails
        links      = ["redis"] # fails
        linuxParameters = {
          sharedMemorySize = 256 # fails
        }
      }])
    }
  }

  fail "a GPU, a domain, and a limit" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name                 = "app"
        image                = "nginx:1.27"
        resourceRequirements = [{ type = "GPU", value = "1" }]                          # fails
        credentialSpecs      = ["credentialspec:arn:aws:s3:::specs/app.json"]           # fails
        ulimits              = [{ name = "nproc", softLimit = 1024, hardLimit = 1024 }] # fails
      }])
    }
  }

  unknown "privileged is the caller's choice" {
    source = "fglint:task"

    variable "privileged" { type = bool }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "nginx:1.27", privileged = var.privileged }])
    }
  }
}
