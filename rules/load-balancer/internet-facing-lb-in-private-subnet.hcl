rule "load_balancer" "internet-facing-lb-in-private-subnet" {
  summary   = "An internet-facing load balancer lies in public subnets."
  severity  = "high"
  rationale = <<-EOT
    AWS gives an internet-facing load balancer public addresses and lets it be created in any subnet of a
    VPC that has an internet gateway. Without a route to that gateway the answers never leave: clients
    time out. An internal load balancer gains nothing from a public subnet.
  EOT
  remedy    = "Place the load balancer in subnets whose route table has a route to the internet gateway, or set internal = true."
  references = [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
  ]

  locals {
    private = [for subnet in load_balancer.subnets : subnet if subnet.certainly_private]
    public  = [for subnet in load_balancer.subnets : subnet if subnet.certainly_public]
  }

  when = load_balancer.type != "gateway"

  assert {
    condition     = anytrue([load_balancer.internal, load_balancer.without_gateway, alltrue([for subnet in load_balancer.subnets : subnet.public])])
    error_message = "${load_balancer} faces the internet, and ${join(" and ", local.private[*].text)} %{if length(local.private) == 1}has%{else}have%{endif} no route to an internet gateway."
    at            = load_balancer.subnets
  }

  assert {
    condition     = load_balancer.internal || load_balancer.internet_gateway
    error_message = "${load_balancer} faces the internet, and its VPC has no internet gateway, so that AWS does not create it."
    at            = load_balancer.internet_gateway
    remedy        = "Attach an aws_internet_gateway to the VPC, or set internal = true."
  }

  assert {
    condition     = !load_balancer.internal || alltrue([for subnet in load_balancer.subnets : !subnet.public])
    error_message = "${load_balancer} is internal, and lies in %{if length(local.public) == 1}a public subnet%{else}public subnets%{endif} (${join(", ", local.public[*].text)})."
    at            = load_balancer.subnets
    severity      = "low"
    remedy        = "Place the internal load balancer in private subnets."
  }

  pass "public subnets" {
    source = "fglint:private-service"
  }

  pass "an internal one in private subnets" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      internal = true
      subnets  = aws_subnet.private[*].id
    }
  }

  fail "private subnets" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      subnets = aws_subnet.private[*].id # fails
    }
  }

  fail "a VPC without an internet gateway" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "main" {
      for_each          = { a = "10.0.0.0/24", b = "10.0.1.0/24" }
      vpc_id            = aws_vpc.main.id
      availability_zone = "eu-west-1${each.key}"
      cidr_block        = each.value
    }

    resource "aws_lb" "main" {
      subnets = [for subnet in aws_subnet.main : subnet.id] # fails
    }
  }

  fail "an internal one in public subnets" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      internal = true
      subnets  = aws_subnet.public[*].id # fails
    }
  }

  unknown "the subnets belong to another state" {
    source = "fglint:private-service"

    variable "subnet_ids" {
      type = list(string)
    }

    resource "aws_lb" "main" {
      subnets = var.subnet_ids
    }
  }

  not_applicable "a Gateway Load Balancer" {
    source = "fglint:private-service"

    resource "aws_lb" "main" {
      load_balancer_type = "gateway"
    }
  }
}
