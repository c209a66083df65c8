"""Suppressions give a reason."""
