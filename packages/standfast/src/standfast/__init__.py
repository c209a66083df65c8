"""Standfast makes a written production standard executable."""

__version__ = "0.1.0"
__all__ = ["__version__"]
