"""Stored data is encrypted with keys as long as the standard asks."""
