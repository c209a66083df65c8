"""Ignored type errors do not grow."""
