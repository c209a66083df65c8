"""Business transactions are counted with their amounts."""
