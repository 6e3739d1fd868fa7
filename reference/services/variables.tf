variable "name" {
  description = "Name of the system; the resources are named after it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,15}$", var.name))
    error_message = "The name is lower-case letters, digits and hyphens, 2 to 16 characters."
  }
}

variable "region" {
  description = "AWS region that everything is in."
  type        = string
}

variable "zone_name" {
  description = "Public Route 53 zone that holds the domain names."
  type        = string
}

variable "vpc_cidr" {
  description = "Address range of the VPC."
  type        = string
  default     = "10.30.0.0/16"
}

variable "services" {
  description = "Services by name. One without hosts is a worker: no load balancer leads to it."

  type = map(object({
    app_version   = string
    cpu           = optional(number, 256)
    memory        = optional(number, 512)
    desired_count = optional(number, 2)
    hosts         = optional(list(string), [])
    port          = optional(number, 8080)
    environment   = optional(map(string), {})
    secrets       = optional(list(string), [])
  }))

  validation {
    condition     = alltrue([for name in keys(var.services) : can(regex("^[a-z][a-z0-9-]{1,11}$", name))])
    error_message = "Names of services are lower-case letters, digits and hyphens, 2 to 12 characters."
  }
}
