"""Importers of API descriptions."""
