"""Trees of a million leaves: ours in tiles, and a peer's in memory."""
