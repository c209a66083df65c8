"""Keep what was brought in: content-addressed, whole after any crash, one writer at a time."""
