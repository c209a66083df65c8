"""Readers of mutation reports."""
