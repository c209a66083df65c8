"""Each alert leads to a runbook that exists."""
