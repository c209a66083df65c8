"""Unit tests exist and run."""
