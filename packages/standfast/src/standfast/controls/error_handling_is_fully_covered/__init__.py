"""Error handling is fully covered."""
