"""Input outside the schema is refused."""
