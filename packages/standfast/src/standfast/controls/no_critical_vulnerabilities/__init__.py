"""No known critical vulnerability is open."""
