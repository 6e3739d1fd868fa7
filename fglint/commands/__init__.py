"""Commands: one module each, the only places that print."""
