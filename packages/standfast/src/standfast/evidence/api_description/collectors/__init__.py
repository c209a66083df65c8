"""Collectors of API descriptions."""
