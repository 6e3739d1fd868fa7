# source: terraform-aws-modules/alb/aws
#
# What the module's page "Inputs" and "Outputs" determine: listeners and target groups as maps since
# version 9, as lists before.

variable "create" { default = true }
variable "create_lb" { default = true }
variable "name" { default = null }
variable "load_balancer_type" { default = "application" }
variable "internal" { default = false }
variable "vpc_id" {}
variable "subnets" {}
variable "security_groups" { default = [] }
variable "create_security_group" { default = true }
variable "security_group_ingress_rules" { default = {} }
variable "security_group_egress_rules" { default = {} }
variable "security_group_rules" {} # of version 8
variable "listeners" { default = {} }
variable "target_groups" { default = {} }
variable "http_tcp_listeners" { default = [] }
variable "https_listeners" { default = [] }
variable "enable_deletion_protection" {} # false before version 9, true since
variable "drop_invalid_header_fields" {} # false before version 9, true since
variable "desync_mitigation_mode" {}     # not an input of all versions, as the next
variable "enable_cross_zone_load_balancing" {}
variable "open" {} # what differs between versions

locals {
  create     = var.create && var.create_lb
  by_key     = { for key, group in var.target_groups : key => group if can(keys(var.target_groups)) }
  by_index   = [for group in var.target_groups : group if !can(keys(var.target_groups))]
  listeners  = try({ for key, listener in var.listeners : key => listener }, {})
  has_own_sg = local.create && var.create_security_group && var.load_balancer_type != "gateway"
}

resource "aws_lb" "this" {
  count              = local.create ? 1 : 0
  load_balancer_type = var.load_balancer_type
  internal           = var.internal
  subnets            = var.subnets
  security_groups    = concat(aws_security_group.this[*].id, var.security_groups)

  enable_deletion_protection       = var.enable_deletion_protection
  drop_invalid_header_fields       = var.drop_invalid_header_fields
  desync_mitigation_mode           = var.desync_mitigation_mode
  enable_cross_zone_load_balancing = var.enable_cross_zone_load_balancing
}

resource "aws_security_group" "this" {
  count  = local.has_own_sg ? 1 : 0
  vpc_id = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = { for key, rule in var.security_group_ingress_rules : key => rule if local.has_own_sg }
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(each.value.to_port, each.value.from_port, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each                     = { for key, rule in var.security_group_egress_rules : key => rule if local.has_own_sg }
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(each.value.to_port, each.value.from_port, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
}

resource "aws_lb_target_group" "this" {
  for_each    = { for key, group in local.by_key : key => group if local.create }
  name        = try(each.value.name, null)
  port        = try(each.value.port, each.value.backend_port, null)
  protocol    = try(each.value.protocol, each.value.backend_protocol, null)
  target_type = try(each.value.target_type, null)
  vpc_id      = try(each.value.vpc_id, var.vpc_id)

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_target_group" "main" {
  count       = local.create ? length(local.by_index) : 0
  name        = try(local.by_index[count.index].name, null)
  port        = try(local.by_index[count.index].backend_port, null)
  protocol    = try(upper(local.by_index[count.index].backend_protocol), null)
  target_type = try(local.by_index[count.index].target_type, null)
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener" "this" {
  for_each          = { for key, listener in local.listeners : key => listener if local.create }
  load_balancer_arn = aws_lb.this[0].arn
  port              = try(each.value.port, 80)
  protocol          = try(each.value.protocol, "HTTP")
  certificate_arn   = try(each.value.certificate_arn, null)

  dynamic "default_action" {
    for_each = try([each.value.forward], [])
    content {
      type             = "forward"
      target_group_arn = try(aws_lb_target_group.this[default_action.value.target_group_key].arn, default_action.value.arn, default_action.value.target_group_arn)

      dynamic "forward" {
        for_each = []
        content {}
      }
    }
  }

  dynamic "default_action" {
    for_each = try([each.value.weighted_forward], [])
    content {
      type             = "forward"
      target_group_arn = null

      forward {
        dynamic "target_group" {
          for_each = default_action.value.target_groups
          content {
            arn    = try(aws_lb_target_group.this[target_group.value.target_group_key].arn, target_group.value.arn, target_group.value.target_group_arn)
            weight = try(target_group.value.weight, null)
          }
        }
      }
    }
  }

  dynamic "default_action" {
    for_each = try([each.value.redirect], [])
    content {
      type             = "redirect"
      target_group_arn = null

      dynamic "forward" {
        for_each = []
        content {}
      }

      redirect {
        port        = try(default_action.value.port, null)
        protocol    = try(default_action.value.protocol, null)
        status_code = default_action.value.status_code
        host        = try(default_action.value.host, null)
      }
    }
  }

  dynamic "default_action" {
    for_each = try([each.value.fixed_response], [])
    content {
      type             = "fixed-response"
      target_group_arn = null

      dynamic "forward" {
        for_each = []
        content {}
      }
    }
  }
}

locals {
  rules = flatten([
    for key, listener in local.listeners : [
      for name, rule in try(listener.rules, {}) : { listener = key, name = name, rule = rule }
    ]
  ])
}

resource "aws_lb_listener_rule" "this" {
  for_each     = { for each in local.rules : "${each.listener}/${each.name}" => each if local.create }
  listener_arn = aws_lb_listener.this[each.value.listener].arn
  priority     = try(each.value.rule.priority, null)

  dynamic "action" {
    for_each = [for action in try(each.value.rule.actions, []) : action if try(action.type, try(action.forward, null) != null ? "forward" : "") == "forward"]
    content {
      type             = "forward"
      target_group_arn = try(aws_lb_target_group.this[try(action.value.target_group_key, action.value.forward.target_group_key)].arn, action.value.target_group_arn, action.value.forward.target_group_arn)

      dynamic "forward" {
        for_each = []
        content {}
      }
    }
  }

  dynamic "action" {
    for_each = [for action in try(each.value.rule.actions, []) : action if try(action.type, try(action.weighted_forward, null) != null ? "weighted-forward" : "") == "weighted-forward"]
    content {
      type             = "forward"
      target_group_arn = null

      forward {
        dynamic "target_group" {
          for_each = try(action.value.target_groups, action.value.weighted_forward.target_groups)
          content {
            arn    = try(aws_lb_target_group.this[target_group.value.target_group_key].arn, target_group.value.arn, target_group.value.target_group_arn)
            weight = try(target_group.value.weight, null)
          }
        }
      }
    }
  }

  dynamic "action" {
    for_each = [for action in try(each.value.rule.actions, []) : action if try(action.type, try(action.redirect, null) != null ? "redirect" : "") == "redirect"]
    content {
      type             = "redirect"
      target_group_arn = null

      dynamic "forward" {
        for_each = []
        content {}
      }
    }
  }
}

resource "aws_lb_listener" "frontend_http_tcp" {
  count             = local.create ? length(var.http_tcp_listeners) : 0
  load_balancer_arn = aws_lb.this[0].arn
  port              = var.http_tcp_listeners[count.index].port
  protocol          = var.http_tcp_listeners[count.index].protocol
  certificate_arn   = null

  default_action {
    type             = try(var.http_tcp_listeners[count.index].action_type, "forward")
    target_group_arn = try(var.http_tcp_listeners[count.index].action_type, "forward") == "forward" ? aws_lb_target_group.main[try(var.http_tcp_listeners[count.index].target_group_index, count.index)].arn : null

    dynamic "forward" {
      for_each = []
      content {}
    }

    dynamic "redirect" {
      for_each = try([var.http_tcp_listeners[count.index].redirect], [])
      content {
        port        = try(redirect.value.port, null)
        protocol    = try(redirect.value.protocol, null)
        status_code = redirect.value.status_code
      }
    }
  }
}

resource "aws_lb_listener" "frontend_https" {
  count             = local.create ? length(var.https_listeners) : 0
  load_balancer_arn = aws_lb.this[0].arn
  port              = var.https_listeners[count.index].port
  protocol          = try(var.https_listeners[count.index].protocol, "HTTPS")
  certificate_arn   = var.https_listeners[count.index].certificate_arn

  default_action {
    type             = try(var.https_listeners[count.index].action_type, "forward")
    target_group_arn = try(var.https_listeners[count.index].action_type, "forward") == "forward" ? aws_lb_target_group.main[try(var.https_listeners[count.index].target_group_index, count.index)].arn : null

    dynamic "forward" {
      for_each = []
      content {}
    }
  }
}

output "id" { value = try(aws_lb.this[0].id, null) }
output "arn" { value = try(aws_lb.this[0].arn, null) }
output "dns_name" { value = try(aws_lb.this[0].dns_name, null) }
output "zone_id" { value = try(aws_lb.this[0].zone_id, null) }
output "lb_id" { value = try(aws_lb.this[0].id, null) }
output "lb_arn" { value = try(aws_lb.this[0].arn, null) }
output "lb_dns_name" { value = try(aws_lb.this[0].dns_name, null) }
output "lb_zone_id" { value = try(aws_lb.this[0].zone_id, null) }
output "listeners" { value = aws_lb_listener.this }
output "listener_rules" { value = aws_lb_listener_rule.this }
output "target_groups" { value = aws_lb_target_group.this }
output "target_group_arns" { value = concat(aws_lb_target_group.main[*].arn, values(aws_lb_target_group.this)[*].arn) }
output "target_group_names" { value = concat(aws_lb_target_group.main[*].name, values(aws_lb_target_group.this)[*].name) }
output "http_tcp_listener_arns" { value = aws_lb_listener.frontend_http_tcp[*].arn }
output "https_listener_arns" { value = aws_lb_listener.frontend_https[*].arn }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
