"""The README lets a newcomer start."""
