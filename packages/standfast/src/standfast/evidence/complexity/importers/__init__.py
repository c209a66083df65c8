"""Readers of reports about the size of code."""
