"""Importers of restore drills."""
