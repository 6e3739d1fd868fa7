# source: terraform-aws-modules/ecs/aws//modules/service
#
# What the module's page "Inputs" and "Outputs" determine, versions 5 to 7. A container definition's
# members are written in snake case before version 6 and in camel case since.

variable "version" {}
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
variable "deployment_circuit_breaker" { default = null }
variable "health_check_grace_period_seconds" { default = null }
variable "platform_version" { default = null }
variable "propagate_tags" { default = null }
variable "enable_ecs_managed_tags" { default = true }
variable "availability_zone_rebalancing" { default = null }
variable "wait_for_steady_state" { default = null }
variable "ephemeral_storage" { default = null }
variable "volume" { default = null }
variable "pid_mode" { default = null }
variable "ipc_mode" { default = null }
variable "enable_fault_injection" { default = null }
variable "security_group_rules" { default = {} }
variable "security_group_ingress_rules" { default = {} }
variable "security_group_egress_rules" { default = {} }
variable "policies" {} # of the execution role: what they allow differs between versions

locals {
  has_service = var.create && var.create_service
  has_task    = var.create && var.create_task_definition
  has_group   = var.create && var.create_security_group && var.network_mode == "awsvpc"
  strategies  = try({ for key, each in var.capacity_provider_strategy : key => each }, {})
  balancers   = try({ for key, each in var.load_balancer : key => each }, {})
  registries  = var.service_registries == null ? [] : try(length(keys(var.service_registries)) == 0, false) ? [] : [var.service_registries]
  connect     = var.service_connect_configuration == null ? [] : try(length(keys(var.service_connect_configuration)) == 0, false) ? [] : [var.service_connect_configuration]

  definitions = {
    for key, container in var.container_definitions : key => merge(var.container_definition_defaults, container) if try(container.create, true)
  }

  containers = [
    for key, container in local.definitions : {
      name                   = try(coalesce(container.name, key), key)
      image                  = try(container.image, null)
      cpu                    = try(tonumber(container.cpu), null)
      memory                 = try(tonumber(container.memory), null)
      memoryReservation      = try(tonumber(container.memoryReservation), tonumber(container.memory_reservation), null)
      essential              = try(container.essential, null)
      command                = try([for word in container.command : tostring(word)], null)
      entryPoint             = try([for word in container.entrypoint : tostring(word)], null)
      environment            = try([for each in container.environment : { name = each.name, value = tostring(each.value) }], null)
      environmentFiles       = try(container.environmentFiles, container.environment_files, null)
      secrets                = try(container.secrets, null)
      portMappings           = try(container.portMappings, container.port_mappings, null)
      healthCheck            = try(container.healthCheck, container.health_check, null)
      dependsOn              = try(container.dependsOn, container.dependencies, null)
      mountPoints            = try(container.mountPoints, container.mount_points, null)
      volumesFrom            = try(container.volumesFrom, container.volumes_from, null)
      user                   = try(tostring(container.user), var.version >= 6 ? null : var.policies)
      workingDirectory       = try(container.workingDirectory, container.working_directory, null)
      hostname               = try(container.hostname, null)
      links                  = try(container.links, null)
      disableNetworking      = try(container.disableNetworking, container.disable_networking, null)
      dnsServers             = try(container.dnsServers, container.dns_servers, null)
      dnsSearchDomains       = try(container.dnsSearchDomains, container.dns_search_domains, null)
      extraHosts             = try(container.extraHosts, container.extra_hosts, null)
      dockerSecurityOptions  = try(container.dockerSecurityOptions, container.docker_security_options, null)
      interactive            = try(container.interactive, false)
      pseudoTerminal         = try(container.pseudoTerminal, container.pseudo_terminal, false)
      privileged             = try(container.privileged, false)
      readonlyRootFilesystem = try(container.readonlyRootFilesystem, container.readonly_root_filesystem, true)
      startTimeout           = try(tonumber(container.startTimeout), tonumber(container.start_timeout), 30)
      stopTimeout            = try(tonumber(container.stopTimeout), tonumber(container.stop_timeout), 120)
      ulimits                = try(container.ulimits, null)
      systemControls         = try(container.systemControls, container.system_controls, null)
      resourceRequirements   = try([for each in try(container.resourceRequirements, container.resource_requirements) : { type = each.type, value = tostring(each.value) }], null)
      credentialSpecs        = try(container.credentialSpecs, null)
      firelensConfiguration  = try(container.firelensConfiguration, container.firelens_configuration, null)
      repositoryCredentials  = try(container.repositoryCredentials, container.repository_credentials, null)
      dockerLabels           = try({ for name, each in try(container.dockerLabels, container.docker_labels) : name => tostring(each) }, null)
      versionConsistency     = try(container.versionConsistency, var.version < 6 ? null : "disabled")

      linuxParameters = merge(
        { initProcessEnabled = try(container.enable_execute_command, var.enable_execute_command) },
        try({ for name, each in try(container.linuxParameters, container.linux_parameters) : name => each if each != null }, {}),
      )

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
  pid_mode                 = var.pid_mode
  ipc_mode                 = var.ipc_mode
  enable_fault_injection   = var.enable_fault_injection
  container_definitions    = jsonencode(local.containers)
  execution_role_arn       = var.create_task_exec_iam_role ? aws_iam_role.task_exec[0].arn : var.task_exec_iam_role_arn
  task_role_arn            = var.create_tasks_iam_role ? aws_iam_role.tasks[0].arn : var.tasks_iam_role_arn

  runtime_platform {
    operating_system_family = try(coalesce(var.runtime_platform.operating_system_family), "LINUX")
    cpu_architecture        = try(coalesce(var.runtime_platform.cpu_architecture), "X86_64")
  }

  dynamic "volume" {
    for_each = try({ for key, each in var.volume : key => each }, {})
    content {
      name                = try(coalesce(volume.value.name), volume.key)
      host_path           = try(volume.value.host_path, null)
      configure_at_launch = try(volume.value.configure_at_launch, null)

      dynamic "efs_volume_configuration" {
        for_each = try([for each in [volume.value.efs_volume_configuration] : each if each != null], [])
        content {
          file_system_id          = efs_volume_configuration.value.file_system_id
          root_directory          = try(efs_volume_configuration.value.root_directory, null)
          transit_encryption      = try(efs_volume_configuration.value.transit_encryption, null)
          transit_encryption_port = try(efs_volume_configuration.value.transit_encryption_port, null)

          dynamic "authorization_config" {
            for_each = try([for each in [efs_volume_configuration.value.authorization_config] : each if each != null], [])
            content {
              access_point_id = try(authorization_config.value.access_point_id, null)
              iam             = try(authorization_config.value.iam, null)
            }
          }
        }
      }

      dynamic "docker_volume_configuration" {
        for_each = try([for each in [volume.value.docker_volume_configuration] : each if each != null], [])
        content {}
      }

      dynamic "fsx_windows_file_server_volume_configuration" {
        for_each = try([for each in [volume.value.fsx_windows_file_server_volume_configuration] : each if each != null], [])
        content {}
      }
    }
  }

  dynamic "ephemeral_storage" {
    for_each = try([var.ephemeral_storage.size_in_gib], [])
    content {
      size_in_gib = ephemeral_storage.value
    }
  }
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
  count = local.has_group ? 1 : 0

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
  for_each                 = { for key, rule in var.security_group_rules : key => rule if local.has_group }
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
  for_each                     = try({ for key, rule in var.security_group_ingress_rules : key => rule if local.has_group }, {})
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(coalesce(each.value.ip_protocol), "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(coalesce(try(each.value.to_port, null), each.value.from_port), null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id == "self" ? aws_security_group.this[0].id : each.value.referenced_security_group_id, null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each                     = try({ for key, rule in var.security_group_egress_rules : key => rule if local.has_group }, {})
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(coalesce(each.value.ip_protocol), "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(coalesce(try(each.value.to_port, null), each.value.from_port), null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id == "self" ? aws_security_group.this[0].id : each.value.referenced_security_group_id, null)
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
  health_check_grace_period_seconds  = var.health_check_grace_period_seconds
  platform_version                   = var.platform_version
  propagate_tags                     = var.propagate_tags
  enable_ecs_managed_tags            = var.enable_ecs_managed_tags
  availability_zone_rebalancing      = var.availability_zone_rebalancing
  wait_for_steady_state              = var.wait_for_steady_state

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = concat(aws_security_group.this[*].id, var.security_group_ids)
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

  dynamic "deployment_circuit_breaker" {
    for_each = try([{ enable = var.deployment_circuit_breaker.enable, rollback = var.deployment_circuit_breaker.rollback }], [])
    content {
      enable   = deployment_circuit_breaker.value.enable
      rollback = deployment_circuit_breaker.value.rollback
    }
  }

  dynamic "vpc_lattice_configurations" {
    for_each = []
    content {}
  }
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
