"""Tests are left out only with a reason."""
