locals {
  exposed = { for name, service in var.services : name => service if length(service.hosts) > 0 }
}

module "network" {
  source = "./modules/network"

  name     = var.name
  region   = var.region
  vpc_cidr = var.vpc_cidr
  key_arn  = aws_kms_key.main.arn
}

module "load_balancer" {
  source = "./modules/load_balancer"

  name       = var.name
  vpc_id     = module.network.vpc_id
  subnet_ids = module.network.public_subnet_ids
  zone_name  = var.zone_name
  hosts      = sort(flatten([for service in local.exposed : service.hosts]))
  key_arn    = aws_kms_key.main.arn
}

module "service" {
  source   = "./modules/service"
  for_each = var.services

  name        = "${var.name}-${each.key}"
  region      = var.region
  cluster     = { arn = aws_ecs_cluster.main.arn, name = aws_ecs_cluster.main.name }
  vpc_id      = module.network.vpc_id
  subnet_ids  = module.network.private_subnet_ids
  key_arn     = aws_kms_key.main.arn
  alarm_topic = aws_sns_topic.alarms.arn

  app_version   = each.value.app_version
  cpu           = each.value.cpu
  memory        = each.value.memory
  desired_count = each.value.desired_count
  environment   = each.value.environment
  secrets       = each.value.secrets

  exposure = length(each.value.hosts) == 0 ? null : {
    hosts             = each.value.hosts
    port              = each.value.port
    listener_arn      = module.load_balancer.listener_arn
    security_group_id = module.load_balancer.security_group_id
    arn_suffix        = module.load_balancer.arn_suffix
  }
}

# ---- what the services share -------------------------------------------------------------------

resource "aws_ecs_cluster" "main" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "enhanced"
  }

  # Else Container Insights makes its log group itself, without retention.
  depends_on = [aws_cloudwatch_log_group.insights]
}

resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = 1
    weight            = 1
  }
}

# The name is the one that Container Insights writes to.
resource "aws_cloudwatch_log_group" "insights" {
  name              = "/aws/ecs/containerinsights/${var.name}/performance"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.main.arn
}

# Subscribe to this topic whoever is on call.
resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = aws_kms_key.main.id
}
