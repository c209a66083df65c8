"""Collectors of what is locked."""
