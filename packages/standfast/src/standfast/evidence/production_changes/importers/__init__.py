"""Readers of statements about changes of production."""
