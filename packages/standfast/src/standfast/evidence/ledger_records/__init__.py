"""What the ledger holds about change sessions: events, approvals, and the evidence it keeps."""
