rule "service" "inconsistent-deployment-controller" {
  summary   = "A service has what its deployment controller, or its strategy, needs to switch traffic."
  severity  = "high"
  remedy    = "Give the controller what it needs, or leave deployments to ECS with the strategy ROLLING."
  rationale = <<-EOT
    CodeDeploy switches one load_balancer block between the two target groups of
    a deployment group, and changes the service's task definition and target
    group itself: Terraform must ignore both, or the next apply fails. A circuit
    breaker is for rolling deployments alone.

    With EXTERNAL, task sets name the task definition and the target group, and
    the service must not.

    The strategies BLUE_GREEN, LINEAR and CANARY let ECS switch. It needs a second
    target group of type ip, the rule (of an Application Load Balancer) or the
    listener (of a Network Load Balancer) that it changes, and a role that may.
  EOT
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-external.html",
  ]

  locals {
    by_code_deploy = service.deployment_controller == "CODE_DEPLOY"
    by_task_sets   = service.deployment_controller == "EXTERNAL"
    switched       = service.deployment_controller == "ECS" && service.deployment_strategy != "ROLLING"
    ignores_all    = contains(service.ignored_changes, "*")
    ignored = alltrue([
      for name in ["task_definition", "load_balancer"] : local.ignores_all || contains(service.ignored_changes, name)
    ])
  }

  when = service.form == "service" && !service.rolling

  assert {
    condition     = !local.by_code_deploy || service.load_balancer_count == 1
    error_message = "CodeDeploy switches one load_balancer block, and ${service} has ${service.load_balancer_count}."
    at            = service.load_balancer_count
  }

  assert {
    condition     = !local.by_code_deploy || length(service.deployment_groups) > 0
    error_message = "CodeDeploy is to deploy ${service}, and no aws_codedeploy_deployment_group is for it."
    remedy        = "Add an aws_codedeploy_deployment_group with ecs_service and two target groups, or leave deployments to ECS."
    at            = service.deployment_controller
  }

  assert {
    for_each      = local.by_code_deploy ? service.deployment_groups : []
    condition     = each.value.style == "BLUE_GREEN" && each.value.traffic == "WITH_TRAFFIC_CONTROL"
    error_message = "${each.value} deploys ${each.value.style} ${each.value.traffic}; services take BLUE_GREEN WITH_TRAFFIC_CONTROL."
    remedy        = "Set deployment_style { deployment_type = \"BLUE_GREEN\", deployment_option = \"WITH_TRAFFIC_CONTROL\" }."
    at            = each.value.style
  }

  assert {
    for_each      = local.by_code_deploy ? service.deployment_groups : []
    condition     = each.value.target_group_count == 2
    error_message = "${each.value} has ${each.value.target_group_count} target groups to switch between; it takes two."
    remedy        = "Name two target groups in target_group_pair_info."
    at            = each.value.target_group_count
  }

  assert {
    for_each      = local.by_code_deploy ? service.deployment_groups : []
    condition     = each.value.platform == "ECS"
    error_message = "The application of ${each.value} deploys to ${each.value.platform}, not to ECS."
    remedy        = "Set compute_platform = \"ECS\" in the aws_codedeploy_app."
    at            = each.value.platform
  }

  assert {
    condition     = !local.by_code_deploy || local.ignored
    error_message = "CodeDeploy changes the task definition and the target group of ${service}, and Terraform would change them back."
    remedy        = "Add task_definition and load_balancer to ignore_changes in the lifecycle block of the service."
    at            = service.deployment_controller
  }

  assert {
    condition     = !local.by_code_deploy || !service.circuit_breaker
    error_message = "${service} has a circuit breaker, which CodeDeploy's deployments do not take."
    remedy        = "Remove deployment_circuit_breaker; roll back by auto_rollback_configuration of the deployment group."
    at            = service.circuit_breaker
  }

  assert {
    condition     = !local.by_task_sets || !service.names_task_definition
    error_message = "${service} leaves its deployments to task sets, and names a task definition itself."
    remedy        = "Name the task definition in aws_ecs_task_set alone."
    at            = service.task_definition
  }

  assert {
    condition     = !local.by_task_sets || service.load_balancer_count == 0
    error_message = "${service} leaves its deployments to task sets, and names a target group itself."
    remedy        = "Name the target group in aws_ecs_task_set alone."
    at            = service.load_balancer_count
  }

  assert {
    for_each      = local.switched ? service.load_balancers : []
    condition     = each.value.advanced_configuration != null
    error_message = "${service} deploys ${service.deployment_strategy}, and its load_balancer block names no second target group."
    remedy        = "Add advanced_configuration with alternate_target_group_arn, production_listener_rule and role_arn."
    at            = each.value.advanced_configuration
  }

  assert {
    for_each = local.switched ? [for each in service.load_balancers : each if each.advanced_configuration != null] : []
    condition = anytrue([
      each.value.advanced_configuration.production == "rule" && each.value.behind_application_load_balancer,
      each.value.advanced_configuration.production == "listener" && each.value.behind_network_load_balancer,
      !each.value.forwarded,
    ])
    error_message = "${service} lets ECS switch a ${each.value.advanced_configuration.production}; it takes the rule of an Application Load Balancer, and the listener of a Network Load Balancer."
    remedy        = "Set production_listener_rule to the ARN of the aws_lb_listener_rule, or of the aws_lb_listener of a Network Load Balancer."
    at            = each.value.advanced_configuration.production
  }

  assert {
    for_each      = local.switched ? [for each in service.load_balancers : each if each.advanced_configuration != null] : []
    condition     = each.value.advanced_configuration.alternate_target_group.target_type == "ip"
    error_message = "${each.value.advanced_configuration.alternate_target_group} is of type ${each.value.advanced_configuration.alternate_target_group.target_type}; tasks on Fargate are targets of type ip."
    remedy        = "Set target_type = \"ip\" in the second target group."
    at            = each.value.advanced_configuration.alternate_target_group
  }

  assert {
    for_each      = local.switched ? [for each in service.load_balancers : each if each.advanced_configuration != null] : []
    condition     = iam_allows(each.value.advanced_configuration.role, "elasticloadbalancing:RegisterTargets", each.value.advanced_configuration.target_group_arn)
    error_message = "${each.value.advanced_configuration.role} may not register targets with ${each.value.advanced_configuration.alternate_target_group}, by which ECS switches ${service}."
    remedy        = "Attach AmazonECSInfrastructureRolePolicyForLoadBalancers to the role."
    at            = each.value.advanced_configuration.role
  }

  pass "CodeDeploy" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "green" {
      name_prefix = "green-"
      target_type = "ip"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = aws_vpc.main.id
    }

    resource "aws_codedeploy_app" "app" {
      name             = "shop"
      compute_platform = "ECS"
    }

    resource "aws_codedeploy_deployment_group" "app" {
      app_name              = aws_codedeploy_app.app.name
      deployment_group_name = "shop"
      service_role_arn      = "arn:aws:iam::123456789012:role/codedeploy"

      deployment_style {
        deployment_type   = "BLUE_GREEN"
        deployment_option = "WITH_TRAFFIC_CONTROL"
      }

      ecs_service {
        cluster_name = aws_ecs_cluster.main.name
        service_name = aws_ecs_service.app.name
      }

      load_balancer_info {
        target_group_pair_info {
          prod_traffic_route { listener_arns = [aws_lb_listener.https.arn] }
          target_group { name = aws_lb_target_group.app.name }
          target_group { name = aws_lb_target_group.green.name }
        }
      }
    }

    resource "aws_ecs_service" "app" {
      deployment_controller { type = "CODE_DEPLOY" }
      lifecycle { ignore_changes = [task_definition, load_balancer] }
    }
  }

  pass "task sets" {
    resource "aws_ecs_service" "app" {
      name    = "app"
      cluster = "main"
      deployment_controller { type = "EXTERNAL" }
    }
  }

  pass "ECS switches between two target groups" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "green" {
      name_prefix = "green-"
      target_type = "ip"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = aws_vpc.main.id
    }

    resource "aws_lb_listener_rule" "app" {
      listener_arn = aws_lb_listener.https.arn

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        path_pattern { values = ["/*"] }
      }
    }

    resource "aws_iam_role" "switch" {
      assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs.amazonaws.com" } }] })
    }

    resource "aws_iam_role_policy_attachment" "switch" {
      role       = aws_iam_role.switch.name
      policy_arn = "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
    }

    resource "aws_ecs_service" "app" {
      deployment_configuration { strategy = "BLUE_GREEN" }

      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080

        advanced_configuration {
          alternate_target_group_arn = aws_lb_target_group.green.arn
          production_listener_rule   = aws_lb_listener_rule.app.arn
          role_arn                   = aws_iam_role.switch.arn
        }
      }
    }
  }

  fail "CodeDeploy without a deployment group, and nothing ignored" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      deployment_controller { type = "CODE_DEPLOY" } # fails

      deployment_circuit_breaker {
        enable   = true # fails
        rollback = true
      }
    }
  }

  fail "two blocks, one target group, for servers" {
    source = "fglint:private-service"

    resource "aws_codedeploy_app" "app" {
      name             = "shop"
      compute_platform = "Server" # fails
    }

    resource "aws_codedeploy_deployment_group" "app" { # fails
      app_name              = aws_codedeploy_app.app.name
      deployment_group_name = "shop"
      service_role_arn      = "arn:aws:iam::123456789012:role/codedeploy"

      ecs_service {
        cluster_name = aws_ecs_cluster.main.name
        service_name = aws_ecs_service.app.name
      }

      load_balancer_info {
        target_group_pair_info {
          prod_traffic_route { listener_arns = [aws_lb_listener.https.arn] }
          target_group { # fails
            name = aws_lb_target_group.app.name
          }
        }
      }
    }

    resource "aws_ecs_service" "app" {
      deployment_controller { type = "CODE_DEPLOY" }

      load_balancer { # fails
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }

      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 9090
      }

      lifecycle { ignore_changes = [task_definition, load_balancer] }
    }
  }

  fail "a service with task sets names what they name" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      task_definition = aws_ecs_task_definition.app.arn # fails
      deployment_controller { type = "EXTERNAL" }

      load_balancer { # fails
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "ECS has nothing to switch to" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      deployment_configuration { strategy = "BLUE_GREEN" }

      load_balancer { # fails
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "a listener, instances, and a role without a policy" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "green" {
      name_prefix = "green-"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = aws_vpc.main.id
    }

    resource "aws_iam_role" "switch" {
      assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs.amazonaws.com" } }] })
    }

    resource "aws_ecs_service" "app" {
      deployment_configuration { strategy = "CANARY" }

      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080

        advanced_configuration {
          alternate_target_group_arn = aws_lb_target_group.green.arn # fails
          production_listener_rule   = aws_lb_listener.https.arn     # fails
          role_arn                   = aws_iam_role.switch.arn       # fails
        }
      }
    }
  }

  unknown "the controller is the caller's choice" {
    source = "fglint:private-service"

    variable "controller" { type = string }

    resource "aws_ecs_service" "app" {
      deployment_controller { type = var.controller }
    }
  }

  unknown "the deployment group may lie with the target group" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      launch_type     = "FARGATE"
      task_definition = "app:1"
      deployment_controller { type = "CODE_DEPLOY" }

      load_balancer {
        target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/app/0123456789abcdef"
        container_name   = "app"
        container_port   = 8080
      }

      lifecycle { ignore_changes = [task_definition, load_balancer] }
    }
  }

  not_applicable "a rolling deployment" {
    source = "fglint:private-service"
  }
}
