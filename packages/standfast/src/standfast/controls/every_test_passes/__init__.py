"""Every test passes."""
