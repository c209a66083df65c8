"""Stored personal data is unreadable without the key."""
