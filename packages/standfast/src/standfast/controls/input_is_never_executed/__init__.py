"""Input is never executed."""
