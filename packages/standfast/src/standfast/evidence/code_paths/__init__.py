"""Which lines of the code handle errors."""
