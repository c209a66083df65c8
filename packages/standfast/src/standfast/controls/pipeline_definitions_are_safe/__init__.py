"""Pipeline definitions hold no severe weakness."""
