"""Tools that lint code."""
