"""Modules are short."""
