rule "subnet" "exhaustible-subnet" {
  summary   = "A subnet has an address for each task that may run in it, and for its load balancer."
  severity  = "medium"
  default   = false
  remedy    = "Give the subnet a larger block: a /24 has 251 addresses."
  rationale = <<-EOT
    Each task on Fargate has an address of its own, and a deployment runs new tasks
    beside old ones. When the subnet has none left, tasks do not start, which happens
    when the load is highest. A load balancer needs a /27 with eight free addresses to
    grow. AWS keeps five addresses of each subnet.
  EOT
  references = [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer",
  ]

  when = subnet.address_count != null && (length(subnet.services) > 0 || length(subnet.load_balancers) > 0)

  assert {
    condition     = subnet.address_count == null || subnet.task_demand <= coalesce(subnet.address_count, 0)
    error_message = "${subnet} has ${subnet.address_count} addresses, and up to ${subnet.task_demand} tasks run in it."
    at            = subnet.cidr_block
  }

  assert {
    condition     = subnet.address_count == null || length(subnet.load_balancers) == 0 || coalesce(subnet.address_count, 0) >= 27
    error_message = "${subnet} has ${subnet.address_count} addresses, and a load balancer needs a /27 (27) or more."
    at            = subnet.cidr_block
  }

  assert {
    condition     = subnet.address_count == null || length(subnet.load_balancers) == 0 || coalesce(subnet.address_count, 0) - subnet.task_demand >= 8
    error_message = "${subnet} has ${subnet.address_count} addresses, and up to ${subnet.task_demand} tasks leave fewer than 8 for its load balancer to grow."
    at            = subnet.cidr_block
  }

  pass "a /24" {
    source = "fglint:private-service"
  }

  fail "too few for the most that autoscaling runs" {
    source = "fglint:private-service"

    resource "aws_subnet" "private" {
      cidr_block = "10.0.${10 + count.index}.0/28" # fails
    }

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"
      min_capacity       = 2
      max_capacity       = 20
    }
  }

  fail "no room for the load balancer" {
    source = "fglint:private-service"

    resource "aws_subnet" "public" {
      cidr_block = "10.0.${count.index}.0/28" # fails
    }
  }

  fail "tasks take the load balancer's" {
    source = "fglint:private-service"

    resource "aws_subnet" "public" {
      cidr_block = "10.0.${count.index}.0/27" # fails
    }

    resource "aws_ecs_service" "app" {
      desired_count = 22
      network_configuration {
        subnets         = aws_subnet.public[*].id
        security_groups = [aws_security_group.task.id]
      }
    }
  }

  unknown "the block is the caller's choice" {
    source = "fglint:private-service"

    variable "blocks" { type = list(string) }

    resource "aws_subnet" "private" {
      cidr_block = var.blocks[count.index]
    }
  }

  not_applicable "nothing runs in it" {
    resource "aws_subnet" "spare" {
      vpc_id     = "vpc-0123"
      cidr_block = "10.0.0.0/28"
    }
  }
}
