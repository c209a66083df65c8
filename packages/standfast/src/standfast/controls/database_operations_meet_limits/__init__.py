"""Database operations meet their limits."""
