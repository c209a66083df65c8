"""Privileged operations need a second factor."""
