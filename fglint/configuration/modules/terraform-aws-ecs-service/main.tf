# source: terraform-aws-modules/ecs/aws//modules/service
#
# What the module's page "Inputs" and "Outputs" determine, versions 5 to 7. A container definition's
# members are written in snake case before version 6 and in camel case since.

variable "create" { default = true }
variable "create_service" { default = true }
variable "create_task_definition" { default = true }
variable "task_definition_arn" { default = null }
variable "name" { default = "" }
variable "family" { default = null }
variable "cluster_arn" {}
variable "container_definitions" { default = {} }
variable "container_definition_defaults" { default = {} }
variable "load_balancer" { default = {} }
variable "subnet_ids" { default = [] }
variable "security_group_ids" { default = [] }
variable "create_security_group" { default = true }
variable "assign_public_ip" { default = false }
variable "launch_type" { default = "FARGATE" }
variable "capacity_provider_strategy" { default = {} }
variable "requires_compatibilities" { default = ["FARGATE"] }
variable "network_mode" { default = "awsvpc" }
variable "cpu" { default = 1024 }
variable "memory" { default = 2048 }
variable "desired_count" { default = 1 }
variable "deployment_maximum_percent" { default = 200 }
variable "deployment_minimum_healthy_percent" { default = 66 }
variable "enable_execute_command" { default = false }
variable "create_task_exec_iam_role" { default = true }
variable "task_exec_iam_role_arn" { default = null }
variable "create_tasks_iam_role" { default = true }
variable "tasks_iam_role_arn" { default = null }
variable "service_registries" { default = null }
variable "service_connect_configuration" { default = null }
variable "runtime_platform" { default = null }
variable "policies" {} # of the execution role: what they allow differs between versions

locals {
  has_service = var.create && var.create_service
  has_task    = var.create && var.create_task_definition
  strategies  = try({ for key, each in var.capacity_provider_strategy : key => each }, {})
  balancers   = try({ for key, each in var.load_balancer : key => each }, {})
  registries  = var.service_registries == null ? [] : try(length(keys(var.service_registries)) == 0, false) ? [] : [var.service_registries]
  connect     = var.service_connect_configuration == null ? [] : try(length(keys(var.service_connect_configuration)) == 0, false) ? [] : [var.service_connect_configuration]

  definitions = { for key, container in var.container_definitions : key => container if try(container.create, true) }

  containers = [
    for key, container in local.definitions : {
      name                   = try(coalesce(container.name, key), key)
      image                  = try(container.image, var.container_definition_defaults.image, null)
      cpu                    = try(container.cpu, null)
      memory                 = try(container.memory, null)
      memoryReservation      = try(container.memoryReservation, container.memory_reservation, null)
      essential              = try(container.essential, null)
      command                = try(container.command, null)
      entryPoint             = try(container.entryPoint, container.entrypoint, null)
      environment            = try(container.environment, null)
      environmentFiles       = try(container.environmentFiles, container.environment_files, null)
      secrets                = try(container.secrets, null)
      portMappings           = try(container.portMappings, container.port_mappings, null)
      healthCheck            = try(container.healthCheck, container.health_check, null)
      dependsOn              = try(container.dependsOn, container.dependencies, null)
      mountPoints            = try(container.mountPoints, container.mount_points, null)
      user                   = try(container.user, null)
      privileged             = try(container.privileged, null)
      readonlyRootFilesystem = try(container.readonlyRootFilesystem, container.readonly_root_filesystem, true)
      linuxParameters        = try(container.linuxParameters, container.linux_parameters, null)
      firelensConfiguration  = try(container.firelensConfiguration, container.firelens_configuration, null)
      repositoryCredentials  = try(container.repositoryCredentials, container.repository_credentials, null)
      dockerLabels           = try(container.dockerLabels, container.docker_labels, null)
      logConfiguration = (
        try(container.enable_cloudwatch_logging, true)
        ? {
          logDriver = try(container.logConfiguration.logDriver, container.log_configuration.logDriver, "awslogs")
          options   = try(container.logConfiguration.options, container.log_configuration.options, var.policies)
        }
        : try(container.logConfiguration, container.log_configuration, null)
      )
    }
  ]
}

resource "aws_ecs_task_definition" "this" {
  count                    = local.has_task ? 1 : 0
  family                   = try(coalesce(var.family, var.name), var.name)
  requires_compatibilities = var.requires_compatibilities
  network_mode             = var.network_mode
  cpu                      = var.cpu
  memory                   = var.memory
  container_definitions    = jsonencode(local.containers)
  execution_role_arn       = var.create_task_exec_iam_role ? aws_iam_role.task_exec[0].arn : var.task_exec_iam_role_arn
  task_role_arn            = var.create_tasks_iam_role ? aws_iam_role.tasks[0].arn : var.tasks_iam_role_arn
}

resource "aws_iam_role" "task_exec" {
  count = var.create && var.create_task_exec_iam_role ? 1 : 0

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "task_exec" {
  count  = var.create && var.create_task_exec_iam_role ? 1 : 0
  role   = aws_iam_role.task_exec[0].id
  policy = var.policies
}

resource "aws_iam_role" "tasks" {
  count = var.create && var.create_tasks_iam_role ? 1 : 0

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_security_group" "this" {
  count = var.create && var.create_security_group ? 1 : 0
}

resource "aws_ecs_service" "this" {
  count                              = local.has_service ? 1 : 0
  name                               = var.name
  cluster                            = var.cluster_arn
  task_definition                    = var.create_task_definition ? aws_ecs_task_definition.this[0].arn : var.task_definition_arn
  launch_type                        = length(local.strategies) > 0 ? null : var.launch_type
  desired_count                      = var.desired_count
  deployment_maximum_percent         = var.deployment_maximum_percent
  deployment_minimum_healthy_percent = var.deployment_minimum_healthy_percent
  enable_execute_command             = var.enable_execute_command

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = concat(var.create_security_group ? [aws_security_group.this[0].id] : [], var.security_group_ids)
    assign_public_ip = var.assign_public_ip
  }

  dynamic "capacity_provider_strategy" {
    for_each = local.strategies
    content {
      capacity_provider = capacity_provider_strategy.value.capacity_provider
      base              = try(capacity_provider_strategy.value.base, null)
      weight            = try(capacity_provider_strategy.value.weight, null)
    }
  }

  dynamic "load_balancer" {
    for_each = local.balancers
    content {
      container_name   = load_balancer.value.container_name
      container_port   = load_balancer.value.container_port
      target_group_arn = try(load_balancer.value.target_group_arn, null)
      elb_name         = try(load_balancer.value.elb_name, null)
    }
  }

  dynamic "service_registries" {
    for_each = local.registries
    content {
      registry_arn   = service_registries.value.registry_arn
      container_name = try(service_registries.value.container_name, null)
      container_port = try(service_registries.value.container_port, null)
      port           = try(service_registries.value.port, null)
    }
  }

  dynamic "service_connect_configuration" {
    for_each = local.connect
    content {
      enabled   = try(service_connect_configuration.value.enabled, true)
      namespace = try(service_connect_configuration.value.namespace, null)

      dynamic "service" {
        for_each = try(service_connect_configuration.value.service, null) == null ? [] : flatten([service_connect_configuration.value.service])
        content {
          port_name = service.value.port_name
        }
      }
    }
  }

  dynamic "vpc_lattice_configurations" {
    for_each = []
    content {}
  }

  depends_on = [aws_iam_role_policy.task_exec]
}

output "id" { value = try(aws_ecs_service.this[0].id, null) }
output "name" { value = try(aws_ecs_service.this[0].name, null) }
output "task_definition_arn" { value = try(aws_ecs_task_definition.this[0].arn, null) }
output "task_exec_iam_role_arn" { value = try(aws_iam_role.task_exec[0].arn, var.task_exec_iam_role_arn) }
output "task_exec_iam_role_name" { value = try(aws_iam_role.task_exec[0].name, null) }
output "tasks_iam_role_arn" { value = try(aws_iam_role.tasks[0].arn, var.tasks_iam_role_arn) }
output "tasks_iam_role_name" { value = try(aws_iam_role.tasks[0].name, null) }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
output "security_group_arn" { value = try(aws_security_group.this[0].arn, null) }
