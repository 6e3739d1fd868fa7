# source: terraform-aws-modules/vpc/aws
#
# What the module's page "Inputs", "Outputs" and "NAT Gateway Scenarios" determine, versions 2 to 6.

variable "create_vpc" { default = true }
variable "cidr" { default = "10.0.0.0/16" }
variable "azs" { default = [] }
variable "public_subnets" { default = [] }
variable "private_subnets" { default = [] }
variable "intra_subnets" { default = [] }
variable "database_subnets" { default = [] }
variable "enable_nat_gateway" { default = false }
variable "single_nat_gateway" { default = false }
variable "one_nat_gateway_per_az" { default = false }
variable "create_igw" { default = true }
variable "private_subnet_ipv6_native" { default = false }
variable "public_subnet_ipv6_native" { default = false }
variable "enable_dns_support" { default = true }
variable "manage_default_security_group" {} # true since version 5, false before
variable "enable_dns_hostnames" {}          # true since version 4, false before
variable "map_public_ip_on_launch" {}       # false since version 4, true before

locals {
  public   = var.create_vpc ? var.public_subnets : []
  private  = var.create_vpc ? var.private_subnets : []
  intra    = var.create_vpc ? var.intra_subnets : []
  database = var.create_vpc ? var.database_subnets : []

  widest    = max(length(local.private), length(local.database))
  nat_count = var.single_nat_gateway ? 1 : var.one_nat_gateway_per_az ? length(var.azs) : local.widest
  nats      = var.create_vpc && var.enable_nat_gateway && local.widest > 0 ? local.nat_count : 0
}

resource "aws_vpc" "this" {
  count                = var.create_vpc ? 1 : 0
  cidr_block           = var.cidr
  enable_dns_support   = var.enable_dns_support
  enable_dns_hostnames = var.enable_dns_hostnames
}

resource "aws_default_security_group" "this" {
  count  = var.create_vpc && var.manage_default_security_group ? 1 : 0
  vpc_id = aws_vpc.this[0].id
}

resource "aws_internet_gateway" "this" {
  count  = var.create_igw && length(local.public) > 0 ? 1 : 0
  vpc_id = aws_vpc.this[0].id
}

resource "aws_subnet" "public" {
  count                   = length(local.public)
  vpc_id                  = aws_vpc.this[0].id
  cidr_block              = local.public[count.index]
  availability_zone       = try(element(var.azs, count.index), null)
  map_public_ip_on_launch = var.map_public_ip_on_launch
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
  count            = length(local.public) > 0 ? 1 : 0
  vpc_id           = aws_vpc.this[0].id
  propagating_vgws = []

  dynamic "route" {
    for_each = []
    content {}
  }
}

resource "aws_route" "public_internet_gateway" {
  count                       = var.create_igw && length(local.public) > 0 ? 1 : 0
  route_table_id              = aws_route_table.public[0].id
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
  count          = length(local.public)
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public[0].id
  gateway_id     = null
}

resource "aws_eip" "nat" {
  count = local.nats
}

resource "aws_nat_gateway" "this" {
  count             = local.nats
  allocation_id     = aws_eip.nat[count.index].id
  subnet_id         = element(aws_subnet.public[*].id, var.single_nat_gateway ? 0 : count.index)
  connectivity_type = "public"
  availability_mode = null
  vpc_id            = null

  depends_on = [aws_internet_gateway.this]
}

resource "aws_route_table" "private" {
  count            = local.widest > 0 ? local.nat_count : 0
  vpc_id           = aws_vpc.this[0].id
  propagating_vgws = []

  dynamic "route" {
    for_each = []
    content {}
  }
}

resource "aws_route" "private_nat_gateway" {
  count                       = local.nats
  route_table_id              = element(aws_route_table.private[*].id, count.index)
  destination_cidr_block      = "0.0.0.0/0"
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

resource "aws_route_table" "intra" {
  count            = length(local.intra) > 0 ? 1 : 0
  vpc_id           = aws_vpc.this[0].id
  propagating_vgws = []

  dynamic "route" {
    for_each = []
    content {}
  }
}

resource "aws_route_table_association" "intra" {
  count          = length(local.intra)
  subnet_id      = aws_subnet.intra[count.index].id
  route_table_id = aws_route_table.intra[0].id
  gateway_id     = null
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
