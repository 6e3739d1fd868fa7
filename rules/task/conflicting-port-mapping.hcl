rule "task" "conflicting-port-mapping" {
  summary    = "Port mappings are valid, and no two containers of a task claim one port."
  severity   = "high"
  remedy     = "Give each container of the task a port of its own."
  rationale  = <<-EOT
    All containers of a task share one network interface, so that a port and
    protocol can be claimed once. The ports 51678 to 51680, which the agent of a
    container instance takes, are free on Fargate.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html"]

  assert {
    for_each      = task.port_conflicts
    condition     = false
    error_message = "In ${task}, ${each.value}."
    at            = each.value.text
  }

  assert {
    for_each      = task.ports
    condition     = each.value.container_port == null || (each.value.container_port >= 1 && each.value.container_port <= 65535)
    error_message = "A port is 1 to 65535, not ${each.value.container_port}."
    at            = each.value.container_port
    remedy        = "Correct the port."
  }

  assert {
    for_each      = task.ports
    condition     = (each.value.container_port == null) != (each.value.range == null)
    error_message = "A port mapping has containerPort or containerPortRange, one of them."
    at            = each.value.range
    remedy        = "Leave one of the two out."
  }

  assert {
    for_each      = task.ports
    condition     = contains(["tcp", "udp"], each.value.protocol)
    error_message = "The protocol of port ${each.value.container_port} is ${each.value.protocol}; it is tcp or udp, in small letters."
    at            = each.value.protocol
    remedy        = "Write tcp or udp."
  }

  assert {
    for_each      = task.ports
    condition     = each.value.application_protocol == null || contains(["http", "http2", "grpc"], each.value.application_protocol)
    error_message = "The appProtocol of port ${each.value.container_port} is ${each.value.application_protocol}; it is http, http2 or grpc."
    at            = each.value.application_protocol
    remedy        = "Write http, http2 or grpc, or leave it out for TCP."
  }

  assert {
    for_each      = [for port in task.ports : port if port.name != null]
    condition     = length(regexall("^[a-z0-9_][a-z0-9_-]{0,63}$", each.value.name)) > 0
    error_message = "The port name ${each.value.name} has more than small letters, digits, underscores and hyphens."
    at            = each.value.name
    remedy        = "Rename the port."
  }

  pass "one port" {
    source = "fglint:task"
  }

  pass "one number, two protocols" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        { name = "app", image = "app:1", portMappings = [{ containerPort = 53, protocol = "tcp" }] },
        { name = "dns", image = "dns:1", portMappings = [{ containerPort = 53, protocol = "udp" }] },
      ])
    }
  }

  fail "two containers, one port" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        {
          name         = "app"
          image        = "app:1"
          portMappings = [{ containerPort = 8080 }]
        },
        {
          name         = "proxy"
          image        = "proxy:1"
          portMappings = [{ containerPort = 8080 }] # fails
        },
      ])
    }
  }

  fail "a range over a port" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        portMappings = [
          { containerPort = 8080 },
          { containerPortRange = "8000-8100" }, # fails
        ]
      }])
    }
  }

  fail "no such port, protocol, application protocol and name" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "app:1"
        portMappings = [
          { containerPort = 80800 },                            # fails
          { containerPort = 81, protocol = "TCP" },             # fails
          { containerPort = 82, appProtocol = "https" },        # fails
          { containerPort = 83, name = "Web" },                 # fails
          { containerPort = 84, containerPortRange = "90-91" }, # fails
        ]
      }])
    }
  }

  unknown "a port from a variable" {
    source = "fglint:task"

    variable "port" { type = number }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name         = "app"
        image        = "app:1"
        portMappings = [{ containerPort = var.port }]
      }])
    }
  }

  not_applicable "no ports" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{ name = "app", image = "app:1" }])
    }
  }
}
