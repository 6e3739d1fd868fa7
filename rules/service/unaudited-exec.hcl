rule "service" "unaudited-exec" {
  summary    = "Sessions of ECS Exec are encrypted and logged."
  severity   = "medium"
  remedy     = "Configure ECS Exec in the cluster: execute_command_configuration with a kms_key_id, logging = \"OVERRIDE\" and a log group whose traffic is encrypted; or leave enable_execute_command off."
  rationale  = <<-EOT
    ECS Exec opens a shell in a running container, with all secrets of the
    application in its environment. Who did what there is known only where the
    cluster keeps the sessions. DEFAULT keeps them in the log group of the
    container, where that has the driver awslogs; OVERRIDE needs a place of its
    own; NONE keeps nothing.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html"]
  same_as    = ["CKV_AWS_223", "CKV_AWS_224"]

  when = service.execute_command && service.cluster != null

  assert {
    condition     = service.cluster == null || service.cluster.configures_exec
    error_message = "ECS Exec is on for ${service}, and ${service.cluster} does not say how its sessions are kept."
    at            = service.execute_command
  }

  assert {
    condition     = service.cluster == null || !service.cluster.configures_exec || service.cluster.exec_logging != "NONE"
    error_message = "ECS Exec is on for ${service}, and ${service.cluster} keeps no log of its sessions."
    at            = service.cluster.exec_logging
  }

  assert {
    for_each      = service.cluster.exec_logging == "DEFAULT" && service.cluster.configures_exec ? service.task_definition.containers : []
    condition     = each.value.log_driver == "awslogs"
    error_message = "Sessions in container ${each.value} of ${service} are not logged: ${service.cluster} leaves them to the container's log group, and it has none (driver ${each.value.log_driver})."
    at            = service.execute_command
  }

  assert {
    condition = anytrue([
      service.cluster == null || service.cluster.exec_logging != "OVERRIDE",
      service.cluster == null || service.cluster.exec_has_log_group && service.cluster.exec_log_group_encrypted,
      service.cluster == null || service.cluster.exec_has_bucket,
    ])
    error_message = "${service.cluster} keeps sessions of ECS Exec in a place of their own, and names neither a log group with cloud_watch_encryption_enabled nor a bucket."
    at            = service.cluster.exec_logging
  }

  assert {
    condition     = service.cluster == null || !service.cluster.configures_exec || service.cluster.exec_has_key
    error_message = "No key encrypts the sessions of ECS Exec in ${service.cluster}."
    remedy        = "Set kms_key_id in execute_command_configuration, and let the task role decrypt with that key."
    at            = service.cluster.exec_has_key
    severity      = "low"
  }

  pass "logged apart, and encrypted" {
    source = "fglint:private-service"

    resource "aws_kms_key" "exec" {}

    resource "aws_ecs_cluster" "main" {
      configuration {
        execute_command_configuration {
          kms_key_id = aws_kms_key.exec.arn
          logging    = "OVERRIDE"
          log_configuration {
            cloud_watch_encryption_enabled = true
            cloud_watch_log_group_name     = aws_cloudwatch_log_group.app.name
          }
        }
      }
    }

    resource "aws_ecs_service" "app" {
      enable_execute_command = true
    }
  }

  pass "in the container's own log group" {
    source = "fglint:private-service"

    resource "aws_kms_key" "exec" {}

    resource "aws_ecs_cluster" "main" {
      configuration {
        execute_command_configuration {
          kms_key_id = aws_kms_key.exec.arn
        }
      }
    }

    resource "aws_ecs_service" "app" {
      enable_execute_command = true
    }
  }

  fail "the cluster says nothing" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      enable_execute_command = true # fails
    }
  }

  fail "nothing is kept, nor encrypted" {
    source = "fglint:private-service"

    resource "aws_ecs_cluster" "main" {
      configuration {
        execute_command_configuration { # fails
          logging = "NONE"              # fails
        }
      }
    }

    resource "aws_ecs_service" "app" {
      enable_execute_command = true
    }
  }

  fail "the container has no log group" {
    source = "fglint:private-service"

    resource "aws_kms_key" "exec" {}

    resource "aws_ecs_cluster" "main" {
      configuration {
        execute_command_configuration {
          kms_key_id = aws_kms_key.exec.arn
        }
      }
    }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }

    resource "aws_ecs_service" "app" {
      enable_execute_command = true # fails
    }
  }

  fail "on its way to the log group it is not encrypted" {
    source = "fglint:private-service"

    resource "aws_kms_key" "exec" {}

    resource "aws_ecs_cluster" "main" {
      configuration {
        execute_command_configuration {
          kms_key_id = aws_kms_key.exec.arn
          logging    = "OVERRIDE" # fails
          log_configuration {
            cloud_watch_log_group_name = aws_cloudwatch_log_group.app.name
          }
        }
      }
    }

    resource "aws_ecs_service" "app" {
      enable_execute_command = true
    }
  }

  unknown "the cluster lies outside" {
    source = "fglint:private-service"

    data "aws_ecs_cluster" "shared" { cluster_name = "shared" }

    resource "aws_ecs_service" "app" {
      cluster                = data.aws_ecs_cluster.shared.arn
      enable_execute_command = true
    }
  }

  unknown "whether it is on is the caller's choice" {
    source = "fglint:private-service"

    variable "exec" { type = bool }

    resource "aws_ecs_service" "app" {
      enable_execute_command = var.exec
    }
  }

  not_applicable "it is off" {
    source = "fglint:private-service"
  }
}
