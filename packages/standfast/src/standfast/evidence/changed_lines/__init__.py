"""Which lines a change added."""
