"""Terraform's functions, each in the module that `registry.HOMES` names."""
