"""What the tests found."""
