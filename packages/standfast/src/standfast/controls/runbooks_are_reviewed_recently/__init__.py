"""Each runbook was reviewed recently by another person."""
