variable "name" {
  description = "Name of the application; the resources are named after it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,20}$", var.name))
    error_message = "The name is lower-case letters, digits and hyphens, 2 to 21 characters."
  }
}

variable "region" {
  description = "AWS region that everything is in."
  type        = string
}

variable "zone_name" {
  description = "Public Route 53 zone that holds the application's domain name."
  type        = string
}

variable "domain_name" {
  description = "Domain name that clients use."
  type        = string
}

variable "app_version" {
  description = "Tag of the image in the repository; tags are immutable."
  type        = string
}

variable "container_port" {
  description = "TCP port that the application listens on."
  type        = number
  default     = 8080
}

variable "vpc_cidr" {
  description = "Address range of the VPC."
  type        = string
  default     = "10.20.0.0/16"
}

variable "zone_count" {
  description = "Number of Availability Zones."
  type        = number
  default     = 2

  validation {
    condition     = var.zone_count >= 2 && var.zone_count <= 3
    error_message = "Use two or three Availability Zones."
  }
}

variable "desired_count" {
  description = "Number of tasks to begin with; autoscaling takes over from there."
  type        = number
  default     = 2
}
