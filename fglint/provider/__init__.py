"""What is known of the AWS provider."""
