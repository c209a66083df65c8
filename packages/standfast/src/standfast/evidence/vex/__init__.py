"""Statements that a known vulnerability does not affect the product."""
