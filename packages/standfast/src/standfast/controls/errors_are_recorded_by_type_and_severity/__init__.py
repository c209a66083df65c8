"""Errors are recorded by type and by severity."""
