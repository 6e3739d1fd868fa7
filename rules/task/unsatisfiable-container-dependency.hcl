rule "task" "unsatisfiable-container-dependency" {
  summary    = "What containers wait for can come true."
  severity   = "high"
  remedy     = "Correct dependsOn: name another container of the task, and a condition that it can reach."
  rationale  = <<-EOT
    ECS refuses a dependency on a container that the task does not have, on itself, or
    in a circle, and `HEALTHY` for a container without a health check. `COMPLETE` and
    `SUCCESS` wait for the end of a container, which must not be essential: its end
    ends the task.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html"]

  assert {
    for_each      = task.dependency_mistakes
    condition     = false
    error_message = "In ${task}, container ${each.value}."
    at            = each.value.text
  }

  assert {
    for_each      = flatten([for container in task.containers : [for dependency in container.depends_on : dependency]])
    condition     = each.value.condition != null && contains(["START", "COMPLETE", "SUCCESS", "HEALTHY"], each.value.condition)
    error_message = "A container of ${task} waits for the condition ${each.value.condition}; there are START, COMPLETE, SUCCESS and HEALTHY."
    at            = each.value.condition
  }

  pass "an initial container that ends, and a healthy database" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        { name = "migrate", image = "app:1", essential = false },
        { name = "cache", image = "redis:7", healthCheck = { command = ["CMD", "redis-cli", "ping"] } },
        {
          name  = "app"
          image = "app:1"
          dependsOn = [
            { containerName = "migrate", condition = "SUCCESS" },
            { containerName = "cache", condition = "HEALTHY" },
          ]
        },
      ])
    }
  }

  fail "nobody of that name, a circle, and itself" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        {
          name      = "one"
          image     = "one:1"
          dependsOn = [{ containerName = "two", condition = "START" }] # fails
        },
        {
          name      = "two"
          image     = "two:1"
          dependsOn = [{ containerName = "one", condition = "START" }] # fails
        },
        {
          name  = "three"
          image = "three:1"
          dependsOn = [
            { containerName = "four", condition = "START" },  # fails
            { containerName = "three", condition = "START" }, # fails
          ]
        },
      ])
    }
  }

  fail "health without a check, the end of an essential container, and no such condition" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        { name = "cache", image = "redis:7" },
        {
          name  = "app"
          image = "app:1"
          dependsOn = [
            { containerName = "cache", condition = "HEALTHY" },  # fails
            { containerName = "cache", condition = "COMPLETE" }, # fails
            { containerName = "cache", condition = "READY" },    # fails
          ]
        },
      ])
    }
  }

  unknown "a variable names the container" {
    source = "fglint:task"

    variable "container" { type = string }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name      = "app"
        image     = "app:1"
        dependsOn = [{ containerName = var.container, condition = "START" }]
      }])
    }
  }

  not_applicable "no dependencies" {
    source = "fglint:task"
  }
}
