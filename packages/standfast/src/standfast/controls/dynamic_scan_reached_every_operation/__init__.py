"""The dynamic scan was logged in and reached every operation."""
