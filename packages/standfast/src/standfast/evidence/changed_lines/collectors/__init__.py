"""Tools that compare with the base."""
