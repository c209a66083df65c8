"""API latency meets its limits under load."""
