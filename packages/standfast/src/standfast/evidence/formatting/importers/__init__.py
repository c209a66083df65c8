"""Readers of formatter output."""
