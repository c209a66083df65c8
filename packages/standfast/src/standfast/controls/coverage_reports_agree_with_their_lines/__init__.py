"""Coverage reports agree with their own lines."""
