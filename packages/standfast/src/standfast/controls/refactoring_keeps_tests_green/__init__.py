"""Refactoring keeps the tests green."""
