"""What runs in production, and who let it."""
