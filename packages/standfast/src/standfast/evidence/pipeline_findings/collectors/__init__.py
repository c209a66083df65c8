"""Scanners of pipeline definitions."""
