"""What linters found in the code."""
