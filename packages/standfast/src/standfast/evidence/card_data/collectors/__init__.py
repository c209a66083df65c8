"""The scan of the tracked files for card data."""
