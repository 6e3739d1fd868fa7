# source: terraform-aws-modules/alb/aws
#
# What the module's page "Inputs" and "Outputs" determine, versions 5 to 10: listeners and target
# groups as maps since version 9, as lists before.

variable "version" {}
variable "create" { default = true }
variable "create_lb" { default = true }
variable "name" { default = null }
variable "load_balancer_type" { default = "application" }
variable "internal" { default = null }
variable "vpc_id" {}
variable "subnets" {}
variable "security_groups" { default = [] }
variable "create_security_group" { default = null }
variable "security_group_ingress_rules" { default = null }
variable "security_group_egress_rules" { default = null }
variable "security_group_rules" { default = {} }
variable "listeners" { default = {} }
variable "target_groups" { default = {} }
variable "default_port" { default = 80 }
variable "default_protocol" { default = "HTTP" }
variable "http_tcp_listeners" { default = [] }
variable "https_listeners" { default = [] }
variable "http_tcp_listener_rules" { default = [] }
variable "https_listener_rules" { default = [] }
variable "listener_ssl_policy_default" {}
variable "extra_ssl_certs" { default = [] }
variable "enable_deletion_protection" { default = null }
variable "drop_invalid_header_fields" { default = null }
variable "enable_cross_zone_load_balancing" { default = null }
variable "desync_mitigation_mode" { default = null }
variable "idle_timeout" { default = null }
variable "associate_web_acl" { default = null }
variable "web_acl_arn" { default = null }
variable "open" {} # what differs between versions

locals {
  create    = var.create && var.create_lb
  by_key    = try({ for key, group in var.target_groups : key => group if can(keys(var.target_groups)) }, {})
  by_index  = try([for group in var.target_groups : group if !can(keys(var.target_groups))], [])
  listeners = try({ for key, listener in var.listeners : key => listener }, {})

  # Version 8 began to make a security group, for application load balancers alone.
  makes_sg = var.create_security_group == null ? var.version >= 9 ? true : var.version < 8 ? false : var.open : var.create_security_group
  takes_sg = var.load_balancer_type == "application" || var.version >= 9
  own_sg   = local.create && var.load_balancer_type != "gateway" && local.makes_sg && local.takes_sg
}

resource "aws_lb" "this" {
  count              = local.create ? 1 : 0
  load_balancer_type = var.load_balancer_type
  internal           = var.internal == null ? var.version < 9 ? false : null : var.internal
  subnets            = var.subnets
  security_groups    = concat(aws_security_group.this[*].id, var.security_groups)
  idle_timeout       = var.idle_timeout

  enable_deletion_protection       = var.enable_deletion_protection == null ? var.version >= 9 : var.enable_deletion_protection
  drop_invalid_header_fields       = var.drop_invalid_header_fields == null ? var.version >= 9 : var.drop_invalid_header_fields
  enable_cross_zone_load_balancing = var.enable_cross_zone_load_balancing == null ? var.version >= 9 : var.enable_cross_zone_load_balancing
  desync_mitigation_mode           = var.desync_mitigation_mode
}

resource "aws_wafv2_web_acl_association" "this" {
  count        = local.create && (var.associate_web_acl == null ? var.web_acl_arn != null : var.associate_web_acl) ? 1 : 0
  resource_arn = aws_lb.this[0].arn
  web_acl_arn  = var.web_acl_arn
}

resource "aws_security_group" "this" {
  count  = local.own_sg ? 1 : 0
  vpc_id = var.vpc_id

  dynamic "ingress" {
    for_each = []
    content {}
  }

  dynamic "egress" {
    for_each = []
    content {}
  }
}

resource "aws_security_group_rule" "this" {
  for_each                 = { for key, rule in var.security_group_rules : key => rule if local.own_sg }
  security_group_id        = aws_security_group.this[0].id
  type                     = each.value.type
  protocol                 = each.value.protocol
  from_port                = each.value.from_port
  to_port                  = each.value.to_port
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, null)
  source_security_group_id = try(each.value.source_security_group_id, null)
  self                     = try(each.value.self, null)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = var.security_group_ingress_rules == null ? {} : { for key, rule in var.security_group_ingress_rules : key => rule if local.own_sg }
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(coalesce(try(each.value.to_port, null), each.value.from_port), null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each                     = var.security_group_egress_rules == null ? {} : { for key, rule in var.security_group_egress_rules : key => rule if local.own_sg }
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(coalesce(try(each.value.to_port, null), each.value.from_port), null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
}

resource "aws_lb_target_group" "this" {
  for_each    = { for key, group in local.by_key : key => group if local.create }
  name        = try(each.value.name, null)
  port        = try(each.value.port, var.default_port)
  protocol    = try(each.value.protocol, var.default_protocol)
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
  port              = try(each.value.port, var.default_port)
  protocol          = try(each.value.protocol, var.default_protocol)
  certificate_arn   = try(each.value.certificate_arn, null)
  ssl_policy        = try(each.value.ssl_policy, var.open)

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

resource "aws_lb_listener_certificate" "this" {
  for_each = merge([
    for key, listener in local.listeners : {
      for index, arn in try(listener.additional_certificate_arns, []) : "${key}/${index}" => { listener = key, arn = arn }
    } if local.create
  ]...)
  listener_arn    = aws_lb_listener.this[each.value.listener].arn
  certificate_arn = each.value.arn
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
      for_each = try([var.http_tcp_listeners[count.index].forward], [])
      content {
        dynamic "target_group" {
          for_each = forward.value.target_groups
          content {
            arn    = aws_lb_target_group.main[target_group.value.target_group_index].arn
            weight = try(target_group.value.weight, null)
          }
        }
      }
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
  ssl_policy        = try(var.https_listeners[count.index].ssl_policy, var.listener_ssl_policy_default)

  default_action {
    type             = try(var.https_listeners[count.index].action_type, "forward")
    target_group_arn = try(var.https_listeners[count.index].action_type, "forward") == "forward" ? aws_lb_target_group.main[try(var.https_listeners[count.index].target_group_index, count.index)].arn : null

    dynamic "forward" {
      for_each = try([var.https_listeners[count.index].forward], [])
      content {
        dynamic "target_group" {
          for_each = forward.value.target_groups
          content {
            arn    = aws_lb_target_group.main[target_group.value.target_group_index].arn
            weight = try(target_group.value.weight, null)
          }
        }
      }
    }

    dynamic "redirect" {
      for_each = try([var.https_listeners[count.index].redirect], [])
      content {
        port        = try(redirect.value.port, null)
        protocol    = try(redirect.value.protocol, null)
        status_code = redirect.value.status_code
      }
    }
  }

  dynamic "default_action" {
    for_each = [for listener in [var.https_listeners[count.index]] : listener if startswith(try(listener.action_type, "forward"), "authenticate-")]
    content {
      type             = "forward"
      target_group_arn = aws_lb_target_group.main[try(default_action.value.target_group_index, count.index)].arn

      dynamic "forward" {
        for_each = []
        content {}
      }
    }
  }
}

resource "aws_lb_listener_certificate" "https_listener" {
  count           = local.create ? length(var.extra_ssl_certs) : 0
  listener_arn    = aws_lb_listener.frontend_https[var.extra_ssl_certs[count.index].https_listener_index].arn
  certificate_arn = var.extra_ssl_certs[count.index].certificate_arn
}

resource "aws_lb_listener_rule" "http_tcp_listener_rule" {
  count        = local.create ? length(var.http_tcp_listener_rules) : 0
  listener_arn = aws_lb_listener.frontend_http_tcp[try(var.http_tcp_listener_rules[count.index].http_tcp_listener_index, count.index)].arn
  priority     = try(var.http_tcp_listener_rules[count.index].priority, null)

  dynamic "action" {
    for_each = [for action in var.http_tcp_listener_rules[count.index].actions : action if action.type == "forward"]
    content {
      type             = "forward"
      target_group_arn = aws_lb_target_group.main[try(action.value.target_group_index, count.index)].arn

      dynamic "forward" {
        for_each = []
        content {}
      }
    }
  }

  dynamic "action" {
    for_each = [for action in var.http_tcp_listener_rules[count.index].actions : action if action.type == "weighted-forward"]
    content {
      type             = "forward"
      target_group_arn = null

      forward {
        dynamic "target_group" {
          for_each = action.value.target_groups
          content {
            arn    = aws_lb_target_group.main[target_group.value.target_group_index].arn
            weight = try(target_group.value.weight, null)
          }
        }
      }
    }
  }

  dynamic "action" {
    for_each = [for action in var.http_tcp_listener_rules[count.index].actions : action if action.type == "redirect"]
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

resource "aws_lb_listener_rule" "https_listener_rule" {
  count        = local.create ? length(var.https_listener_rules) : 0
  listener_arn = aws_lb_listener.frontend_https[try(var.https_listener_rules[count.index].https_listener_index, count.index)].arn
  priority     = try(var.https_listener_rules[count.index].priority, null)

  dynamic "action" {
    for_each = [for action in var.https_listener_rules[count.index].actions : action if action.type == "forward"]
    content {
      type             = "forward"
      target_group_arn = aws_lb_target_group.main[try(action.value.target_group_index, count.index)].arn

      dynamic "forward" {
        for_each = []
        content {}
      }
    }
  }

  dynamic "action" {
    for_each = [for action in var.https_listener_rules[count.index].actions : action if action.type == "weighted-forward"]
    content {
      type             = "forward"
      target_group_arn = null

      forward {
        dynamic "target_group" {
          for_each = action.value.target_groups
          content {
            arn    = aws_lb_target_group.main[target_group.value.target_group_index].arn
            weight = try(target_group.value.weight, null)
          }
        }
      }
    }
  }

  dynamic "action" {
    for_each = [for action in var.https_listener_rules[count.index].actions : action if action.type == "redirect"]
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

output "id" { value = try(aws_lb.this[0].id, null) }
output "arn" { value = try(aws_lb.this[0].arn, null) }
output "dns_name" { value = try(aws_lb.this[0].dns_name, null) }
output "zone_id" { value = try(aws_lb.this[0].zone_id, null) }
output "lb_id" { value = try(aws_lb.this[0].id, null) }
output "lb_arn" { value = try(aws_lb.this[0].arn, null) }
output "lb_dns_name" { value = try(aws_lb.this[0].dns_name, null) }
output "lb_zone_id" { value = try(aws_lb.this[0].zone_id, null) }
output "this_lb_id" { value = try(aws_lb.this[0].id, null) }
output "this_lb_arn" { value = try(aws_lb.this[0].arn, null) }
output "this_lb_dns_name" { value = try(aws_lb.this[0].dns_name, null) }
output "this_lb_zone_id" { value = try(aws_lb.this[0].zone_id, null) }
output "listeners" { value = aws_lb_listener.this }
output "listener_rules" { value = aws_lb_listener_rule.this }
output "target_groups" { value = aws_lb_target_group.this }
output "target_group_arns" { value = concat(aws_lb_target_group.main[*].arn, values(aws_lb_target_group.this)[*].arn) }
output "target_group_names" { value = concat(aws_lb_target_group.main[*].name, values(aws_lb_target_group.this)[*].name) }
output "http_tcp_listener_ids" { value = aws_lb_listener.frontend_http_tcp[*].id }
output "https_listener_ids" { value = aws_lb_listener.frontend_https[*].id }
output "http_tcp_listener_arns" { value = aws_lb_listener.frontend_http_tcp[*].arn }
output "https_listener_arns" { value = aws_lb_listener.frontend_https[*].arn }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
