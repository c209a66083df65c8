"""Tools that measure coverage."""
