"""A dynamic scan finds nothing severe."""
