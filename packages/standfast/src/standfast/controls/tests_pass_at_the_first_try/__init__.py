"""Tests pass at the first try."""
