"""Retries are bounded and pause."""
