"""Errors of access have names."""
