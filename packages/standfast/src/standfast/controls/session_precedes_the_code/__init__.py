"""The session was opened before the code."""
