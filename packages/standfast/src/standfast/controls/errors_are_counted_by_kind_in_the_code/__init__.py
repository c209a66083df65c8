"""The code counts errors by type and severity."""
