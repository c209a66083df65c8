"""Lines of the log, to see whether machines can read them."""
