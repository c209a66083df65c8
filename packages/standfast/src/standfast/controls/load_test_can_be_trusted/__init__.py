"""The load test can be trusted."""
