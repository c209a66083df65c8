"""Readers of test reports."""
