"""Formats that tell what the commits of a change were found to be."""
