output "urls" {
  description = "Where clients reach the services, by service."
  value       = { for name, service in local.exposed : name => [for host in service.hosts : "https://${host}"] }
}

output "repository_urls" {
  description = "Where the images of each service are pushed to."
  value       = { for name, service in module.service : name => service.repository_url }
}

output "secret_arns" {
  description = "The secrets whose values are to be set before the first deployment, by service and variable."
  value       = { for name, service in module.service : name => service.secret_arns }
}

output "alarm_topic_arn" {
  description = "The topic that alarms go to; subscribe to it."
  value       = aws_sns_topic.alarms.arn
}
