"""Errors of the domain have names."""
