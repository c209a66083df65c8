"""The incident response was exercised."""
