"""Suppressions do not grow."""
