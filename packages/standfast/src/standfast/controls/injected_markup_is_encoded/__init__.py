"""Markup in data is encoded when it comes out."""
