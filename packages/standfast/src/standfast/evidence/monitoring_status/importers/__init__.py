"""Importers of the state of a monitoring system."""
