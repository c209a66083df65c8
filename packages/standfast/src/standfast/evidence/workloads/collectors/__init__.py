"""Collectors of the files that start workloads."""
