"""Collectors of change facts."""
