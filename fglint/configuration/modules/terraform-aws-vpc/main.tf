# source: terraform-aws-modules/vpc/aws
#
# What the module's page "Inputs", "Outputs" and "NAT Gateway Scenarios" determine, versions 2 to 6.

variable "version" {}
variable "create_vpc" { default = true }
variable "cidr" { default = null }
variable "use_ipam_pool" { default = false }
variable "azs" { default = [] }
variable "public_subnets" { default = [] }
variable "private_subnets" { default = [] }
variable "intra_subnets" { default = [] }
variable "database_subnets" { default = [] }
variable "elasticache_subnets" { default = [] }
variable "redshift_subnets" { default = [] }
variable "create_database_subnet_route_table" { default = false }
variable "create_multiple_public_route_tables" { default = false }
variable "create_multiple_intra_route_tables" { default = false }
variable "enable_nat_gateway" { default = false }
variable "single_nat_gateway" { default = false }
variable "one_nat_gateway_per_az" { default = false }
variable "reuse_nat_ips" { default = false }
variable "external_nat_ip_ids" { default = [] }
variable "create_private_nat_gateway_route" { default = true }
variable "nat_gateway_destination_cidr_block" { default = "0.0.0.0/0" }
variable "create_igw" { default = true }
variable "propagate_public_route_tables_vgw" { default = false }
variable "propagate_private_route_tables_vgw" { default = false }
variable "propagate_intra_route_tables_vgw" { default = false }
variable "private_subnet_ipv6_native" { default = false }
variable "public_subnet_ipv6_native" { default = false }
variable "enable_dns_support" { default = true }
variable "enable_flow_log" { default = false }
variable "enable_dns_hostnames" { default = null }
variable "map_public_ip_on_launch" { default = null }
variable "manage_default_security_group" { default = null }
variable "open" {} # what no page says

locals {
  public   = var.create_vpc ? var.public_subnets : []
  private  = var.create_vpc ? var.private_subnets : []
  intra    = var.create_vpc ? var.intra_subnets : []
  database = var.create_vpc ? var.database_subnets : []

  # Version 4 turned defaults round, and counts public subnets where it counts NAT gateways.
  hostnames      = var.enable_dns_hostnames == null ? var.version >= 4 : var.enable_dns_hostnames
  public_ips     = var.map_public_ip_on_launch == null ? var.version < 4 : var.map_public_ip_on_launch
  manages_group  = var.manage_default_security_group == null ? var.version >= 4 : var.manage_default_security_group
  cidr           = var.cidr == null ? var.version >= 4 ? "10.0.0.0/16" : "0.0.0.0/0" : var.cidr
  without_public = max(length(local.private), length(local.database), length(var.elasticache_subnets), length(var.redshift_subnets))
  with_public    = max(local.without_public, length(local.public))
  widest         = local.with_public == local.without_public ? local.with_public : var.version >= 4 ? local.with_public : local.without_public

  nat_count     = var.single_nat_gateway ? 1 : var.one_nat_gateway_per_az ? length(var.azs) : local.widest
  nats          = var.create_vpc && var.enable_nat_gateway && local.widest > 0 ? local.nat_count : 0
  public_count  = !var.one_nat_gateway_per_az || length(local.public) >= length(var.azs) ? length(local.public) : 0
  public_tables = length(local.public) == 0 ? 0 : var.create_multiple_public_route_tables ? length(local.public) : 1
  intra_tables  = length(local.intra) == 0 ? 0 : var.create_multiple_intra_route_tables ? length(local.intra) : 1
}

resource "aws_vpc" "this" {
  count                = var.create_vpc ? 1 : 0
  cidr_block           = var.use_ipam_pool ? var.open : local.cidr
  enable_dns_support   = var.enable_dns_support
  enable_dns_hostnames = local.hostnames
}

resource "aws_flow_log" "this" {
  count  = var.create_vpc && var.enable_flow_log ? 1 : 0
  vpc_id = aws_vpc.this[0].id
}

resource "aws_default_security_group" "this" {
  count  = var.create_vpc && local.manages_group ? 1 : 0
  vpc_id = aws_vpc.this[0].id
}

resource "aws_internet_gateway" "this" {
  count  = var.create_igw && length(local.public) > 0 ? 1 : 0
  vpc_id = aws_vpc.this[0].id
}

resource "aws_subnet" "public" {
  count                   = local.public_count
  vpc_id                  = aws_vpc.this[0].id
  cidr_block              = local.public[count.index]
  availability_zone       = try(element(var.azs, count.index), null)
  map_public_ip_on_launch = local.public_ips
  ipv6_native             = var.public_subnet_ipv6_native
}

resource "aws_subnet" "private" {
  count                   = length(local.private)
  vpc_id                  = aws_vpc.this[0].id
  cidr_block              = local.private[count.index]
  availability_zone       = try(element(var.azs, count.index), null)
  map_public_ip_on_launch = false
  ipv6_native             = var.private_subnet_ipv6_native
}

resource "aws_subnet" "intra" {
  count                   = length(local.intra)
  vpc_id                  = aws_vpc.this[0].id
  cidr_block              = local.intra[count.index]
  availability_zone       = try(element(var.azs, count.index), null)
  map_public_ip_on_launch = false
  ipv6_native             = false
}

resource "aws_subnet" "database" {
  count                   = length(local.database)
  vpc_id                  = aws_vpc.this[0].id
  cidr_block              = local.database[count.index]
  availability_zone       = try(element(var.azs, count.index), null)
  map_public_ip_on_launch = false
  ipv6_native             = false
}

resource "aws_route_table" "public" {
  count            = local.public_tables
  vpc_id           = aws_vpc.this[0].id
  propagating_vgws = var.propagate_public_route_tables_vgw ? var.open : []

  dynamic "route" {
    for_each = []
    content {}
  }
}

resource "aws_route" "public_internet_gateway" {
  count                       = var.create_igw ? local.public_tables : 0
  route_table_id              = aws_route_table.public[count.index].id
  destination_cidr_block      = "0.0.0.0/0"
  gateway_id                  = aws_internet_gateway.this[0].id
  nat_gateway_id              = null
  carrier_gateway_id          = null
  core_network_arn            = null
  egress_only_gateway_id      = null
  local_gateway_id            = null
  network_interface_id        = null
  transit_gateway_id          = null
  vpc_endpoint_id             = null
  vpc_peering_connection_id   = null
  destination_ipv6_cidr_block = null
  destination_prefix_list_id  = null
}

resource "aws_route_table_association" "public" {
  count          = local.public_count
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = element(aws_route_table.public[*].id, var.create_multiple_public_route_tables ? count.index : 0)
  gateway_id     = null
}

resource "aws_eip" "nat" {
  count = var.reuse_nat_ips ? 0 : local.nats
}

resource "aws_nat_gateway" "this" {
  count             = local.nats
  allocation_id     = element(var.reuse_nat_ips ? var.external_nat_ip_ids : aws_eip.nat[*].id, count.index)
  subnet_id         = element(aws_subnet.public[*].id, var.single_nat_gateway ? 0 : count.index)
  connectivity_type = "public"
  availability_mode = null
  vpc_id            = null

  depends_on = [aws_internet_gateway.this]
}

resource "aws_route_table" "private" {
  count            = local.widest > 0 ? local.nat_count : 0
  vpc_id           = aws_vpc.this[0].id
  propagating_vgws = var.propagate_private_route_tables_vgw ? var.open : []

  dynamic "route" {
    for_each = []
    content {}
  }
}

resource "aws_route" "private_nat_gateway" {
  count                       = var.create_private_nat_gateway_route ? local.nats : 0
  route_table_id              = element(aws_route_table.private[*].id, count.index)
  destination_cidr_block      = var.nat_gateway_destination_cidr_block
  nat_gateway_id              = element(aws_nat_gateway.this[*].id, count.index)
  gateway_id                  = null
  carrier_gateway_id          = null
  core_network_arn            = null
  egress_only_gateway_id      = null
  local_gateway_id            = null
  network_interface_id        = null
  transit_gateway_id          = null
  vpc_endpoint_id             = null
  vpc_peering_connection_id   = null
  destination_ipv6_cidr_block = null
  destination_prefix_list_id  = null
}

resource "aws_route_table_association" "private" {
  count          = length(local.private)
  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = element(aws_route_table.private[*].id, var.single_nat_gateway ? 0 : count.index)
  gateway_id     = null
}

resource "aws_route_table_association" "database" {
  count          = length(local.database)
  subnet_id      = aws_subnet.database[count.index].id
  route_table_id = var.create_database_subnet_route_table ? var.open : element(aws_route_table.private[*].id, count.index)
  gateway_id     = null
}

resource "aws_route_table" "intra" {
  count            = local.intra_tables
  vpc_id           = aws_vpc.this[0].id
  propagating_vgws = var.propagate_intra_route_tables_vgw ? var.open : []

  dynamic "route" {
    for_each = []
    content {}
  }
}

resource "aws_route_table_association" "intra" {
  count          = length(local.intra)
  subnet_id      = aws_subnet.intra[count.index].id
  route_table_id = element(aws_route_table.intra[*].id, var.create_multiple_intra_route_tables ? count.index : 0)
  gateway_id     = null
}

# ---- endpoints, which version 2 makes itself -------------------------------------------------

variable "enable_ecr_api_endpoint" { default = false }
variable "ecr_api_endpoint_private_dns_enabled" { default = false }
variable "ecr_api_endpoint_security_group_ids" { default = [] }
variable "ecr_api_endpoint_subnet_ids" { default = [] }
variable "ecr_api_endpoint_policy" { default = null }
variable "enable_ecr_dkr_endpoint" { default = false }
variable "ecr_dkr_endpoint_private_dns_enabled" { default = false }
variable "ecr_dkr_endpoint_security_group_ids" { default = [] }
variable "ecr_dkr_endpoint_subnet_ids" { default = [] }
variable "ecr_dkr_endpoint_policy" { default = null }
variable "enable_logs_endpoint" { default = false }
variable "logs_endpoint_private_dns_enabled" { default = false }
variable "logs_endpoint_security_group_ids" { default = [] }
variable "logs_endpoint_subnet_ids" { default = [] }
variable "logs_endpoint_policy" { default = null }
variable "enable_secretsmanager_endpoint" { default = false }
variable "secretsmanager_endpoint_private_dns_enabled" { default = false }
variable "secretsmanager_endpoint_security_group_ids" { default = [] }
variable "secretsmanager_endpoint_subnet_ids" { default = [] }
variable "secretsmanager_endpoint_policy" { default = null }
variable "enable_ssm_endpoint" { default = false }
variable "ssm_endpoint_private_dns_enabled" { default = false }
variable "ssm_endpoint_security_group_ids" { default = [] }
variable "ssm_endpoint_subnet_ids" { default = [] }
variable "enable_ssmmessages_endpoint" { default = false }
variable "ssmmessages_endpoint_private_dns_enabled" { default = false }
variable "ssmmessages_endpoint_security_group_ids" { default = [] }
variable "ssmmessages_endpoint_subnet_ids" { default = [] }
variable "enable_kms_endpoint" { default = false }
variable "kms_endpoint_private_dns_enabled" { default = false }
variable "kms_endpoint_security_group_ids" { default = [] }
variable "kms_endpoint_subnet_ids" { default = [] }
variable "kms_endpoint_policy" { default = null }
variable "enable_s3_endpoint" { default = false }
variable "enable_public_s3_endpoint" { default = true }
variable "s3_endpoint_type" { default = "Gateway" }
variable "s3_endpoint_policy" { default = null }

locals {
  interfaces = {
    "ecr.api" = {
      enable  = var.enable_ecr_api_endpoint
      dns     = var.ecr_api_endpoint_private_dns_enabled
      groups  = var.ecr_api_endpoint_security_group_ids
      subnets = var.ecr_api_endpoint_subnet_ids
      policy  = var.ecr_api_endpoint_policy
    }
    "ecr.dkr" = {
      enable  = var.enable_ecr_dkr_endpoint
      dns     = var.ecr_dkr_endpoint_private_dns_enabled
      groups  = var.ecr_dkr_endpoint_security_group_ids
      subnets = var.ecr_dkr_endpoint_subnet_ids
      policy  = var.ecr_dkr_endpoint_policy
    }
    "logs" = {
      enable  = var.enable_logs_endpoint
      dns     = var.logs_endpoint_private_dns_enabled
      groups  = var.logs_endpoint_security_group_ids
      subnets = var.logs_endpoint_subnet_ids
      policy  = var.logs_endpoint_policy
    }
    "secretsmanager" = {
      enable  = var.enable_secretsmanager_endpoint
      dns     = var.secretsmanager_endpoint_private_dns_enabled
      groups  = var.secretsmanager_endpoint_security_group_ids
      subnets = var.secretsmanager_endpoint_subnet_ids
      policy  = var.secretsmanager_endpoint_policy
    }
    "ssm" = {
      enable  = var.enable_ssm_endpoint
      dns     = var.ssm_endpoint_private_dns_enabled
      groups  = var.ssm_endpoint_security_group_ids
      subnets = var.ssm_endpoint_subnet_ids
      policy  = null
    }
    "ssmmessages" = {
      enable  = var.enable_ssmmessages_endpoint
      dns     = var.ssmmessages_endpoint_private_dns_enabled
      groups  = var.ssmmessages_endpoint_security_group_ids
      subnets = var.ssmmessages_endpoint_subnet_ids
      policy  = null
    }
    "kms" = {
      enable  = var.enable_kms_endpoint
      dns     = var.kms_endpoint_private_dns_enabled
      groups  = var.kms_endpoint_security_group_ids
      subnets = var.kms_endpoint_subnet_ids
      policy  = var.kms_endpoint_policy
    }
  }
}

resource "aws_vpc_endpoint" "interface" {
  for_each            = { for service, each in local.interfaces : service => each if var.create_vpc && each.enable }
  vpc_id              = aws_vpc.this[0].id
  service_name        = "${var.open}.${each.key}"
  vpc_endpoint_type   = "Interface"
  security_group_ids  = each.value.groups
  subnet_ids          = coalescelist(each.value.subnets, aws_subnet.private[*].id)
  policy              = each.value.policy
  private_dns_enabled = each.value.dns
}

resource "aws_vpc_endpoint" "s3" {
  count               = var.create_vpc && var.enable_s3_endpoint ? 1 : 0
  vpc_id              = aws_vpc.this[0].id
  service_name        = "${var.open}.s3"
  vpc_endpoint_type   = var.s3_endpoint_type
  policy              = var.s3_endpoint_policy
  security_group_ids  = var.s3_endpoint_type == "Gateway" ? null : var.open
  subnet_ids          = var.s3_endpoint_type == "Gateway" ? null : var.open
  private_dns_enabled = var.s3_endpoint_type == "Gateway" ? null : var.open

  route_table_ids = concat(
    aws_route_table.private[*].id,
    aws_route_table.intra[*].id,
    var.enable_public_s3_endpoint ? aws_route_table.public[*].id : [],
  )
}

output "vpc_id" { value = try(aws_vpc.this[0].id, null) }
output "vpc_arn" { value = try(aws_vpc.this[0].arn, null) }
output "vpc_cidr_block" { value = try(aws_vpc.this[0].cidr_block, null) }
output "azs" { value = var.azs }
output "igw_id" { value = try(aws_internet_gateway.this[0].id, null) }
output "public_subnets" { value = aws_subnet.public[*].id }
output "public_subnet_arns" { value = aws_subnet.public[*].arn }
output "public_subnets_cidr_blocks" { value = aws_subnet.public[*].cidr_block }
output "private_subnets" { value = aws_subnet.private[*].id }
output "private_subnet_arns" { value = aws_subnet.private[*].arn }
output "private_subnets_cidr_blocks" { value = aws_subnet.private[*].cidr_block }
output "intra_subnets" { value = aws_subnet.intra[*].id }
output "intra_subnets_cidr_blocks" { value = aws_subnet.intra[*].cidr_block }
output "database_subnets" { value = aws_subnet.database[*].id }
output "database_subnets_cidr_blocks" { value = aws_subnet.database[*].cidr_block }
output "public_route_table_ids" { value = aws_route_table.public[*].id }
output "private_route_table_ids" { value = aws_route_table.private[*].id }
output "intra_route_table_ids" { value = aws_route_table.intra[*].id }
output "natgw_ids" { value = aws_nat_gateway.this[*].id }
output "nat_ids" { value = aws_eip.nat[*].id }
