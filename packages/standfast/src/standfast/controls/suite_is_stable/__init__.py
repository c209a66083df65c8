"""The suite gives the same result every time."""
