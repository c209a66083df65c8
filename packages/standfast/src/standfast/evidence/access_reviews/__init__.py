"""Reviews of who has access to what."""
