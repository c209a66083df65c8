"""Responses carry the headers that protect browsers."""
