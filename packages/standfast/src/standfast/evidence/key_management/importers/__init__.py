"""Readers of statements about key management."""
