"""Each manifest has its lock file beside it."""
