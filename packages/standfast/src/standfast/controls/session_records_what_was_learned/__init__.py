"""The session records the deployment, what monitoring confirmed and what was learned."""
