"""Scanners of infrastructure files."""
