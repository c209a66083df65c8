"""The signal to stop reaches the service."""
