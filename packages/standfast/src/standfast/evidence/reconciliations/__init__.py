"""Whether the books agree."""
