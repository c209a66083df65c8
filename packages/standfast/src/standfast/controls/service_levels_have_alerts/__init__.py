"""Each service level has an alert, a receiver and a runbook."""
