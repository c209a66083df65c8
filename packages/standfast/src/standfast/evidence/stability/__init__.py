"""Whether the suite gives the same answer every time."""
