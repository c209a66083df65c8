"""The code takes database connections from a pool."""
