"""What happened in a rollout."""
