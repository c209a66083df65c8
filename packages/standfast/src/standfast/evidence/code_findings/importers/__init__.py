"""Readers of static analysis reports."""
