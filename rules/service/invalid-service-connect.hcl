rule "service" "invalid-service-connect" {
  summary   = "Service Connect offers ports that the task has, under one name each, in a namespace."
  severity  = "high"
  remedy    = "Name the port mapping as port_name says, give each service block one client_alias, and name a namespace in the service or in service_connect_defaults of the cluster."
  rationale = <<-EOT
    ECS checks Service Connect when it makes the service: port_name is the name
    of a port mapping in the task definition, each offered port has exactly one
    client_alias, and there is a namespace. A time limit for requests needs a
    protocol that has requests, so the mapping says appProtocol; without it
    Service Connect carries plain TCP and counts no requests.
  EOT
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html",
  ]

  when = service.connected

  assert {
    condition     = service.has_connect_namespace
    error_message = "${service} uses Service Connect without a namespace, and ${service.cluster} has no default one."
    at            = service.has_connect_namespace
  }

  assert {
    for_each      = service.connect_services
    condition     = each.value.port_exists
    error_message = "${service} offers the port ${each.value.port_name}, and no container of ${service.task_definition} has a port mapping of that name."
    at            = each.value.port_name
  }

  assert {
    for_each      = service.connect_services
    condition     = each.value.alias_count == 1
    error_message = "${service} offers the port ${each.value.port_name} under ${each.value.alias_count} names (client_alias); ECS takes exactly one."
    at            = each.value.alias_count
  }

  assert {
    for_each      = service.connect_services
    condition     = each.value.request_timeout == null || each.value.application_protocol != null
    error_message = "${service} limits the time of requests to ${each.value.port_name}, whose port mapping has no appProtocol: plain TCP has no requests."
    remedy        = "Set appProtocol in the port mapping, or remove per_request_timeout_seconds."
    at            = each.value.request_timeout
  }

  assert {
    for_each      = [for offered in service.connect_services : offered if offered.tls]
    condition     = each.value.tls_role && each.value.tls_authority
    error_message = "${service} encrypts ${each.value.port_name} without ${each.value.tls_role ? "an authority that issues certificates" : "a role by which ECS gets certificates"}."
    remedy        = "Give the tls block role_arn and issuer_cert_authority."
    at            = each.value.tls
  }

  assert {
    for_each      = service.connect_services
    condition     = each.value.application_protocol != null
    error_message = "${service} offers ${each.value.port_name}, whose port mapping has no appProtocol, so Service Connect counts no requests."
    remedy        = "Set appProtocol = \"http\", \"http2\" or \"grpc\" in the port mapping, unless it is another protocol."
    at            = each.value.port_name
    severity      = "low"
  }

  pass "a port with a name and a protocol" {
    source = "fglint:private-service"

    resource "aws_service_discovery_http_namespace" "main" { name = "shop" }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "nginx:1.27"
        portMappings = [{ name = "http", containerPort = 8080, appProtocol = "http" }]
      }])
    }

    resource "aws_ecs_service" "app" {
      service_connect_configuration {
        enabled   = true
        namespace = aws_service_discovery_http_namespace.main.arn

        service {
          port_name = "http"
          client_alias { port = 80 }
          timeout { per_request_timeout_seconds = 15 }
          tls {
            role_arn = "arn:aws:iam::123456789012:role/connect"
            issuer_cert_authority {
              aws_pca_authority_arn = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/0123"
            }
          }
        }
      }
    }
  }

  pass "a client in the cluster's namespace" {
    source = "fglint:private-service"

    resource "aws_service_discovery_http_namespace" "main" { name = "shop" }

    resource "aws_ecs_cluster" "main" {
      service_connect_defaults {
        namespace = aws_service_discovery_http_namespace.main.arn
      }
    }

    resource "aws_ecs_service" "app" {
      service_connect_configuration { enabled = true }
    }
  }

  fail "no namespace" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      service_connect_configuration { # fails
        enabled = true
      }
    }
  }

  fail "another name, two aliases, no protocol" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        portMappings = [
          { name = "web", containerPort = 8080, appProtocol = "http" },
          { name = "raw", containerPort = 9090 },
        ]
      }])
    }

    resource "aws_ecs_service" "app" {
      service_connect_configuration {
        enabled   = true
        namespace = "shop"

        service {
          port_name = "http" # fails
          client_alias { port = 80 }
        }

        service { # fails
          port_name = "web"
        }

        service {
          port_name = "raw" # fails
          client_alias { port = 90 }
          timeout { per_request_timeout_seconds = 15 } # fails
        }
      }
    }
  }

  fail "certificates without a role" {
    source = "fglint:private-service"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "nginx:1.27"
        portMappings = [{ name = "http", containerPort = 8080, appProtocol = "http" }]
      }])
    }

    resource "aws_ecs_service" "app" {
      service_connect_configuration {
        enabled   = true
        namespace = "shop"

        service {
          port_name = "http"
          client_alias { port = 80 }
          tls { # fails
            issuer_cert_authority {
              aws_pca_authority_arn = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/0123"
            }
          }
        }
      }
    }
  }

  unknown "the task definition lies outside" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = "app:1"

      service_connect_configuration {
        enabled   = true
        namespace = "shop"

        service {
          port_name = "http"
          client_alias { port = 80 }
        }
      }
    }
  }

  not_applicable "it is off" {
    source = "fglint:private-service"

    resource "aws_ecs_service" "app" {
      service_connect_configuration { enabled = false }
    }
  }
}
