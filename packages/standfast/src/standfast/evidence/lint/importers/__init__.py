"""Readers of linter reports."""
