output "repository_url" {
  description = "Where images are pushed to."
  value       = aws_ecr_repository.main.repository_url
}

output "secret_arns" {
  description = "The secrets whose values are to be set, by environment variable."
  value       = { for name, secret in aws_secretsmanager_secret.main : name => secret.arn }
}
