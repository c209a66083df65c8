"""Connections without encryption are refused."""
