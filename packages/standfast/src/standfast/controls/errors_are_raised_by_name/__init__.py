"""Errors are raised by name."""
