"""Configurations: modules, variables, instances, and what their values are."""
