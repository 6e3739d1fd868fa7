# source: terraform-aws-modules/security-group/aws
# source: terraform-aws-modules/security-group/aws//modules/*
#
# What the module's page "Inputs" and "Outputs" determine. The named rules of `ingress_rules` and
# of the submodules are left open.

variable "create" { default = true }
variable "create_sg" { default = true }
variable "vpc_id" {}

resource "aws_security_group" "this" {
  count  = var.create && var.create_sg ? 1 : 0
  vpc_id = var.vpc_id
}

output "security_group_id" { value = try(aws_security_group.this[0].id, "") }
output "this_security_group_id" { value = try(aws_security_group.this[0].id, "") }
output "security_group_arn" { value = try(aws_security_group.this[0].arn, "") }
output "security_group_vpc_id" { value = var.vpc_id }
