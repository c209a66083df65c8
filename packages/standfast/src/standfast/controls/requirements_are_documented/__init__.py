"""Requirements are documented."""
