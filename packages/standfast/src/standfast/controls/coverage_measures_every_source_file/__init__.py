"""Coverage measures every source file."""
