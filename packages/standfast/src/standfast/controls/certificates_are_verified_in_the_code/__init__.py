"""Outgoing connections verify certificates."""
