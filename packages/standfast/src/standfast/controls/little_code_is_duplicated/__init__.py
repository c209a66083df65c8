"""Little code is duplicated."""
