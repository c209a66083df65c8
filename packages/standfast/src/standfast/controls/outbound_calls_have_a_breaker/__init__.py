"""Outbound calls have a circuit breaker."""
