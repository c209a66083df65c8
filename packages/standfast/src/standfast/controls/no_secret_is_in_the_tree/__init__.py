"""No secret is in the repository."""
