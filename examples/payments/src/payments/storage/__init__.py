"""Stores: SQLite for real use, memory for tests and the sandbox. Both pass one contract."""
