"""Collectors of alert rules."""
