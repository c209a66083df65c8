"""Secrets found in the repository."""
