"""CPU stays within its limit."""
