# source: terraform-aws-modules/ecs/aws//modules/cluster
#
# What the module's page "Inputs" and "Outputs" determine, versions 5 to 7.

variable "create" { default = true }
variable "cluster_name" { default = null }
variable "name" { default = null }
variable "cluster_settings" { default = null } # of version 5, one or several
variable "setting" { default = null }
variable "open" {} # a name that is not given

locals {
  settings = var.setting == null ? var.cluster_settings : var.setting
}

resource "aws_ecs_cluster" "this" {
  count = var.create ? 1 : 0
  name  = try(coalesce(var.name, var.cluster_name), var.open)

  dynamic "setting" {
    for_each = local.settings == null ? [{ name = "containerInsights", value = "enabled" }] : flatten([local.settings])
    content {
      name  = setting.value.name
      value = setting.value.value
    }
  }
}

output "arn" { value = try(aws_ecs_cluster.this[0].arn, null) }
output "id" { value = try(aws_ecs_cluster.this[0].id, null) }
output "name" { value = try(aws_ecs_cluster.this[0].name, null) }
