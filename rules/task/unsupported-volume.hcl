rule "task" "unsupported-volume" {
  summary    = "The volumes of a task are of kinds that Fargate has, and each has what makes it."
  severity   = "high"
  remedy     = "Use an empty volume, EFS, or EBS that the service configures."
  rationale  = <<-EOT
    There is no host whose directories a task could mount, nor Docker's volume drivers.
    A volume with `configure_at_launch` is made by the service's
    `volume_configuration` of the same name; a task has at most one.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_data_volumes.html"]

  when = length(task.volumes) > 0 || length(task.launch_volumes) > 0

  assert {
    for_each      = task.volumes
    condition     = !contains(["docker", "fsx"], each.value.type)
    error_message = "Volume ${each.value} of ${task} is a ${each.value.type == "fsx" ? "volume of FSx for Windows" : "Docker volume"}, which Fargate does not have."
    at            = each.value.type
  }

  assert {
    for_each      = task.volumes
    condition     = each.value.host_path == null
    error_message = "Volume ${each.value} of ${task} is the directory ${each.value.host_path} of a host that there is not."
    at            = each.value.host_path
    remedy        = "Leave host_path out for an empty volume."
  }

  assert {
    condition     = length([for volume in task.volumes : volume if volume.type == "at-launch"]) <= 1
    error_message = "${task} has more than one volume that is configured at launch."
    at            = task.volumes
    remedy        = "Keep one of them."
  }

  assert {
    for_each      = [for volume in task.volumes : volume if volume.type == "at-launch"]
    condition     = each.value.configured
    error_message = "Volume ${each.value} of ${task} is configured at launch, and a service that runs it has no volume_configuration of that name."
    at            = each.value.name
    remedy        = "Add volume_configuration with the name of the volume to the service."
  }

  assert {
    for_each      = task.launch_volumes
    condition     = each.value.expected
    error_message = "${each.value.address} configures a volume ${each.value}, and ${task} has no such volume with configure_at_launch."
    at            = each.value.name
    remedy        = "Add the volume with configure_at_launch = true to the task definition."
  }

  assert {
    for_each      = task.launch_volumes
    condition     = each.value.size != null || each.value.snapshot != null
    error_message = "${each.value.address} makes the volume ${each.value} with neither a size nor a snapshot."
    at            = each.value.size
    remedy        = "Set size_in_gb or snapshot_id."
  }

  assert {
    for_each      = task.launch_volumes
    condition     = !task.windows
    error_message = "${task} runs Windows, for which Fargate has no EBS volumes."
    at            = each.value.name
  }

  pass "an empty volume" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      volume { name = "scratch" }
    }
  }

  pass "a disk that the service configures" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      volume {
        name                = "data"
        configure_at_launch = true
      }
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn

      volume_configuration {
        name = "data"

        managed_ebs_volume {
          role_arn   = "arn:aws:iam::123456789012:role/ecsInfrastructureRole"
          size_in_gb = 20
        }
      }
    }
  }

  fail "a directory of the host, and a Docker volume" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      volume {
        name      = "host"
        host_path = "/var/run/docker.sock" # fails
      }

      volume {
        name = "shared"

        docker_volume_configuration { # fails
          scope = "shared"
        }
      }
    }
  }

  fail "two disks at launch" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      volume { # fails
        name                = "data"
        configure_at_launch = true
      }

      volume {
        name                = "more"
        configure_at_launch = true
      }
    }
  }

  fail "names that do not meet" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      volume {
        name                = "data" # fails
        configure_at_launch = true
      }
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn

      volume_configuration {
        name = "date" # fails

        managed_ebs_volume {
          role_arn   = "arn:aws:iam::123456789012:role/ecsInfrastructureRole"
          size_in_gb = 20
        }
      }
    }
  }

  fail "a disk without a size, on Windows" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
      }

      volume {
        name                = "data"
        configure_at_launch = true
      }
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = aws_ecs_task_definition.app.arn

      volume_configuration {
        name = "data" # fails

        managed_ebs_volume { # fails
          role_arn = "arn:aws:iam::123456789012:role/ecsInfrastructureRole"
        }
      }
    }
  }

  unknown "nothing here runs the task" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      volume {
        name                = "data"
        configure_at_launch = true
      }
    }
  }

  not_applicable "no volumes" {
    source = "fglint:task"
  }
}
