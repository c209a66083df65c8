"""Unexpected errors are answered in one place."""
