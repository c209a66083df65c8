"""Tools that check types."""
