"""Suppressed weaknesses are justified."""
