"""Readers of vulnerability reports."""
