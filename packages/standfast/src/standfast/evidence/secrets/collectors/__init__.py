"""Scanners for secrets."""
