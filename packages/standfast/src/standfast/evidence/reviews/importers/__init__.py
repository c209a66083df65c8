"""Importers of reviews: exports of a forge."""
