"""No card number is in a file."""
