"""Readers of VEX documents."""
