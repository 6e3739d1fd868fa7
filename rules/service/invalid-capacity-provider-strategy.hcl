rule "service" "invalid-capacity-provider-strategy" {
  summary   = "A capacity provider strategy is one that ECS accepts, of providers that the cluster has."
  severity  = "high"
  remedy    = "Give FARGATE and FARGATE_SPOT weights from 0 to 1000, one of them above 0, and a base to at most one; list both in aws_ecs_cluster_capacity_providers of the cluster."
  rationale = <<-EOT
    ECS checks a strategy when the service is made. Weights are 0 where none is
    written, and a strategy of zeros places no task, also where it has one
    provider alone. FARGATE and FARGATE_SPOT exist in every account, and a cluster
    uses those of its list alone: a service that Terraform makes before
    aws_ecs_cluster_capacity_providers gives the cluster its list may fail.

    FARGATE_SPOT runs Linux on both architectures, and no Windows.
  EOT
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
  ]

  when = service.has_strategy

  assert {
    condition     = anytrue([for item in service.capacity_provider_strategy : item.weight > 0])
    error_message = "No capacity provider of ${service} has a weight above 0, so no task is placed."
    at            = service.capacity_provider_strategy
  }

  assert {
    condition     = length([for item in service.capacity_provider_strategy : item if item.base > 0]) <= 1
    error_message = "More than one capacity provider of ${service} has a base."
    at            = service.capacity_provider_strategy
  }

  assert {
    condition     = length(service.capacity_provider_strategy) <= 20
    error_message = "${service} has more than 20 capacity providers."
    at            = service.capacity_provider_strategy
  }

  assert {
    condition = anytrue([
      alltrue(service.capacity_provider_strategy[*].fargate),
      !anytrue(service.capacity_provider_strategy[*].fargate),
    ])
    error_message = "${service} mixes Fargate with groups of instances; a strategy has one kind of provider."
    at            = service.capacity_provider_strategy
  }

  assert {
    for_each      = service.capacity_provider_strategy
    condition     = each.value.weight >= 0 && each.value.weight <= 1000 && each.value.base >= 0 && each.value.base <= 100000
    error_message = "${each.value.provider} has weight ${each.value.weight} and base ${each.value.base}; weights are 0 to 1000, bases 0 to 100000."
    at            = each.value.weight
  }

  assert {
    for_each      = [for item in service.capacity_provider_strategy : item if item.fargate]
    condition     = service.cluster == null || contains(service.cluster.capacity_providers, each.value.provider)
    error_message = "${service} uses ${each.value.provider}, which ${service.cluster} does not have among its capacity providers."
    at            = each.value.provider
    remedy        = "Add ${each.value.provider} to the capacity_providers of the cluster."
  }

  assert {
    for_each      = [for item in service.capacity_provider_strategy : item if item.fargate]
    condition     = each.value.provider != "FARGATE_SPOT" || !service.windows
    error_message = "${service} runs Windows on FARGATE_SPOT, which has Linux alone."
    remedy        = "Use FARGATE for tasks on Windows."
    at            = each.value.provider
  }

  assert {
    for_each      = service.cluster.capacity_provider_associations
    condition     = depends(service, each.value)
    error_message = "${service} does not wait for ${each.value}, which gives the cluster its capacity providers."
    remedy        = "${to_wait(service, [each.value])}"
    severity      = "medium"
  }

  pass "Spot beyond a base" {
    source = "fglint:private-service"

    resource "aws_ecs_cluster_capacity_providers" "main" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = ["FARGATE", "FARGATE_SPOT"]
    }

    resource "aws_ecs_task_definition" "app" {
      runtime_platform { cpu_architecture = "ARM64" }
    }

    resource "aws_ecs_service" "app" {
      launch_type = null
      depends_on  = [aws_ecs_cluster_capacity_providers.main]

      capacity_provider_strategy {
        capacity_provider = "FARGATE"
        base              = 2
        weight            = 1
      }

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 3
      }
    }
  }

  pass "the cluster's default" {
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
      cluster     = aws_ecs_cluster_capacity_providers.main.cluster_name
    }
  }

  pass "an older provider keeps it in the cluster" {
    resource "aws_ecs_cluster" "main" {
      name               = "main"
      capacity_providers = ["FARGATE"]
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn

      capacity_provider_strategy {
        capacity_provider = "FARGATE"
        weight            = 1
      }
    }

    resource "aws_ecs_task_definition" "app" {
      family                = "app"
      container_definitions = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }
  }

  fail "no weight, and two bases" {
    resource "aws_ecs_cluster" "main" { name = "main" }

    resource "aws_ecs_cluster_capacity_providers" "main" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = ["FARGATE", "FARGATE_SPOT"]
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = aws_ecs_cluster_capacity_providers.main.cluster_name
      task_definition = aws_ecs_task_definition.app.arn

      capacity_provider_strategy { # fails
        capacity_provider = "FARGATE"
        base              = 1
      }

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        base              = 1
      }
    }

    resource "aws_ecs_task_definition" "app" {
      family                = "app"
      container_definitions = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }
  }

  fail "a weight out of bounds" {
    source = "fglint:private-service"

    resource "aws_ecs_cluster_capacity_providers" "main" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = ["FARGATE"]
    }

    resource "aws_ecs_service" "app" {
      launch_type = null
      depends_on  = [aws_ecs_cluster_capacity_providers.main]

      capacity_provider_strategy {
        capacity_provider = "FARGATE"
        weight            = 1001 # fails
      }
    }
  }

  fail "twenty-one providers, Fargate among instances" {
    source = "fglint:private-service"

    resource "aws_ecs_cluster_capacity_providers" "main" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = ["FARGATE"]
    }

    resource "aws_ecs_service" "app" {
      launch_type = null
      depends_on  = [aws_ecs_cluster_capacity_providers.main]

      dynamic "capacity_provider_strategy" {
        for_each = concat(["FARGATE"], [for number in range(20) : "instances-${number}"])
        content { # fails
          capacity_provider = capacity_provider_strategy.value
          weight            = 1
        }
      }
    }
  }

  fail "the cluster lacks Spot" {
    source = "fglint:private-service"

    resource "aws_ecs_cluster_capacity_providers" "main" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = ["FARGATE"]
    }

    resource "aws_ecs_service" "app" {
      launch_type = null
      depends_on  = [aws_ecs_cluster_capacity_providers.main]

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT" # fails
        weight            = 1
      }
    }
  }

  fail "Windows on Spot" {
    source = "fglint:private-service"

    resource "aws_ecs_cluster_capacity_providers" "main" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = ["FARGATE", "FARGATE_SPOT"]
    }

    resource "aws_ecs_task_definition" "app" {
      runtime_platform { operating_system_family = "WINDOWS_SERVER_2022_CORE" }
    }

    resource "aws_ecs_service" "app" {
      launch_type = null
      depends_on  = [aws_ecs_cluster_capacity_providers.main]

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT" # fails
        weight            = 1
      }
    }
  }

  fail "nothing leads to the cluster's providers" {
    source = "fglint:private-service"

    removed { from = aws_ecs_service.app }

    resource "aws_ecs_cluster_capacity_providers" "main" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = ["FARGATE"]
    }

    resource "aws_ecs_service" "app" { # fails
      name            = "shop"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.app.arn

      capacity_provider_strategy {
        capacity_provider = "FARGATE"
        weight            = 1
      }
    }
  }

  unknown "nothing says which providers the cluster has" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      launch_type = null

      capacity_provider_strategy {
        capacity_provider = "FARGATE"
        weight            = 1
      }
    }
  }

  unknown "the cluster lies outside" {
    source = "fglint:private-service"

    data "aws_ecs_cluster" "shared" { cluster_name = "shared" }

    resource "aws_ecs_service" "app" {
      cluster     = data.aws_ecs_cluster.shared.arn
      launch_type = null

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }
  }

  unknown "the weight is the caller's choice" {
    source = "fglint:private-service"

    variable "weight" { type = number }

    resource "aws_ecs_cluster_capacity_providers" "main" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = ["FARGATE"]
    }

    resource "aws_ecs_service" "app" {
      launch_type = null
      depends_on  = [aws_ecs_cluster_capacity_providers.main]

      capacity_provider_strategy {
        capacity_provider = "FARGATE"
        weight            = var.weight
      }
    }
  }

  not_applicable "a launch type" {
    source = "fglint:private-service"
  }
}
