"""Every key is strong and was rotated within its period."""
