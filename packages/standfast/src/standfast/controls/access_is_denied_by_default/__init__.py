"""Nobody reaches what they have no right to."""
