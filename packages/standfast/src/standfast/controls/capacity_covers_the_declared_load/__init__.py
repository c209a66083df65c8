"""Capacity covers the declared load."""
