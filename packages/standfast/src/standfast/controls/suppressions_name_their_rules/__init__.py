"""Suppressions name their rules."""
