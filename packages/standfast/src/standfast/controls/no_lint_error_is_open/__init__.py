"""No linter error is open."""
