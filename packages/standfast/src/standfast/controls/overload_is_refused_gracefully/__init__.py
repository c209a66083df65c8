"""Overload is refused gracefully."""
