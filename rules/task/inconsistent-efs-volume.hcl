rule "task" "inconsistent-efs-volume" {
  summary    = "An EFS volume's options belong together, and tasks can reach it."
  severity   = "high"
  remedy     = "Set transit_encryption = \"ENABLED\"."
  rationale  = <<-EOT
    ECS refuses an access point or IAM authorization without encryption in transit,
    and an access point with a directory of its own. A task that cannot reach a mount
    target in its zone on port 2049 does not start.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-efs-config.html"]

  locals {
    volumes = [for volume in task.volumes : volume.efs if volume.efs != null]
  }

  when = length(local.volumes) > 0

  assert {
    for_each      = local.volumes
    condition     = each.value.transit_encryption || (!each.value.iam && each.value.access_point == null)
    error_message = "${task} mounts ${each.value} with ${each.value.iam ? "IAM authorization" : "an access point"} but without encryption in transit."
    at            = each.value.transit_encryption

    fix {
      of     = each.value
      set    = { transit_encryption = "ENABLED" }
      safety = "safe"
    }
  }

  assert {
    for_each      = local.volumes
    condition     = each.value.access_point == null || each.value.root_directory == "/"
    error_message = "${task} mounts ${each.value} by an access point, and names the directory ${each.value.root_directory} besides."
    at            = each.value.root_directory
    remedy        = "Leave root_directory out: the access point has its own."
  }

  assert {
    for_each      = local.volumes
    condition     = !each.value.iam || task.task_role != null
    error_message = "${task} mounts ${each.value} as its task role, and has none."
    at            = each.value.iam
    remedy        = "Set task_role_arn."
  }

  assert {
    condition     = !task.on_old_platform
    error_message = "A service runs ${task} on a platform version before 1.4.0, which has no EFS volumes."
    at            = task.volumes
    remedy        = "Set platform_version of the service to LATEST."
  }

  assert {
    for_each      = local.volumes
    condition     = each.value.has_mount_target
    error_message = "${task} mounts ${each.value}, which has no mount target."
    at            = each.value.has_mount_target
    remedy        = "Add an aws_efs_mount_target for each subnet of the task."
  }

  assert {
    for_each      = local.volumes
    condition     = !each.value.has_mount_target || each.value.in_all_zones
    error_message = "${task} mounts ${each.value}, which has no mount target in a zone where its tasks run."
    at            = each.value.in_all_zones
    remedy        = "Add an aws_efs_mount_target for each subnet of the task."
  }

  assert {
    for_each      = local.volumes
    condition     = each.value.reachable
    error_message = "${task} mounts ${each.value}, whose security groups do not let its tasks in on port 2049."
    at            = each.value.reachable
    remedy        = "Add an ingress rule for port 2049 from the security group of the tasks."
  }

  pass "encrypted, by an access point" {
    source = "fglint:task"

    resource "aws_efs_file_system" "data" {}

    resource "aws_efs_access_point" "data" {
      file_system_id = aws_efs_file_system.data.id
    }

    resource "aws_efs_mount_target" "data" {
      file_system_id  = aws_efs_file_system.data.id
      subnet_id       = "subnet-12345678"
      security_groups = ["sg-12345678"]
    }

    resource "aws_ecs_task_definition" "app" {
      volume {
        name = "data"

        efs_volume_configuration {
          file_system_id     = aws_efs_file_system.data.id
          transit_encryption = "ENABLED"

          authorization_config {
            access_point_id = aws_efs_access_point.data.id
          }
        }
      }
    }
  }

  fail "an access point without encryption, with a directory" {
    source = "fglint:task"

    resource "aws_efs_file_system" "data" {}

    resource "aws_efs_mount_target" "data" {
      file_system_id = aws_efs_file_system.data.id
      subnet_id      = "subnet-12345678"
    }

    resource "aws_ecs_task_definition" "app" {
      volume {
        name = "data"

        efs_volume_configuration { # fails
          file_system_id = aws_efs_file_system.data.id
          root_directory = "/data" # fails

          authorization_config {
            access_point_id = "fsap-12345678"
          }
        }
      }
    }
  }

  fail "IAM without a task role, and no mount target" {
    source = "fglint:task"

    resource "aws_efs_file_system" "data" {}

    resource "aws_ecs_task_definition" "app" {
      volume {
        name = "data"

        efs_volume_configuration { # fails
          file_system_id     = aws_efs_file_system.data.id
          transit_encryption = "ENABLED"

          authorization_config {
            iam = "ENABLED" # fails
          }
        }
      }
    }
  }

  fail "on an old platform version" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      volume { # fails
        name = "data"

        efs_volume_configuration {
          file_system_id = "fs-12345678"
        }
      }
    }

    resource "aws_ecs_service" "app" {
      name             = "app"
      launch_type      = "FARGATE"
      platform_version = "1.3.0"
      task_definition  = aws_ecs_task_definition.app.arn
    }
  }

  fail "in another zone, behind a closed security group" {
    source = "fglint:private-service"

    resource "aws_efs_file_system" "data" {}

    resource "aws_subnet" "other" {
      vpc_id            = aws_vpc.main.id
      cidr_block        = "10.0.200.0/24"
      availability_zone = "eu-west-1f"
    }

    resource "aws_security_group" "files" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_efs_mount_target" "data" {
      file_system_id  = aws_efs_file_system.data.id
      subnet_id       = aws_subnet.other.id
      security_groups = [aws_security_group.files.id]
    }

    resource "aws_subnet" "private" {
      availability_zone = "eu-west-1a"
    }

    resource "aws_ecs_task_definition" "app" {
      volume {
        name = "data"

        efs_volume_configuration { # fails
          file_system_id = aws_efs_file_system.data.id
        }
      }
    }
  }

  unknown "the file system lies outside" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      volume {
        name = "data"

        efs_volume_configuration {
          file_system_id = "fs-12345678"
        }
      }
    }
  }

  not_applicable "no EFS volume" {
    source = "fglint:task"
  }
}
