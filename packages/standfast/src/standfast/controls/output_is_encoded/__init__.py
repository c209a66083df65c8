"""Output is encoded."""
