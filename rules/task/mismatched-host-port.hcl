rule "container" "mismatched-host-port" {
  summary    = "A host port is left out, or is the container port."
  severity   = "high"
  remedy     = "Leave hostPort out."
  rationale  = <<-EOT
    A task on Fargate has one network interface of its own, and no host whose ports
    could be mapped: "When networkMode=awsvpc, the host ports and container ports in
    port mappings must match". The load balancer's `container_port` is then the
    container port.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html"]

  when = length(container.port_mappings) > 0

  assert {
    for_each      = container.port_mappings
    condition     = each.value.host_port == null || each.value.container_port == null || each.value.host_port == each.value.container_port
    error_message = "Container ${container} maps its port ${each.value.container_port} to ${each.value.host_port}."
    at            = each.value.host_port

    fix {
      of     = each.value
      remove = ["hostPort"]
      safety = "safe"
    }
  }

  pass "no host port" {
    source = "fglint:task"
  }

  pass "the same port" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "nginx:1.27"
        portMappings = [{ containerPort = 80, hostPort = 80 }]
      }])
    }
  }

  fail "any port of the host" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        portMappings = [{
          containerPort = 80
          hostPort      = 0 # fails
        }]
      }])
    }
  }

  unknown "the port comes from a variable" {
    source = "fglint:task"

    variable "port" { type = number }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "nginx:1.27"
        portMappings = [{ containerPort = 80, hostPort = var.port }]
      }])
    }
  }

  not_applicable "no ports" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "nginx:1.27" }])
    }
  }
}
