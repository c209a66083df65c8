"""Validation errors name the field."""
