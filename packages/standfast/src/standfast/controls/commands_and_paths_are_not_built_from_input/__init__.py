"""Commands, paths and objects are not built from input."""
