rule "task" "dangling-mount-point" {
  summary    = "Each mount point names a volume of the task."
  severity   = "high"
  remedy     = "Add a volume block of that name, or correct the mount point."
  rationale  = <<-EOT
    ECS refuses a mount point whose volume the task does not have, paths that are not
    absolute, and one path for two volumes in a container.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_MountPoint.html"]

  when = length(task.volumes) > 0 || anytrue([
    for container in task.containers : length(container.mounts) > 0 || length(container.volumes_from) > 0
  ])

  assert {
    for_each      = task.mount_mistakes
    condition     = false
    error_message = "In ${task}, container ${each.value}."
    at            = each.value.text
  }

  assert {
    for_each      = task.volumes
    condition     = each.value.used
    error_message = "No container of ${task} mounts the volume ${each.value}."
    at            = each.value.name
    severity      = "low"
    remedy        = "Mount it, or take it out."
  }

  pass "the volumes of another container" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        { name = "app", image = "app:1", volumesFrom = [{ sourceContainer = "files" }] },
        { name = "files", image = "files:1" },
      ])
    }
  }

  pass "a volume that is mounted" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      volume { name = "scratch" }

      container_definitions = jsonencode([{
        name        = "app"
        image       = "nginx:1.27"
        mountPoints = [{ sourceVolume = "scratch", containerPath = "/tmp" }]
      }])
    }
  }

  fail "no such volume, a relative path, and one path twice" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      volume { name = "scratch" }

      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        mountPoints = [
          { sourceVolume = "data", containerPath = "/data" },    # fails
          { sourceVolume = "scratch", containerPath = "tmp" },   # fails
          { sourceVolume = "scratch", containerPath = "/data" }, # fails
        ]
      }])
    }
  }

  fail "the volumes of a container that does not exist" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name        = "app"
        image       = "nginx:1.27"
        volumesFrom = [{ sourceContainer = "data" }] # fails
      }])
    }
  }

  fail "a volume that nothing mounts" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      volume {
        name = "scratch" # fails
      }
    }
  }

  unknown "the volume comes from a variable" {
    source = "fglint:task"

    variable "volume" { type = string }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name        = "app"
        image       = "nginx:1.27"
        mountPoints = [{ sourceVolume = var.volume, containerPath = "/data" }]
      }])

      volume { name = "data" }
    }
  }

  not_applicable "no volumes" {
    source = "fglint:task"
  }
}
