"""Collectors of documents."""
