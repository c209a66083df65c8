"""Importers of environments."""
