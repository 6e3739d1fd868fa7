variable "name" {
  description = "Name of the system."
  type        = string
}

variable "region" {
  description = "AWS region of the VPC."
  type        = string
}

variable "vpc_cidr" {
  description = "Address range of the VPC, a /16."
  type        = string
}

variable "zone_count" {
  description = "Number of Availability Zones."
  type        = number
  default     = 2
}

variable "key_arn" {
  description = "KMS key for the flow logs; its policy lets CloudWatch Logs use it."
  type        = string
}
