"""Collectors of attestations."""
