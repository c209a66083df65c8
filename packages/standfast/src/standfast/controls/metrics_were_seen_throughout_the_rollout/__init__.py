"""Metrics were seen throughout the rollout."""
