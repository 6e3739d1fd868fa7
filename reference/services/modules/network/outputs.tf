output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.main.id
}

output "public_subnet_ids" {
  description = "Subnets for load balancers, one a zone."
  value       = [for subnet in aws_subnet.public : subnet.id]
  depends_on  = [aws_route.internet, aws_route_table_association.public]
}

# Whoever uses the subnets waits for their way out.
output "private_subnet_ids" {
  description = "Subnets for tasks, one a zone."
  value       = [for subnet in aws_subnet.private : subnet.id]
  depends_on  = [aws_route.nat, aws_route_table_association.private]
}
