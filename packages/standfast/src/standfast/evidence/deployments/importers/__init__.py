"""Importers of deployments."""
