"""How the code raises and handles errors."""
