"""Service levels are defined within the limits of the standard."""
