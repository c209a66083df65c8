"""Importers of log lines."""
