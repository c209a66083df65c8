"""Templates encode what they print."""
