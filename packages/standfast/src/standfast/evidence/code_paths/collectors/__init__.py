"""Tools that read the code."""
