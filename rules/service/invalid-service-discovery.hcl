rule "service" "invalid-service-discovery" {
  summary    = "A service has an entry in Cloud Map that fits the records there."
  severity   = "high"
  default    = false
  remedy     = "Give an SRV record a port, or a container's name and port, and an A record neither; use health_check_custom_config in a private namespace of the service's own VPC."
  rationale  = <<-EOT
    ECS registers each task in Cloud Map. An SRV record says on which port it listens,
    which an A record cannot. A private namespace is seen in its VPC alone, and Route
    53 cannot check what it cannot reach: ECS tells the health of the tasks there.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html"]

  when = length(service.registries) > 0

  assert {
    condition     = length(service.registries) <= 1
    error_message = "${service} has ${length(service.registries)} entries in Cloud Map; ECS takes one."
    at            = service.registries
  }

  assert {
    for_each = service.registries
    condition = anytrue([
      !contains(each.value.record_types, "SRV"),
      each.value.port != null,
      each.value.container_name != null && each.value.container_port != null,
    ])
    error_message = "${service} registers in a service of Cloud Map with an SRV record, and does not say on which port it listens."
    at            = each.value.port
  }

  assert {
    for_each      = service.registries
    condition     = each.value.port == null || each.value.container_name == null && each.value.container_port == null
    error_message = "${service} says twice on which port it listens: by port, and by a container's."
    at            = each.value.port
  }

  assert {
    for_each = service.registries
    condition = anytrue([
      contains(each.value.record_types, "SRV"),
      length(each.value.record_types) == 0,
      each.value.port == null && each.value.container_name == null && each.value.container_port == null,
    ])
    error_message = "${service} registers in a service of Cloud Map with records of type ${join(", ", each.value.record_types)}, which take no port."
    at            = each.value.container_port
  }

  assert {
    for_each      = service.registries
    condition     = each.value.in_vpc_of_service
    error_message = "${service} registers in a private namespace of another VPC than its tasks'."
    at            = each.value.in_vpc_of_service
  }

  assert {
    for_each      = service.registries
    condition     = each.value.namespace_kind != "private" || !each.value.checked_from_outside
    error_message = "${service} registers in a private namespace whose health Route 53 is to check, which it cannot reach."
    at            = each.value.checked_from_outside
  }

  pass "an A record" {
    source = "fglint:private-service"

    resource "aws_service_discovery_private_dns_namespace" "main" {
      name = "shop.internal"
      vpc  = aws_vpc.main.id
    }

    resource "aws_service_discovery_service" "app" {
      name = "app"

      dns_config {
        namespace_id = aws_service_discovery_private_dns_namespace.main.id
        dns_records {
          ttl  = 10
          type = "A"
        }
      }

      health_check_custom_config {}
    }

    resource "aws_ecs_service" "app" {
      service_registries {
        registry_arn = aws_service_discovery_service.app.arn
      }
    }
  }

  fail "an SRV record without a port, checked from outside, in another VPC" {
    source = "fglint:private-service"

    resource "aws_vpc" "other" { cidr_block = "10.1.0.0/16" }

    resource "aws_service_discovery_private_dns_namespace" "main" {
      name = "shop.internal"
      vpc  = aws_vpc.other.id
    }

    resource "aws_service_discovery_service" "app" {
      name = "app"

      dns_config {
        namespace_id = aws_service_discovery_private_dns_namespace.main.id
        dns_records {
          ttl  = 10
          type = "SRV"
        }
      }

      health_check_config {
        type = "HTTP"
      }
    }

    resource "aws_ecs_service" "app" {
      service_registries { # fails
        registry_arn = aws_service_discovery_service.app.arn
      }
    }
  }

  fail "an A record with ports, twice" {
    source = "fglint:private-service"

    resource "aws_service_discovery_private_dns_namespace" "main" {
      name = "shop.internal"
      vpc  = aws_vpc.main.id
    }

    resource "aws_service_discovery_service" "app" {
      name = "app"

      dns_config {
        namespace_id = aws_service_discovery_private_dns_namespace.main.id
        dns_records {
          ttl  = 10
          type = "A"
        }
      }
    }

    resource "aws_ecs_service" "app" {
      service_registries { # fails
        registry_arn   = aws_service_discovery_service.app.arn
        port           = 8080 # fails
        container_name = "app"
        container_port = 8080 # fails
      }

      service_registries {
        registry_arn = aws_service_discovery_service.app.arn
      }
    }
  }

  unknown "the service of Cloud Map lies outside" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      service_registries {
        registry_arn = "arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-0123456789abcdef"
      }
    }
  }

  not_applicable "no entry" {
    source = "fglint:private-service"
  }
}
