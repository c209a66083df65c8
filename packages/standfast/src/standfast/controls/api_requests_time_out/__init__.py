"""API requests time out."""
