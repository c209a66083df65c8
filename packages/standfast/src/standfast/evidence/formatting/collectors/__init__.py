"""Formatters, asked without changing anything."""
