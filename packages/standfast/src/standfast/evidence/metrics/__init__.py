"""The metrics that a service exposes."""
