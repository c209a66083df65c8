"""Circuit breakers open, and close again."""
