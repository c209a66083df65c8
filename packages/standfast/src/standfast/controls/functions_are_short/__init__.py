"""Functions are short."""
