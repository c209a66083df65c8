"""Readers of reports of dynamic scanners."""
