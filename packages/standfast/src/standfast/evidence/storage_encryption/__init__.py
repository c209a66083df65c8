"""Whether stored data is encrypted."""
