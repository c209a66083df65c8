"""Readers of page measurements."""
