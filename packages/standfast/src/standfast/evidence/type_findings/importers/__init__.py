"""Readers of type checker reports."""
