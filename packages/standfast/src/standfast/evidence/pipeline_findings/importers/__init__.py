"""Readers of reports about pipeline definitions."""
