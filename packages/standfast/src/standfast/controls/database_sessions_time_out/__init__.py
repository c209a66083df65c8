"""Database sessions time out."""
