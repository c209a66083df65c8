"""Weak settings in container, infrastructure and deployment files."""
