"""Type checking is strict."""
