"""Readers of reports of secret scanners."""
