"""Being ready is told from being alive."""
