"""Durable appends: ours to SQLite, signed and anchored, and the peer's."""
