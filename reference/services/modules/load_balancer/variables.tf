variable "name" {
  description = "Name of the system."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the load balancer."
  type        = string
}

variable "subnet_ids" {
  description = "Public subnets, in two zones or more."
  type        = list(string)
}

variable "zone_name" {
  description = "Public Route 53 zone that holds the domain names."
  type        = string
}

variable "hosts" {
  description = "Domain names that clients use, one at least."
  type        = list(string)
}

variable "key_arn" {
  description = "KMS key for the firewall's logs; its policy lets CloudWatch Logs use it."
  type        = string
}
