"""fglint: policy and lint checks for ECS/Fargate infrastructure in Terraform."""

__version__ = "0.1.0"
