rule "task" "oversubscribed-task" {
  summary    = "What the containers reserve fits into the task."
  severity   = "high"
  remedy     = "Raise cpu and memory of the task, or lower what the containers reserve."
  rationale  = <<-EOT
    The sizes of a task on Fargate are limits for all its containers together. ECS
    refuses a definition whose containers reserve more, and a container whose limit
    is below its reservation.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html"]
  same_as    = ["CT.ECS.PR.7"]

  when = anytrue([
    for container in task.containers :
    container.cpu != null || container.memory != null || container.memory_reservation != null
  ])

  assert {
    condition     = task.cpu == null || task.reserved_cpu <= task.cpu
    error_message = "The containers of ${task} reserve ${task.reserved_cpu} CPU units, and it has ${task.cpu}."
    at            = task.cpu
  }

  assert {
    condition     = task.memory == null || task.reserved_memory <= task.memory
    error_message = "The containers of ${task} reserve ${task.reserved_memory} MiB, and it has ${task.memory}."
    at            = task.memory
  }

  assert {
    for_each      = [for container in task.containers : container if container.memory != null]
    condition     = task.memory == null || each.value.memory <= task.memory
    error_message = "Container ${each.value} may use ${each.value.memory} MiB, and ${task} has ${task.memory}."
    at            = each.value.memory
  }

  assert {
    for_each      = [for container in task.containers : container if container.memory != null]
    condition     = each.value.memory_reservation == null || each.value.memory >= each.value.memory_reservation
    error_message = "Container ${each.value} reserves ${each.value.memory_reservation} MiB but may use only ${each.value.memory}."
    at            = each.value.memory_reservation
  }

  assert {
    for_each      = [for container in task.containers : container if container.memory != null]
    condition     = each.value.memory >= 6
    error_message = "Container ${each.value} has ${each.value.memory} MiB; ECS asks for 6 or more."
    at            = each.value.memory
  }

  pass "two containers that fill the task" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        { name = "app", image = "nginx:1.27", cpu = 384, memory = 768 },
        { name = "proxy", image = "envoy:1", cpu = 128, memory = 512, memoryReservation = 256 },
      ])
    }
  }

  fail "too much CPU" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      cpu = 256 # fails

      container_definitions = jsonencode([
        { name = "app", image = "nginx:1.27", cpu = 256 },
        { name = "proxy", image = "envoy:1", cpu = 128 },
      ])
    }
  }

  fail "too much memory already, whatever the third container takes" {
    source = "fglint:task"

    variable "memory" { type = number }

    resource "aws_ecs_task_definition" "app" {
      memory = 1024 # fails

      container_definitions = jsonencode([
        { name = "app", image = "nginx:1.27", memoryReservation = 768 },
        { name = "proxy", image = "envoy:1", memoryReservation = 512 },
        { name = "agent", image = "agent:1", memoryReservation = var.memory },
      ])
    }
  }

  fail "a container with more than the task" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name              = "app"
        image             = "nginx:1.27"
        memory            = 2048 # fails
        memoryReservation = 512
      }])
    }
  }

  fail "a limit below the reservation, and one too small" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        {
          name              = "app"
          image             = "nginx:1.27"
          memory            = 256
          memoryReservation = 512 # fails
        },
        {
          name   = "tiny"
          image  = "tiny:1"
          memory = 4 # fails
        },
      ])
    }
  }

  unknown "a reservation from a variable" {
    source = "fglint:task"

    variable "memory" { type = number }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "nginx:1.27", memoryReservation = var.memory }])
    }
  }

  not_applicable "no container reserves anything" {
    source = "fglint:task"
  }
}
