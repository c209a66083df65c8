"""Security analysis uses enough rules."""
