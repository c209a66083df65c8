"""No type error is open."""
