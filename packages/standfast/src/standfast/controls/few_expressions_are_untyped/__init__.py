"""Few expressions are untyped."""
