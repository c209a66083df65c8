"""Readers of statements about the encryption of stored data."""
