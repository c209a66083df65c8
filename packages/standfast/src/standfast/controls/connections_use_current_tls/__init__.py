"""Every endpoint speaks only current TLS."""
