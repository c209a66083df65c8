"""What attacks on the running service found."""
