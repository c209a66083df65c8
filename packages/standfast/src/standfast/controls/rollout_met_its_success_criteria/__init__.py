"""Every step of the rollout met the success criteria."""
