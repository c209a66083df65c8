"""Tests assert something."""
