"""Values, types and expressions, as Terraform evaluates them."""
