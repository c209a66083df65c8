"""Importers of attestations."""
