"""Logs and addresses hold no personal data."""
