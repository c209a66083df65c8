"""Collectors of repository facts."""
