"""Importers of metrics."""
