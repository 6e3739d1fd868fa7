# source: terraform-aws-modules/ecs/aws
#
# What the module's page "Inputs" and "Outputs" determine, versions 4 to 7: a cluster, and a service
# for each element of `services` since version 5.

variable "version" {}
variable "create" { default = true }
variable "cluster_name" {}
variable "services" { default = {} }

resource "aws_ecs_cluster" "this" {
  count = var.create ? 1 : 0
  name  = var.cluster_name
}

module "service" {
  source   = "terraform-aws-modules/ecs/aws//modules/service"
  version  = var.version
  for_each = try({ for key, each in var.services : key => each if var.create }, {})

  cluster_arn                        = try(each.value.cluster_arn, aws_ecs_cluster.this[0].arn)
  name                               = try(each.value.name, each.key)
  container_definitions              = try(each.value.container_definitions, {})
  load_balancer                      = try(each.value.load_balancer, {})
  subnet_ids                         = try(each.value.subnet_ids, [])
  security_group_ids                 = try(each.value.security_group_ids, [])
  assign_public_ip                   = try(each.value.assign_public_ip, false)
  launch_type                        = try(each.value.launch_type, "FARGATE")
  capacity_provider_strategy         = try(each.value.capacity_provider_strategy, {})
  requires_compatibilities           = try(each.value.requires_compatibilities, ["FARGATE"])
  cpu                                = try(each.value.cpu, 1024)
  memory                             = try(each.value.memory, 2048)
  create_service                     = try(each.value.create_service, true)
  create_task_definition             = try(each.value.create_task_definition, true)
  task_definition_arn                = try(each.value.task_definition_arn, null)
  create_task_exec_iam_role          = try(each.value.create_task_exec_iam_role, true)
  task_exec_iam_role_arn             = try(each.value.task_exec_iam_role_arn, null)
  create_tasks_iam_role              = try(each.value.create_tasks_iam_role, true)
  tasks_iam_role_arn                 = try(each.value.tasks_iam_role_arn, null)
  create_security_group              = try(each.value.create_security_group, true)
  desired_count                      = try(each.value.desired_count, 1)
  deployment_minimum_healthy_percent = try(each.value.deployment_minimum_healthy_percent, 66)
  enable_execute_command             = try(each.value.enable_execute_command, false)
  service_registries                 = try(each.value.service_registries, null)
  service_connect_configuration      = try(each.value.service_connect_configuration, null)
  runtime_platform                   = try(each.value.runtime_platform, null)
  container_definition_defaults      = try(each.value.container_definition_defaults, {})
  deployment_circuit_breaker         = try(each.value.deployment_circuit_breaker, null)
  health_check_grace_period_seconds  = try(each.value.health_check_grace_period_seconds, null)
  platform_version                   = try(each.value.platform_version, null)
  propagate_tags                     = try(each.value.propagate_tags, null)
  enable_ecs_managed_tags            = try(each.value.enable_ecs_managed_tags, true)
  availability_zone_rebalancing      = try(each.value.availability_zone_rebalancing, null)
  wait_for_steady_state              = try(each.value.wait_for_steady_state, null)
  ephemeral_storage                  = try(each.value.ephemeral_storage, null)
  volume                             = try(each.value.volume, null)
  pid_mode                           = try(each.value.pid_mode, null)
  ipc_mode                           = try(each.value.ipc_mode, null)
  network_mode                       = try(each.value.network_mode, "awsvpc")
  enable_fault_injection             = try(each.value.enable_fault_injection, null)
  deployment_maximum_percent         = try(each.value.deployment_maximum_percent, 200)
  family                             = try(each.value.family, null)
  security_group_rules               = try(each.value.security_group_rules, {})
  security_group_ingress_rules       = try(each.value.security_group_ingress_rules, {})
  security_group_egress_rules        = try(each.value.security_group_egress_rules, {})
}

output "cluster_arn" { value = try(aws_ecs_cluster.this[0].arn, null) }
output "cluster_id" { value = try(aws_ecs_cluster.this[0].id, null) }
output "ecs_cluster_id" { value = try(aws_ecs_cluster.this[0].id, null) }
output "ecs_cluster_arn" { value = try(aws_ecs_cluster.this[0].arn, null) }
output "cluster_name" { value = try(aws_ecs_cluster.this[0].name, null) }
output "ecs_cluster_name" { value = try(aws_ecs_cluster.this[0].name, null) }
output "services" { value = module.service }
