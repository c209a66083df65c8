"""Docstrings match signatures."""
