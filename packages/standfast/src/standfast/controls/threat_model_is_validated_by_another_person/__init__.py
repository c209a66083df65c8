"""The threat model is validated by somebody other than its author."""
