variable "name" {
  description = "Name of the service; its resources are named after it."
  type        = string
}

variable "region" {
  description = "AWS region of the service."
  type        = string
}

variable "cluster" {
  description = "The ECS cluster."
  type        = object({ arn = string, name = string })
}

variable "vpc_id" {
  description = "VPC of the tasks."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets with a way out, in two zones or more."
  type        = list(string)
}

variable "key_arn" {
  description = "KMS key for secrets, images and logs; its policy lets CloudWatch Logs use it."
  type        = string
}

variable "alarm_topic" {
  description = "ARN of the topic that alarms go to."
  type        = string
}

variable "app_version" {
  description = "Tag of the image in the repository; tags are immutable."
  type        = string
}

variable "cpu" {
  description = "CPU units of a task; 1024 are one vCPU."
  type        = number
}

variable "memory" {
  description = "MiB of memory of a task."
  type        = number
}

variable "desired_count" {
  description = "Number of tasks to begin with; autoscaling takes over from there."
  type        = number
}

variable "environment" {
  description = "Environment variables. What is secret belongs in secrets."
  type        = map(string)
}

variable "secrets" {
  description = "Names of environment variables that come from secrets of their own."
  type        = list(string)
}

variable "exposure" {
  description = "How clients reach the service; null for a worker."

  type = object({
    hosts             = list(string)
    port              = number
    listener_arn      = string
    security_group_id = string
    arn_suffix        = string
  })

  default = null
}
