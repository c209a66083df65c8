"""Readers of statements about reviews of access."""
