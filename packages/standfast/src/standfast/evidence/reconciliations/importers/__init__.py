"""Readers of statements about reconciliations."""
