"""The rollout ran with the limits of the standard."""
