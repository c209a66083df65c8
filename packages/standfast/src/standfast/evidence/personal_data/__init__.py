"""Personal data in the project's schema, and its record of processing."""
