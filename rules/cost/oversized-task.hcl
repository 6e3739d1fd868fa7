rule "task" "oversized-task" {
  summary    = "A task is no larger than what its containers reserve."
  severity   = "info"
  default    = false
  remedy     = "Set cpu and memory to the smallest size that holds the reservations."
  rationale  = <<-EOT
    Fargate is paid for by the size of the task, whether its containers use it or not.
    Where each container says what it takes, the rest is air. The applications may
    still need it: reservations are no measurements.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size"]

  locals {
    known = task.cpu != null && task.memory != null && task.fitting_cpu != null && task.fitting_memory != null
  }

  when = task.reserves_all && local.known

  assert {
    condition     = coalesce(task.cpu, 0) <= coalesce(task.fitting_cpu, 0)
    error_message = "${task} has ${task.cpu} CPU units, its containers reserve ${task.reserved_cpu}, and ${task.fitting_cpu} would do."
    at            = task.cpu
  }

  assert {
    condition     = coalesce(task.cpu, 0) > coalesce(task.fitting_cpu, 0) || coalesce(task.memory, 0) <= coalesce(task.fitting_memory, 0)
    error_message = "${task} has ${task.memory} MiB, its containers reserve ${task.reserved_memory}, and ${task.fitting_memory} would do."
    at            = task.memory
  }

  pass "the smallest that holds them" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      cpu                      = 512
      memory                   = 2048
      container_definitions    = jsonencode([{ name = "app", image = "app:1.0", cpu = 512, memory = 1536 }])
    }
  }

  fail "twice the CPU" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      cpu                      = 1024 # fails
      memory                   = 2048
      container_definitions    = jsonencode([{ name = "app", image = "app:1.0", cpu = 512, memory = 1536 }])
    }
  }

  fail "twice the memory" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      cpu                      = 512
      memory                   = 4096 # fails
      container_definitions    = jsonencode([{ name = "app", image = "app:1.0", cpu = 512, memory = 1536 }])
    }
  }

  unknown "the caller's choice" {
    variable "memory" { type = number }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      cpu                      = 512
      memory                   = var.memory
      container_definitions    = jsonencode([{ name = "app", image = "app:1.0", cpu = 512, memory = 1536 }])
    }
  }

  not_applicable "a container says nothing" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      cpu                      = 512
      memory                   = 4096
      container_definitions    = jsonencode([{ name = "app", image = "app:1.0" }])
    }
  }
}
