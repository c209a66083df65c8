"""Readers of reports about infrastructure files."""
