"""The language server: findings, values and definitions in an editor. Needs the extra `lsp`."""
