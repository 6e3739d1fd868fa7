rule "task" "insufficient-execution-role" {
  summary   = "ECS tasks can assume the execution role, and it covers images, logs and environment files."
  severity  = "high"
  remedy    = "Attach the policy AmazonECSTaskExecutionRolePolicy to the role, or add the missing statement to one of its policies."
  rationale = <<-EOT
    A task whose execution role lacks a permission stops before any of its
    containers starts, and the service keeps running its old revision: nothing
    in `terraform apply` tells. AmazonECSTaskExecutionRolePolicy covers images in
    Amazon ECR and logs in existing log groups, but neither secrets nor
    environment files, nor `logs:CreateLogGroup`.

    `logs:PutLogEvents` acts on log streams: a policy whose Resource is the log
    group's ARN alone does not cover them, because the ARN ends without `:*`.
  EOT
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html",
  ]

  when = task.needs_execution_role && task.names_execution_role

  assert {
    condition     = task.execution_role == null || task.execution_role.trusts_tasks
    error_message = "The trust policy of ${task.execution_role} does not let ecs-tasks.amazonaws.com assume it, so that ECS cannot start ${task}."
    at            = task.execution_role.trust_policy
    remedy        = "Add to assume_role_policy: { Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = { Service = \"ecs-tasks.amazonaws.com\" } }"
  }

  assert {
    for_each      = task.needs
    condition     = each.value.met
    error_message = "The execution role ${task.execution_role} lacks ${each.value.missing}: ECS cannot ${each.value.purpose}."
    at            = task.execution_role_arn
    remedy        = "Add to a policy of the role: ${each.value.missing_statement}"

    fix {
      of     = task.execution_role
      create = "aws_iam_role_policy.start"
      set = {
        name = "start-tasks"
        role = task.execution_role
        policy = call("jsonencode", {
          Version   = "2012-10-17"
          Statement = each.value.missing_statements
        })
      }
      when   = task.execution_role.in_configuration
      safety = "manual"
    }
  }

  pass "the managed policy covers image and logs" {
    resource "aws_iam_role" "execution" {
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_iam_role_policy_attachment" "execution" {
      role       = aws_iam_role.execution.name
      policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    }

    resource "aws_ecr_repository" "app" { name = "app" }
    resource "aws_cloudwatch_log_group" "app" { name = "/ecs/app" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "${aws_ecr_repository.app.repository_url}:1"
        logConfiguration = {
          logDriver = "awslogs"
          options = {
            "awslogs-group"         = aws_cloudwatch_log_group.app.name
            "awslogs-region"        = "eu-west-1"
            "awslogs-stream-prefix" = "ecs"
          }
        }
      }])
    }
  }

  pass "a policy of its own, no wider than needed" {
    data "aws_caller_identity" "current" {}

    data "aws_iam_policy_document" "trust" {
      statement {
        actions = ["sts:AssumeRole"]

        principals {
          type        = "Service"
          identifiers = ["ecs-tasks.amazonaws.com"]
        }

        condition {
          test     = "StringEquals"
          variable = "aws:SourceAccount"
          values   = [data.aws_caller_identity.current.account_id]
        }
      }
    }

    data "aws_iam_policy_document" "execution" {
      statement {
        actions   = ["ecr:GetAuthorizationToken"]
        resources = ["*"]
      }

      statement {
        actions   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
        resources = [aws_ecr_repository.app.arn]
      }

      statement {
        actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        resources = ["${aws_cloudwatch_log_group.app.arn}:*"]
      }

      statement {
        actions   = ["s3:GetObject"]
        resources = ["${aws_s3_bucket.configuration.arn}/*"]
      }

      statement {
        actions   = ["s3:GetBucketLocation"]
        resources = [aws_s3_bucket.configuration.arn]
      }
    }

    resource "aws_iam_role" "execution" {
      assume_role_policy = data.aws_iam_policy_document.trust.json
    }

    resource "aws_iam_policy" "execution" {
      policy = data.aws_iam_policy_document.execution.json
    }

    resource "aws_iam_role_policy_attachment" "execution" {
      role       = aws_iam_role.execution.name
      policy_arn = aws_iam_policy.execution.arn
    }

    resource "aws_s3_bucket" "configuration" { bucket_prefix = "configuration-" }
    resource "aws_ecr_repository" "app" { name = "app" }
    resource "aws_cloudwatch_log_group" "app" { name = "/ecs/app" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name             = "app"
        image            = "${aws_ecr_repository.app.repository_url}:1"
        environmentFiles = [{ type = "s3", value = "${aws_s3_bucket.configuration.arn}/app.env" }]
        logConfiguration = {
          logDriver = "awslogs"
          options = {
            "awslogs-group"         = aws_cloudwatch_log_group.app.name
            "awslogs-region"        = "eu-west-1"
            "awslogs-stream-prefix" = "ecs"
          }
        }
      }])
    }
  }

  pass "the log group that the driver could create is there" {
    resource "aws_iam_role" "execution" {
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_iam_role_policy_attachment" "execution" {
      role       = aws_iam_role.execution.name
      policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    }

    resource "aws_cloudwatch_log_group" "app" { name = "/ecs/app" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options = {
            "awslogs-group"         = "/ecs/app"
            "awslogs-create-group"  = "true"
            "awslogs-region"        = "eu-west-1"
            "awslogs-stream-prefix" = "ecs"
          }
        }
      }])
    }
  }

  pass "the two actions that a pull takes, on the repository" {
    data "aws_iam_policy_document" "trust" {
      statement {
        actions = ["sts:AssumeRole"]

        principals {
          type        = "Service"
          identifiers = ["ecs-tasks.amazonaws.com"]
        }
      }
    }

    resource "aws_iam_role" "execution" {
      assume_role_policy = data.aws_iam_policy_document.trust.json
    }

    resource "aws_iam_role_policy" "pull" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" },
          { Effect = "Allow", Action = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], Resource = aws_ecr_repository.app.arn },
        ]
      })
    }

    resource "aws_ecr_repository" "app" { name = "app" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions    = jsonencode([{ name = "app", image = "${aws_ecr_repository.app.repository_url}:1" }])
    }
  }

  fail "another service is trusted" {
    resource "aws_iam_role" "execution" {
      assume_role_policy = jsonencode({ # fails
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs.amazonaws.com" } }]
      })
      managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"]
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
      }])
    }
  }

  fail "the policy was forgotten" {
    resource "aws_iam_role" "execution" {
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn # fails
      container_definitions = jsonencode([{
        name  = "app"
        image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
      }])
    }
  }

  fail "the log group's ARN does not cover its streams" {
    resource "aws_iam_role" "execution" {
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_iam_role_policy" "logs" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = aws_cloudwatch_log_group.app.arn
        }]
      })
    }

    resource "aws_cloudwatch_log_group" "app" { name = "/ecs/app" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn # fails
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options = {
            "awslogs-group"         = aws_cloudwatch_log_group.app.name
            "awslogs-region"        = "eu-west-1"
            "awslogs-stream-prefix" = "ecs"
          }
        }
      }])
    }
  }

  fail "the managed policy does not create log groups" {
    resource "aws_iam_role" "execution" {
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_iam_role_policy_attachment" "execution" {
      role       = aws_iam_role.execution.name
      policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn # fails
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        logConfiguration = {
          logDriver = "awslogs"
          options = {
            "awslogs-group"         = "/ecs/app"
            "awslogs-create-group"  = "true"
            "awslogs-region"        = "eu-west-1"
            "awslogs-stream-prefix" = "ecs"
          }
        }
      }])
    }
  }

  fail "the bucket of an environment file" {
    resource "aws_iam_role" "execution" {
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_iam_role_policy" "files" {
      role = aws_iam_role.execution.id
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::configuration/*" }]
      })
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn # fails
      container_definitions = jsonencode([{
        name             = "app"
        image            = "nginx:1.27"
        environmentFiles = [{ type = "s3", value = "arn:aws:s3:::configuration/app.env" }]
      }])
    }
  }

  fail "a permissions boundary takes away what the policy gives" {
    resource "aws_iam_policy" "boundary" {
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
      })
    }

    resource "aws_iam_role" "execution" {
      permissions_boundary = aws_iam_policy.boundary.arn
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_iam_role_policy_attachment" "execution" {
      role       = aws_iam_role.execution.name
      policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn # fails
      container_definitions = jsonencode([{
        name  = "app"
        image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
      }])
    }
  }

  unknown "the role lies outside" {
    data "aws_iam_role" "execution" { name = "ecsTaskExecutionRole" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = data.aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
      }])
    }
  }

  unknown "the role's policy lies outside" {
    resource "aws_iam_role" "execution" {
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
      })
    }

    resource "aws_iam_role_policy_attachment" "execution" {
      role       = aws_iam_role.execution.name
      policy_arn = "arn:aws:iam::123456789012:policy/our-execution-policy"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions = jsonencode([{
        name  = "app"
        image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
      }])
    }
  }

  not_applicable "no role is named, which is another rule's matter" {
    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions = jsonencode([{
        name  = "app"
        image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
      }])
    }
  }

  not_applicable "nothing needs the role that is named" {
    resource "aws_iam_role" "execution" {
      assume_role_policy = "{}"
    }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      execution_role_arn       = aws_iam_role.execution.arn
      container_definitions    = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }
  }
}
