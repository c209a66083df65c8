"""Outbound time limits are conservative."""
