rule "load_balancer_binding" "blocked-load-balancer-path" {
  summary   = "Security groups let the load balancer reach the tasks on their port, and nothing else."
  severity  = "high"
  rationale = <<-EOT
    A request passes two security groups: that of the load balancer has to let it out, that of the
    tasks has to let it in. Where either does not, all targets are unhealthy and ECS replaces tasks
    without end. Terraform takes away the egress that AWS gives a new security group, so that a group
    without an egress rule lets nothing out; and a TCP rule from port 0 to port 0 is for port 0 alone.

    A Network Load Balancer without security groups reaches the tasks from its own private addresses,
    unless client addresses are preserved.
  EOT
  remedy    = "Let the load balancer's security group out to the container's port, and let it in on that port in the security group of the tasks."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/networking-connecting-services.html",
  ]
  same_as    = ["EC2.18", "EC2.19"]
  supersedes = ["open-task-ingress"]

  locals {
    binding = load_balancer_binding
    service = load_balancer_binding.service
    port    = load_balancer_binding.container_port

    # What a snippet names.
    shut_tasks     = load_balancer_binding.shut_task_group
    shut_balancer  = load_balancer_binding.shut_balancer_group
    task_group     = load_balancer_binding.task_group
    balancer_group = load_balancer_binding.balancer_group

    # Which group is shut.
    shut_in  = load_balancer_binding.shut_task_group == null ? [] : ["${load_balancer_binding.shut_task_group.address} does not let it in"]
    shut_out = load_balancer_binding.shut_balancer_group == null ? [] : ["${load_balancer_binding.shut_balancer_group.address} does not let it out"]
    shut     = length(concat(local.shut_in, local.shut_out)) == 0 ? "" : ": ${join(", and ", concat(local.shut_in, local.shut_out))}"

    # A group that the load balancer shares with the tasks cannot name itself as another one.
    balancer_address = load_balancer_binding.balancer_group == null ? "" : load_balancer_binding.balancer_group.address
  }

  when = alltrue([
    load_balancer_binding.service.fargate,
    load_balancer_binding.service.has_network_configuration,
    !load_balancer_binding.classic,
  ])

  assert {
    condition     = local.binding.path_open
    error_message = "Security groups keep the load balancer of ${local.service} from port ${local.port} of its tasks${local.shut}."
    at            = load_balancer_binding.container_port

    # The way in, and the way out, as the groups write their other rules.
    fix {
      of     = local.shut_tasks
      create = "aws_vpc_security_group_ingress_rule.from_load_balancer"
      set = {
        security_group_id            = local.shut_tasks
        referenced_security_group_id = local.balancer_group
        ip_protocol                  = "tcp"
        from_port                    = local.port
        to_port                      = local.port
      }
      when   = local.shut_tasks != null && local.balancer_group != null && !local.shut_tasks.inline
      safety = "manual"
    }

    fix {
      of = local.shut_tasks
      add = {
        ingress = {
          protocol        = "tcp"
          from_port       = local.port
          to_port         = local.port
          security_groups = [local.balancer_group]
        }
      }
      when   = local.shut_tasks != null && local.balancer_group != null && local.shut_tasks.inline && local.shut_tasks.address != local.balancer_address
      safety = "manual"
    }

    fix {
      of     = local.shut_balancer
      create = "aws_vpc_security_group_egress_rule.to_tasks"
      set = {
        security_group_id            = local.shut_balancer
        referenced_security_group_id = local.task_group
        ip_protocol                  = "tcp"
        from_port                    = local.port
        to_port                      = local.port
      }
      when   = local.shut_balancer != null && local.task_group != null && !local.shut_balancer.inline
      safety = "manual"
    }

    fix {
      of = local.shut_balancer
      add = {
        egress = {
          protocol        = "tcp"
          from_port       = local.port
          to_port         = local.port
          security_groups = [local.task_group]
        }
      }
      when   = local.shut_balancer != null && local.task_group != null && local.shut_balancer.inline && local.shut_balancer.address != local.task_group.address
      safety = "manual"
    }
  }

  assert {
    condition     = local.binding.health_check_open
    error_message = "Security groups keep the load balancer of ${local.service} from the port of the health check of ${local.binding.target_group}."
    at            = load_balancer_binding.target_group
    remedy        = "Let the load balancer reach the port of the health check, too, or check the port of the traffic."
  }

  assert {
    condition     = local.binding.clients_let_in
    error_message = "No security group of the load balancer of ${local.service} lets clients in on the port of its listener."
    at            = load_balancer_binding.target_group
    remedy        = "Let clients in on the listener's port in the load balancer's security group."
  }

  assert {
    for_each      = local.binding.task_ingress
    condition     = !each.value.open || local.binding.keeps_client_addresses
    error_message = "${each.value.security_group} lets the whole internet (${each.value.cidr}) reach port ${local.port} of the tasks of ${local.service}, past the load balancer."
    at            = each.value.open
    remedy        = "%{if local.balancer_address == each.value.security_group.address}Give the load balancer a security group of its own, and name that as the source, not a CIDR block.%{else}Name the load balancer's security group as the source, not a CIDR block.%{endif}"

    fix {
      of     = each.value.security_group
      create = "aws_vpc_security_group_ingress_rule.from_load_balancer"
      set = {
        security_group_id            = each.value.security_group
        referenced_security_group_id = local.balancer_group
        ip_protocol                  = "tcp"
        from_port                    = local.port
        to_port                      = local.port
      }
      when   = local.balancer_group != null && local.balancer_address != each.value.security_group.address && each.value.security_group.in_configuration && !each.value.security_group.inline
      safety = "manual"
    }

    fix {
      of = each.value.security_group
      add = {
        ingress = {
          protocol        = "tcp"
          from_port       = local.port
          to_port         = local.port
          security_groups = [local.balancer_group]
        }
      }
      when   = local.balancer_group != null && local.balancer_address != each.value.security_group.address && each.value.security_group.in_configuration && each.value.security_group.inline
      safety = "manual"
    }
  }

  assert {
    for_each      = local.binding.task_ingress
    condition     = anytrue([each.value.open, !each.value.whole_vpc, !local.binding.behind_application_load_balancer])
    error_message = "${each.value.security_group} lets the whole VPC (${each.value.cidr}) reach port ${local.port} of the tasks of ${local.service}, past the load balancer."
    at            = each.value.open
    severity      = "medium"
    remedy        = "%{if local.balancer_address == each.value.security_group.address}Give the load balancer a security group of its own, and name that as the source, not a CIDR block.%{else}Name the load balancer's security group as the source, not a CIDR block.%{endif}"

    fix {
      of     = each.value.security_group
      create = "aws_vpc_security_group_ingress_rule.from_load_balancer"
      set = {
        security_group_id            = each.value.security_group
        referenced_security_group_id = local.balancer_group
        ip_protocol                  = "tcp"
        from_port                    = local.port
        to_port                      = local.port
      }
      when   = local.balancer_group != null && local.balancer_address != each.value.security_group.address && each.value.security_group.in_configuration && !each.value.security_group.inline
      safety = "manual"
    }

    fix {
      of = each.value.security_group
      add = {
        ingress = {
          protocol        = "tcp"
          from_port       = local.port
          to_port         = local.port
          security_groups = [local.balancer_group]
        }
      }
      when   = local.balancer_group != null && local.balancer_address != each.value.security_group.address && each.value.security_group.in_configuration && each.value.security_group.inline
      safety = "manual"
    }
  }

  pass "by security groups" {
    source = "fglint:private-service"
  }

  pass "a Network Load Balancer without security groups" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "network"
      security_groups    = null
    }

    resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
      referenced_security_group_id = null
      cidr_ipv4                    = aws_vpc.main.cidr_block
    }
  }

  pass "client addresses are preserved" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "network"
      security_groups    = null
    }

    resource "aws_lb_target_group" "app" {
      protocol           = "TCP"
      preserve_client_ip = true
    }

    resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
      referenced_security_group_id = null
      cidr_ipv4                    = "0.0.0.0/0"
    }
  }

  pass "by a prefix list of the load balancer's subnets" {
    source = "fglint:private-service"

    resource "aws_ec2_managed_prefix_list" "load_balancer" {
      name           = "load-balancer"
      address_family = "IPv4"
      max_entries    = 2

      dynamic "entry" {
        for_each = aws_subnet.public

        content {
          cidr = entry.value.cidr_block
        }
      }
    }

    resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
      referenced_security_group_id = null
      prefix_list_id               = aws_ec2_managed_prefix_list.load_balancer.id
    }
  }

  fail "the tasks let in another port" {
    source = "fglint:private-service"

    resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
      from_port = 80
      to_port   = 80
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080 # fails
      }
    }
  }

  fail "the load balancer has no egress" {
    source = "fglint:private-service"

    removed { from = aws_vpc_security_group_egress_rule.to_task }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080 # fails
      }
    }
  }

  fail "TCP from port 0 to port 0" {
    source = "fglint:private-service"

    resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
      from_port = 0
      to_port   = 0
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080 # fails
      }
    }
  }

  fail "the health check has a port of its own" {
    source = "fglint:private-service"

    resource "aws_lb_target_group" "app" {
      health_check {
        path = "/health"
        port = "9000"
      }
    }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn # fails
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "the load balancer lets no client in" {
    source = "fglint:private-service"

    removed { from = aws_vpc_security_group_ingress_rule.https }

    resource "aws_ecs_service" "app" {
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn # fails
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "the whole internet may reach the tasks" {
    source = "fglint:private-service"

    resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
      referenced_security_group_id = null
      cidr_ipv4                    = "0.0.0.0/0" # fails
    }
  }

  fail "the whole VPC may reach the tasks" {
    source = "fglint:private-service"

    resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
      referenced_security_group_id = null
      cidr_ipv4                    = aws_vpc.main.cidr_block # fails
    }
  }

  unknown "the security group of the tasks lies outside" {
    source = "fglint:private-service"

    variable "security_group_id" {
      type = string
    }

    resource "aws_ecs_service" "app" {
      network_configuration {
        subnets         = aws_subnet.private[*].id
        security_groups = [var.security_group_id]
      }
    }
  }

  unknown "the source is the caller's choice" {
    source = "fglint:private-service"

    variable "source_cidr" {
      type = string
    }

    resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
      referenced_security_group_id = null
      cidr_ipv4                    = var.source_cidr
    }
  }

  not_applicable "no load balancer" {
    source = "fglint:endpoint-service"
  }
}
