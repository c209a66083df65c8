"""No severe weakness is open."""
