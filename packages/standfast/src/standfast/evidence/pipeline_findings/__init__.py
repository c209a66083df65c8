"""Weak settings in pipeline definitions."""
