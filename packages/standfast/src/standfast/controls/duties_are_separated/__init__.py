"""Nobody approves or deploys alone what they wrote."""
