"""Each runbook leads from symptom to rollback."""
