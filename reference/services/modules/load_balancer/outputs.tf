output "listener_arn" {
  description = "The HTTPS listener; services add their rules to it."
  value       = aws_lb_listener.https.arn
}

output "security_group_id" {
  description = "The load balancer's security group; services let it in, and let it out to them."
  value       = aws_security_group.load_balancer.id
}

output "arn_suffix" {
  description = "The load balancer as CloudWatch's dimension names it."
  value       = aws_lb.main.arn_suffix
}
