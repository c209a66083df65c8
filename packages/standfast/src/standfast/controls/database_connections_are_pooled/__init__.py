"""Database connections are pooled."""
