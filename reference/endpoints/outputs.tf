output "url" {
  description = "Where clients reach the application."
  value       = "https://${var.domain_name}"
}

output "repository_url" {
  description = "Where images are pushed to."
  value       = aws_ecr_repository.app.repository_url
}

output "secret_arn" {
  description = "The secret whose value is to be set before the first deployment."
  value       = aws_secretsmanager_secret.database.arn
}

output "alarm_topic_arn" {
  description = "The topic that alarms go to; subscribe to it."
  value       = aws_sns_topic.alarms.arn
}
