"""What measures it."""
