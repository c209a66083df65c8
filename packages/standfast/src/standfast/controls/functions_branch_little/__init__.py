"""Functions branch little."""
