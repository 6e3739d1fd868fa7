# source: terraform-aws-modules/vpc/aws//modules/vpc-endpoints
#
# What the submodule's page "Inputs" and "Outputs" determine, versions 3 to 6.

variable "create" { default = true }
variable "vpc_id" {}
variable "endpoints" { default = {} }
variable "subnet_ids" { default = [] }
variable "security_group_ids" { default = [] }
variable "create_security_group" { default = false }
variable "security_group_rules" { default = {} }
variable "open" {} # the region in the names of services

locals {
  endpoints = { for key, each in var.endpoints : key => each if var.create && try(each.create, true) }
  has_group = var.create && var.create_security_group
}

resource "aws_vpc_endpoint" "this" {
  for_each            = local.endpoints
  vpc_id              = var.vpc_id
  service_name        = try(each.value.service_endpoint, each.value.service_name, "${var.open}.${each.value.service}")
  vpc_endpoint_type   = try(each.value.service_type, "Interface")
  policy              = try(each.value.policy, null)
  security_group_ids  = try(each.value.service_type, "Interface") == "Interface" ? concat(var.security_group_ids, aws_security_group.this[*].id, try(each.value.security_group_ids, [])) : null
  subnet_ids          = try(each.value.service_type, "Interface") == "Interface" ? concat(var.subnet_ids, try(each.value.subnet_ids, [])) : null
  route_table_ids     = try(each.value.service_type, "Interface") == "Gateway" ? try(each.value.route_table_ids, null) : null
  private_dns_enabled = try(each.value.service_type, "Interface") == "Interface" ? try(each.value.private_dns_enabled, null) : null

  dynamic "subnet_configuration" {
    for_each = try(each.value.subnet_configurations, [])
    content {
      subnet_id = try(subnet_configuration.value.subnet_id, null)
    }
  }
}

resource "aws_security_group" "this" {
  count  = local.has_group ? 1 : 0
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
  for_each                 = { for key, each in var.security_group_rules : key => each if local.has_group }
  security_group_id        = aws_security_group.this[0].id
  type                     = try(each.value.type, "ingress")
  protocol                 = try(each.value.protocol, "tcp")
  from_port                = try(each.value.from_port, 443)
  to_port                  = try(each.value.to_port, 443)
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, null)
  source_security_group_id = try(each.value.source_security_group_id, null)
  self                     = try(each.value.self, null)
}

output "endpoints" { value = aws_vpc_endpoint.this }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
output "security_group_arn" { value = try(aws_security_group.this[0].arn, null) }
