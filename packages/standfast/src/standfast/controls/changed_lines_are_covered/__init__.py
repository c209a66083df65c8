"""Changed lines are covered."""
