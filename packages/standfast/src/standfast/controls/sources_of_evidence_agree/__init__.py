"""Sources of the same evidence agree."""
