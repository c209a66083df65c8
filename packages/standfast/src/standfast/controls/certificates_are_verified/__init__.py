"""Certificates are verified."""
