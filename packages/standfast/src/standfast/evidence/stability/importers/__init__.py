"""Formats that tell whether repeated runs of the tests agree."""
