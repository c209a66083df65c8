"""Importers of alert rules."""
