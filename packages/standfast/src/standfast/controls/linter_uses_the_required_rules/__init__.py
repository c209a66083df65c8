"""The linter uses the required rules."""
