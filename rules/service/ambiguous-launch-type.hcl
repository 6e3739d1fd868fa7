rule "service" "ambiguous-launch-type" {
  summary    = "A service has a launch type or a capacity provider strategy, and does not become an EC2 service by silence."
  severity   = "high"
  remedy     = "Set launch_type = \"FARGATE\" and no capacity_provider_strategy, or the strategy alone."
  rationale  = <<-EOT
    ECS takes either a launch type or a capacity provider strategy; both together
    are refused when the service is made. With neither, and without a default
    strategy of the cluster, the launch type is EC2: a task definition that
    requires Fargate is then incompatible with the service.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html"]

  when = !service.managed_edge

  assert {
    condition     = service.launch_type == null || !service.states_strategy
    error_message = "${service} has the launch type ${service.launch_type} and a capacity_provider_strategy; ECS takes one of them."
    remedy        = "Remove launch_type where the strategy is meant, else the strategy."
    at            = service.launch_type
  }

  assert {
    condition     = service.launch_type != null || service.has_strategy || !service.requires_fargate
    error_message = "${service} has no launch type and no strategy, so it becomes an EC2 service, but ${service.task_definition} requires Fargate."
    at            = service.launch_type

    fix {
      set    = { launch_type = "FARGATE" }
      safety = "safe"
    }
  }

  pass "the launch type alone" {
    source = "fglint:private-service"
  }

  pass "a strategy alone" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      launch_type = null

      capacity_provider_strategy {
        capacity_provider = "FARGATE"
        weight            = 1
      }
    }
  }

  pass "the cluster's default strategy" {
    source = "fglint:private-service"

    resource "aws_ecs_cluster_capacity_providers" "main" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = ["FARGATE"]

      default_capacity_provider_strategy {
        capacity_provider = "FARGATE"
        weight            = 1
      }
    }

    resource "aws_ecs_service" "app" {
      launch_type = null
    }
  }

  pass "a task definition that runs on instances, too" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      requires_compatibilities = ["EC2", "FARGATE"]
    }

    resource "aws_ecs_service" "app" {
      launch_type = null
    }
  }

  fail "both" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      launch_type = "FARGATE" # fails

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }
  }

  fail "neither, in a cluster without a default" {
    resource "aws_ecs_cluster" "main" { name = "main" }

    resource "aws_ecs_task_definition" "app" {
      family                   = "app"
      requires_compatibilities = ["FARGATE"]
      container_definitions    = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }

    resource "aws_ecs_service" "app" { # fails
      name            = "app"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn
    }
  }

  unknown "the cluster lies outside" {
    source = "fglint:private-service"

    data "aws_ecs_cluster" "shared" { cluster_name = "shared" }

    resource "aws_ecs_service" "app" {
      launch_type = null
      cluster     = data.aws_ecs_cluster.shared.arn
    }
  }

  unknown "whether there is a strategy is the caller's choice" {
    source = "fglint:private-service"

    variable "strategy" { type = map(number) }

    resource "aws_ecs_service" "app" {
      dynamic "capacity_provider_strategy" {
        for_each = var.strategy
        content {
          capacity_provider = capacity_provider_strategy.key
          weight            = capacity_provider_strategy.value
        }
      }
    }
  }

  not_applicable "Express Mode runs on Fargate" {
    resource "aws_ecs_express_gateway_service" "app" {
      execution_role_arn      = "arn:aws:iam::123456789012:role/execution"
      infrastructure_role_arn = "arn:aws:iam::123456789012:role/infrastructure"

      primary_container {
        image = "nginx:1.27"
      }
    }
  }
}
