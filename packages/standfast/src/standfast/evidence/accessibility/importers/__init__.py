"""Readers of accessibility reports."""
