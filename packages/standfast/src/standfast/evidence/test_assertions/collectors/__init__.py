"""Collectors of what tests assert."""
