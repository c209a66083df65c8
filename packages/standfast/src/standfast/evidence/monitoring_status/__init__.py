"""What the running monitoring says of itself."""
