"""Collectors of what the code of a service answers."""
