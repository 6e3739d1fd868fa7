# source: terraform-aws-modules/ecs/aws//modules/cluster
#
# What the module's page "Inputs" and "Outputs" determine, versions 4 to 7.

variable "create" { default = true }
variable "cluster_name" {}
variable "name" {}

resource "aws_ecs_cluster" "this" {
  count = var.create ? 1 : 0
  name  = try(coalesce(var.name, var.cluster_name), var.name)
}

output "arn" { value = try(aws_ecs_cluster.this[0].arn, null) }
output "id" { value = try(aws_ecs_cluster.this[0].id, null) }
output "name" { value = try(aws_ecs_cluster.this[0].name, null) }
output "cluster_arn" { value = try(aws_ecs_cluster.this[0].arn, null) }
output "cluster_id" { value = try(aws_ecs_cluster.this[0].id, null) }
output "cluster_name" { value = try(aws_ecs_cluster.this[0].name, null) }
