"""Tools that run tests."""
