"""The evidence of every verdict is preserved with its time."""
