"""What type checkers found in the code."""
