rule "task" "debugging-left-on" {
  summary   = "A task that serves has nothing on that only debugging needs."
  severity  = "low"
  default   = false
  remedy    = "Take it out; debug in a task of its own."
  rationale = <<-EOT
    SYS_PTRACE lets a process read and change the memory of others, passwords in it. A shared process space
    shows each container the processes, the arguments and, as root, the environment of all others. Fault
    injection lets whoever may start an experiment of AWS FIS stop, slow down or cut off the task. Nobody
    sits at the terminal of a task on Fargate: ECS Exec opens its own.

    A well-known sidecar that watches processes is a reason to share the process space; for another one,
    suppress the finding and say which.
  EOT
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fault-injection.html",
  ]

  option "environment" {
    type        = string
    default     = "production"
    values      = ["production", "non-production"]
    description = "In a \"non-production\" environment, fault injection is no finding."
  }

  locals {
    sidecars = [for container in task.containers : container if container.sidecar]
  }

  assert {
    for_each      = task.containers
    condition     = !contains(each.value.added_capabilities, "SYS_PTRACE")
    error_message = "Container ${each.value} of ${task} adds the capability SYS_PTRACE, by which debuggers work."
    at            = each.value.added_capabilities
  }

  assert {
    for_each      = task.containers
    condition     = !each.value.interactive
    error_message = "Container ${each.value} of ${task} keeps its standard input open, to which nobody writes."
    at            = each.value.interactive
  }

  assert {
    for_each      = task.containers
    condition     = !each.value.pseudo_terminal
    error_message = "Container ${each.value} of ${task} has a terminal, at which nobody sits."
    at            = each.value.pseudo_terminal
  }

  assert {
    condition     = option.environment != "production" || !task.fault_injection
    error_message = "${task} lets experiments inject faults into it in production."
    remedy        = "Set enable_fault_injection = false, or environment = \"non-production\" in the settings of this rule."
    at            = task.fault_injection
    severity      = "medium"
  }

  assert {
    condition     = task.pid_mode == null || task.pid_mode != "task" || length(local.sidecars) > 0
    error_message = "The containers of ${task} share one process space."
    remedy        = "Take pid_mode out, or suppress the finding with the reason."
    at            = task.pid_mode
    severity      = "info"
  }

  pass "nothing is on" {
    source = "fglint:task"
  }

  pass "all is off" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      enable_fault_injection = false

      container_definitions = jsonencode([{
        name            = "app"
        image           = "public.ecr.aws/nginx/nginx:1.27"
        interactive     = false
        pseudoTerminal  = false
        linuxParameters = { capabilities = { drop = ["SYS_PTRACE"] } }
      }])
    }
  }

  pass "faults in a test environment" {
    source = "fglint:task"
    options { environment = "non-production" }

    resource "aws_ecs_task_definition" "app" {
      enable_fault_injection = true
    }
  }

  pass "an agent watches the processes" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      pid_mode = "task"

      container_definitions = jsonencode([
        { name = "app", image = "public.ecr.aws/nginx/nginx:1.27" },
        { name = "datadog-agent", image = "public.ecr.aws/datadog/agent:7" },
      ])
    }
  }

  fail "a debugger's capability, and a terminal" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name            = "app"
        image           = "public.ecr.aws/nginx/nginx:1.27"
        interactive     = true                                        # fails
        pseudoTerminal  = true                                        # fails
        linuxParameters = { capabilities = { add = ["SYS_PTRACE"] } } # fails
      }])
    }
  }

  fail "faults in production" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      enable_fault_injection = true # fails
    }
  }

  fail "one process space" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      pid_mode = "task" # fails
    }
  }

  unknown "the caller says whether faults are injected" {
    source = "fglint:task"

    variable "chaos" { type = bool }

    resource "aws_ecs_task_definition" "app" {
      enable_fault_injection = var.chaos
    }
  }

  unknown "the containers come from outside" {
    source = "fglint:task"

    variable "containers" { type = string }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = var.containers
    }
  }

  not_applicable "it runs on instances" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["EC2"]
      pid_mode                 = "task"
      container_definitions    = jsonencode([{ name = "app", image = "app:1", interactive = true }])
    }
  }
}
