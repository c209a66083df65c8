"""Queries are parameterised."""
