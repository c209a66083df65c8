"""Integration tests exist and run."""
