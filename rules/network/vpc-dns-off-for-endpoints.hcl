rule "vpc" "vpc-dns-off-for-endpoints" {
  summary   = "A VPC with interface endpoints, Cloud Map or EFS resolves their names."
  severity  = "high"
  rationale = <<-EOT
    Private DNS of interface endpoints, private Cloud Map namespaces and the names of EFS file systems are
    answered by the VPC's own resolver, which needs DNS support and DNS hostnames. Terraform leaves
    `enable_dns_hostnames` false unless it is set, and AWS then refuses an endpoint with private DNS.
  EOT
  remedy    = "Set enable_dns_support and enable_dns_hostnames to true."
  references = [
    "https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html",
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html",
  ]

  when = vpc.in_configuration && vpc.needs_dns

  assert {
    condition     = vpc.dns_hostnames
    error_message = "${vpc} has no DNS hostnames, and something in it is found by name."
    at            = vpc.dns_hostnames
    remedy        = "Set enable_dns_hostnames = true."

    fix {
      set    = { enable_dns_support = true, enable_dns_hostnames = true }
      safety = "safe"
    }
  }

  assert {
    condition     = vpc.dns_support
    error_message = "${vpc} has no DNS support, and something in it is found by name."
    at            = vpc.dns_support
    remedy        = "Set enable_dns_support = true."

    fix {
      set    = { enable_dns_support = true, enable_dns_hostnames = true }
      safety = "safe"
    }
  }

  pass "interface endpoints" {
    source = "fglint:endpoint-service"
  }

  fail "DNS hostnames are left as Terraform has them" {
    resource "aws_vpc" "main" { # fails
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_vpc_endpoint" "logs" {
      vpc_id              = aws_vpc.main.id
      service_name        = "com.amazonaws.eu-west-1.logs"
      vpc_endpoint_type   = "Interface"
      private_dns_enabled = true
    }
  }

  fail "a private Cloud Map namespace, and no DNS at all" {
    resource "aws_vpc" "main" {
      cidr_block           = "10.0.0.0/16"
      enable_dns_support   = false # fails
      enable_dns_hostnames = true
    }

    resource "aws_service_discovery_private_dns_namespace" "main" {
      name = "shop.internal"
      vpc  = aws_vpc.main.id
    }
  }

  unknown "the caller's choice" {
    variable "dns" {
      type = bool
    }

    resource "aws_vpc" "main" {
      cidr_block           = "10.0.0.0/16"
      enable_dns_hostnames = var.dns
    }

    resource "aws_vpc_endpoint" "logs" {
      vpc_id              = aws_vpc.main.id
      service_name        = "com.amazonaws.eu-west-1.logs"
      vpc_endpoint_type   = "Interface"
      private_dns_enabled = true
    }
  }

  not_applicable "a gateway endpoint alone" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_vpc_endpoint" "s3" {
      vpc_id       = aws_vpc.main.id
      service_name = "com.amazonaws.eu-west-1.s3"
    }
  }
}
