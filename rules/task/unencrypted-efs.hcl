rule "task" "unencrypted-efs" {
  summary   = "What a task keeps on EFS is encrypted on its way and where it lies, and asks who mounts it."
  severity  = "high"
  rationale = <<-EOT
    A volume of EFS travels through the network of the VPC as NFS. Fargate encrypts it on its way only
    where `transit_encryption` says so. Without IAM authorization or an access point, whatever reaches
    the mount target may mount the whole file system as root.
  EOT
  remedy    = "Set transit_encryption = \"ENABLED\" in the volume's efs_volume_configuration."
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html",
    "https://docs.aws.amazon.com/efs/latest/ug/encryption.html",
  ]
  same_as = [
    "ECS.18", "EFS.1", "CKV_AWS_97", "CKV_AWS_42", "AWS-0035", "AWS-0037",
    "aws-ecs-enable-in-transit-encryption", "4d46ff3b-7160-41d1-a310-71d6d370b08f", "AC_AWS_0463",
    "aws-efs-enable-at-rest-encryption", "48207659-729f-4b5c-9402-f884257d794f", "AC_AWS_0097",
  ]

  locals {
    volumes = [for volume in task.volumes : volume.efs if volume.efs != null]
  }

  assert {
    for_each      = local.volumes
    condition     = each.value.transit_encryption
    error_message = "${task} mounts ${each.value} without encryption on its way."
    at            = each.value.transit_encryption

    fix {
      of     = each.value
      set    = { transit_encryption = "ENABLED" }
      safety = "safe"
    }
  }

  assert {
    for_each      = local.volumes
    condition     = each.value.iam || each.value.access_point != null
    error_message = "${task} mounts ${each.value} without IAM authorization and without an access point."
    at            = each.value.iam
    severity      = "medium"
    remedy        = "Add authorization_config with an access_point_id and iam = \"ENABLED\"."
  }

  assert {
    for_each      = local.volumes
    condition     = each.value.encrypted
    error_message = "${each.value} does not encrypt what it stores."
    at            = each.value.encrypted
    severity      = "medium"
    remedy        = "Set encrypted = true on the file system, which makes a new one."
  }

  pass "encrypted, by an access point" {
    source = "fglint:task"

    resource "aws_efs_file_system" "data" {
      encrypted = true
    }

    resource "aws_efs_access_point" "data" {
      file_system_id = aws_efs_file_system.data.id
    }

    resource "aws_ecs_task_definition" "app" {
      volume {
        name = "data"

        efs_volume_configuration {
          file_system_id     = aws_efs_file_system.data.id
          transit_encryption = "ENABLED"

          authorization_config {
            access_point_id = aws_efs_access_point.data.id
            iam             = "ENABLED"
          }
        }
      }
    }
  }

  fail "nothing is set" {
    source = "fglint:task"

    resource "aws_efs_file_system" "data" { # fails
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

  fail "switched off" {
    source = "fglint:task"

    resource "aws_efs_file_system" "data" {
      encrypted = true
    }

    resource "aws_ecs_task_definition" "app" {
      volume {
        name = "data"

        efs_volume_configuration {
          file_system_id     = aws_efs_file_system.data.id
          transit_encryption = "DISABLED" # fails

          authorization_config {
            iam = "ENABLED"
          }
        }
      }
    }
  }

  unknown "the file system lies outside" {
    source = "fglint:task"

    variable "file_system_id" { type = string }

    resource "aws_ecs_task_definition" "app" {
      volume {
        name = "data"

        efs_volume_configuration {
          file_system_id     = var.file_system_id
          transit_encryption = "ENABLED"

          authorization_config {
            iam = "ENABLED"
          }
        }
      }
    }
  }

  not_applicable "no volume of EFS" {
    source = "fglint:task"
  }
}
