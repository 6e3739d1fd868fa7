rule "task" "invalid-task-size" {
  summary    = "Fargate sells CPU and memory in fixed pairs."
  severity   = "high"
  remedy     = "Choose memory that is on sale with the CPU units: 512 to 2048 MiB with 256, 1024 to 4096 with 512, 2048 to 8192 with 1024, 4096 to 16384 with 2048, 8192 to 30720 with 4096 in steps of 1024."
  rationale  = <<-EOT
    ECS refuses other pairs: "No Fargate configuration exists for given values".
    Larger tasks go in larger steps: 16384 to 61440 MiB with 8192 CPU units in
    steps of 4096, 32768 to 122880 with 16384 in steps of 8192. Windows tasks have
    1024, 2048 or 4096 CPU units.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html"]
  same_as    = ["CT.ECS.PR.7"]

  assert {
    condition     = task.cpu != null
    error_message = "A task on Fargate needs cpu, and ${task} has none."
    at            = task.cpu

    fix {
      set    = { memory = task.next_memory }
      when   = task.next_cpu != null && task.next_cpu == task.cpu
      safety = "unsafe"
    }

    fix {
      set    = { cpu = task.next_cpu }
      when   = task.next_cpu != null && task.next_memory == task.memory
      safety = "unsafe"
    }

    fix {
      set    = { cpu = task.next_cpu, memory = task.next_memory }
      when   = task.next_cpu != null
      safety = "unsafe"
    }
  }

  assert {
    condition     = task.memory != null
    error_message = "A task on Fargate needs memory, and ${task} has none."
    at            = task.memory

    fix {
      set    = { memory = task.next_memory }
      when   = task.next_cpu != null && task.next_cpu == task.cpu
      safety = "unsafe"
    }

    fix {
      set    = { cpu = task.next_cpu }
      when   = task.next_cpu != null && task.next_memory == task.memory
      safety = "unsafe"
    }

    fix {
      set    = { cpu = task.next_cpu, memory = task.next_memory }
      when   = task.next_cpu != null
      safety = "unsafe"
    }
  }

  assert {
    condition     = task.size_is_sold
    error_message = "Fargate does not sell ${task.memory} MiB with ${task.cpu} CPU units${task.windows ? " for Windows" : ""}."
    at            = task.size_is_sold

    fix {
      set    = { memory = task.next_memory }
      when   = task.next_cpu != null && task.next_cpu == task.cpu
      safety = "unsafe"
    }

    fix {
      set    = { cpu = task.next_cpu }
      when   = task.next_cpu != null && task.next_memory == task.memory
      safety = "unsafe"
    }

    fix {
      set    = { cpu = task.next_cpu, memory = task.next_memory }
      when   = task.next_cpu != null
      safety = "unsafe"
    }
  }

  pass "half a vCPU, one GiB" {
    source = "fglint:task"
  }

  pass "with units" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      cpu    = ".5 vCPU"
      memory = "2 GB"
    }
  }

  pass "the largest one" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      cpu    = 16384
      memory = 122880
    }
  }

  fail "too little memory" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      cpu    = 1024
      memory = 1024 # fails
    }
  }

  fail "no sizes" {
    resource "aws_ecs_task_definition" "app" { # fails
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }
  }

  fail "no memory" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      memory = null # fails
    }
  }

  fail "a step that is not on sale" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      cpu    = 8192
      memory = 17408 # fails
    }
  }

  fail "too small for Windows" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      memory = 1024 # fails

      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
      }
    }
  }

  fail "CPU units that are never sold, whatever the memory" {
    source = "fglint:task"

    variable "memory" { type = number }

    resource "aws_ecs_task_definition" "app" {
      cpu    = 300
      memory = var.memory # fails
    }
  }

  unknown "memory is the caller's choice" {
    source = "fglint:task"

    variable "memory" { type = number }

    resource "aws_ecs_task_definition" "app" {
      memory = var.memory
    }
  }

  unknown "larger than any size known here" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      cpu    = 32768
      memory = 245760
    }
  }

  not_applicable "the task runs on instances" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      requires_compatibilities = ["EC2"]
    }
  }
}
