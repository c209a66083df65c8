"""Errors are not swallowed."""
